"""What an organiser says about a competition and its events, and what each of the words may be.

A *fact* is one column of a form. An *edit* is all facts as they shall be from now on, with the version that its maker
saw: whoever edits what has changed meanwhile is told, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec

from scoring.verdict import Words

ROLES = {
    "guide": Words("指导", "Guided by"),
    "host": Words("主办", "Hosted by"),
    "organiser": Words("承办", "Organised by"),
    "co-organiser": Words("协办", "Co-organised by"),
    "supporter": Words("支持", "Supported by"),
}
"""In the order in which a document names them. Hosts sign certificates."""
TIERS = {
    "international": Words("国际", "International"),
    "national": Words("国家级", "National"),
    "provincial": Words("省级", "Provincial"),
    "city-comprehensive": Words("市级综合性", "City, comprehensive"),
    "city": Words("市级", "City"),
    "district": Words("区县级", "District"),
    "industry": Words("行业", "Industry"),
    "enterprise": Words("企业", "Enterprise"),
    "school": Words("院校", "School"),
}
STEPS = {
    "delegation": Words("代表队（本单位）", "Delegation (own unit)"),
    "organiser": Words("主办方", "Organiser"),
    "committee": Words("组委会办公室", "Committee office"),
}
"""Who looks at an entry before it stands."""
EDITIONS = (2022, 2015, 1999)
"""Of the classification of occupations."""

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Step = Literal["delegation", "organiser", "committee"]


class Organisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who organises, and how: the name, the second line of its seal, its role, and what it is called in English."""

    name: str
    seal: str = "竞赛专用章"
    role: Literal["guide", "host", "organiser", "co-organiser", "supporter"] = "host"
    name_en: str = ""


class CompetitionFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be said and mended of an edition."""

    name: str
    name_en: str
    tier: str
    rank: str
    document: str
    province: str
    venue: str
    venue_en: str
    starts: date
    ends: date
    organisations: list[Organisation]
    notice_days: Annotated[int, msgspec.Meta(ge=0, le=365)] = 5
    design: str = "classical"
    regions: list[str] = []
    registration_opens: Moment | None = None
    registration_closes: Moment | None = None
    time_zone: str = "Asia/Shanghai"
    review_steps: list[Step] = msgspec.field(default_factory=lambda: ["organiser"])


class NewCompetition(CompetitionFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an organiser says about a new edition."""

    series: str
    series_en: str
    slug: str


class CompetitionEdit(CompetitionFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All facts of an edition as they shall be, and the version that they were changed from."""

    version: int


class NewEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an organiser says about a new event; `policy` and the scheme may come later."""

    code: str
    name: str
    name_en: str
    category: str
    division: str
    occupation: str
    occupation_code: str
    policy: str = ""
    occupation_edition: int = 2022
    standard_level: str = ""
    category_en: str = ""
    team_size: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    stations: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 10
    judges: Annotated[int, msgspec.Meta(ge=1, le=100)] = 5
    work_type: str = ""
    shifts: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    capacity: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0


class EventEdit(NewEvent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All facts of an event as they shall be, and the version that they were changed from."""

    version: int


def columns(facts: msgspec.Struct) -> dict[str, Any]:
    """The facts as the table keeps them: lists as JSON, days and moments as they are; the version is none of them."""
    given = {name: getattr(facts, name) for name in facts.__struct_fields__ if name != "version"}
    return {
        name: msgspec.to_builtins(value) if isinstance(value, list) else value for name, value in sorted(given.items())
    }


def with_roles(organisations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The organisations of a row that may be older than roles and English names: who had no role was a host."""
    return [{"role": "host", "name_en": "", **one} for one in organisations]


def hosts(competition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who signs the certificates of a competition, the leading one first."""
    return [one for one in with_roles(competition["organisations"]) if one["role"] == "host"]


NAMES = {
    "name": Words("名称", "Name"),
    "name_en": Words("英文名称", "English name"),
    "tier": Words("级别", "Tier"),
    "rank": Words("类别", "Class"),
    "document": Words("文号", "Document number"),
    "province": Words("省份代码", "Province code"),
    "venue": Words("地点", "Venue"),
    "venue_en": Words("地点（英文）", "Venue in English"),
    "starts": Words("开始日期", "First day"),
    "ends": Words("结束日期", "Last day"),
    "organisations": Words("主办承办单位", "Organisations"),
    "notice_days": Words("公示工作日", "Working days of notice"),
    "design": Words("证书版式", "Certificate design"),
    "regions": Words("参赛地区", "Regions"),
    "registration_opens": Words("报名开始", "Registration opens"),
    "registration_closes": Words("报名截止", "Registration closes"),
    "time_zone": Words("时区", "Time zone"),
    "review_steps": Words("审核步骤", "Steps of review"),
    "code": Words("编号", "Code"),
    "category": Words("类", "Category"),
    "category_en": Words("类（英文）", "Category in English"),
    "division": Words("组别", "Group"),
    "occupation": Words("职业", "Occupation"),
    "occupation_code": Words("职业编码", "Occupation code"),
    "occupation_edition": Words("大典版本", "Edition of the classification"),
    "work_type": Words("工种", "Work type"),
    "standard_level": Words("命题等级", "Level of the standard"),
    "policy": Words("规则", "Policy"),
    "team_size": Words("每队人数", "Team size"),
    "stations": Words("赛位", "Stations"),
    "shifts": Words("场次", "Shifts"),
    "capacity": Words("容量", "Capacity"),
    "judges": Words("裁判人数", "Judges"),
}
"""What each fact is called."""
