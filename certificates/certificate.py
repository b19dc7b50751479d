"""What a certificate says: a frozen value of strings, a date and the bytes of a photo.

Decided here: the fields, and their form as JSON. The format only grows at its end, because issued certificates are
kept as this JSON and printed again years later. Nothing here knows how a certificate looks.
"""

import base64
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

Language = Literal["zh", "en", "both"]
Kind = Literal["award", "level", "title", "ability", "participation", "judge", "organiser"]
# What 职业技能等级证书 may not be without, beside name and number (人社鉴发〔2021〕1号 二（一）).
NEEDED_FOR_A_LEVEL = ("id_type", "id_number", "occupation", "level")


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who signs: the name is printed and runs around the seal, `seal_line2` stands under its star.

    Where there is one, a certificate that is in English alone prints `name_en` instead, and one in both languages under it; the seal
    stays as it is cut.
    """

    name: str
    seal_line2: str = "竞赛专用章"
    name_en: str = ""

    def called(self, language: Language) -> str:
        """The name as it is printed; “|” in it says where it may be broken."""
        return (self.name_en if language == "en" else "") or self.name

    def as_data(self) -> dict[str, str]:
        """As JSON types; without an English name there is none."""
        said = {"name": self.name, "seal_line2": self.seal_line2}
        return {**said, "name_en": self.name_en} if self.name_en else said


@dataclass(frozen=True, slots=True)
class Certificate:
    """One person's certificate, or one team's: `name` is then the team's, and `members` says who is in it.

    An empty string means that the certificate does not say it.
    """

    number: str
    title: str
    name: str
    competition: str
    event: str
    organisations: tuple[Organisation, ...]
    date: datetime.date
    verify_url: str
    kind: Kind = "award"
    language: Language = "zh"
    name_en: str = ""
    year: str = ""  # printed before the competition unless its name says the year itself
    score: str = ""
    rank: str = ""
    award: str = ""
    medal: str = ""
    promotion: str = ""  # a whole sentence
    photo: bytes | None = None  # JPEG or PNG, 25 × 35 mm
    title_en: str = ""
    competition_en: str = ""
    event_en: str = ""
    award_en: str = ""
    promotion_en: str = ""
    team: str = ""  # of a member who gets a certificate alone
    team_en: str = ""
    members: str = ""  # 张三、李四 on a certificate for the whole team
    role: str = ""  # of a judge or an organiser
    role_en: str = ""
    honour: str = ""  # 河北省技术能手
    honour_en: str = ""
    skill: str = ""  # 专项职业能力
    skill_en: str = ""
    id_type: str = ""
    id_type_en: str = ""
    id_number: str = ""
    occupation: str = ""
    occupation_en: str = ""
    work_type: str = ""  # 工种/职业方向
    work_type_en: str = ""
    level: str = ""  # 三级/高级工
    level_en: str = ""
    specimen: bool = False  # says across the page that it proves nothing, where the design has room for it
    code: str = ""  # digits that the QR code says behind the address: see certificates.codes

    def __post_init__(self) -> None:
        if self.language not in get_args(Language):
            raise ValueError(f"language is zh, en or both, not {self.language!r}")
        if self.kind not in get_args(Kind):
            raise ValueError(f"no kind of certificate is called {self.kind!r}")
        if self.kind == "level" and (empty := [name for name in NEEDED_FOR_A_LEVEL if not getattr(self, name)]):
            raise ValueError(f"a certificate of a skill level needs {', '.join(empty)}")
        if not 1 <= len(self.organisations) <= 4:
            raise ValueError(f"one to four organisations sign a certificate, not {len(self.organisations)}")

    def as_data(self) -> dict[str, Any]:
        """The certificate as JSON types; fields that say nothing are left out."""
        data = {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}
        data["date"] = self.date.isoformat()
        data["organisations"] = [one.as_data() for one in self.organisations]
        if self.photo:
            data["photo"] = base64.b64encode(self.photo).decode("ascii")
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Certificate":
        """The value back from its JSON. Unknown keys raise ValueError, so that a misspelt field is never lost."""
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(data) - known):
            raise ValueError(f"a certificate has no field {', '.join(unknown)}")
        given: dict[str, Any] = {"title": "", "event": "", **data}  # which a kind may do without
        try:
            given["date"] = datetime.date.fromisoformat(given["date"])
            given["organisations"] = tuple(Organisation(**one) for one in given["organisations"])
            if given.get("photo"):
                given["photo"] = base64.b64decode(given["photo"], validate=True)
            return cls(**given)
        except (KeyError, TypeError) as error:
            raise ValueError(f"a certificate is incomplete: {error}") from error
