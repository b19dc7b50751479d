"""People who do not exist, with what real ones are awkward by: each of them has broken a template somewhere."""

import datetime
import functools
import io
from dataclasses import replace

from PIL import Image, ImageDraw

from certificates.certificate import Certificate, Organisation

CODE = "https://verify.example/v/0000000000000000"
PLAIN = Certificate(
    number="PD2026-000137",
    title="",
    name="王㛃",
    name_en="Wang Jie",
    competition="第三届“匠心杯”职业技能竞赛",
    competition_en="Third Craftsman Cup",
    event="焊接技术",
    event_en="Welding",
    year="2026",
    score="93.47",
    rank="1",
    award="一等奖",
    award_en="First Prize",
    medal="金牌",
    organisations=(Organisation("职业技能竞赛组织委员会"),),
    date=datetime.date(2026, 10, 18),
    verify_url=CODE,
)
LONGEST = "阿卜杜热西提·阿卜杜热合曼·买买提艾力江·吐尔逊江·艾合买提"
LEVEL = {
    "kind": "level",
    "id_type": "居民身份证",
    "id_number": "130102199001010021",
    "occupation": "焊工",
    "occupation_en": "Welder",
    "work_type": "手工电弧焊工",
    "level": "三级/高级工",
    "level_en": "Level 3 / Advanced",
}


@functools.cache
def photo() -> bytes:
    """A photo of nobody."""
    picture = Image.new("RGB", (295, 413), "#eef1f2")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((95, 80, 200, 215), fill="#c6a58d")
    draw.rectangle((40, 260, 255, 413), fill="#334a6e")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def samples(*, form: bool) -> dict[str, Certificate]:
    """By what is awkward in them; `form` asks for those of a skill level."""
    three = (*PLAIN.organisations, Organisation("高技能人才|公共实训中心", ""), Organisation("技师学院", ""))
    found = {
        "short": replace(PLAIN, photo=photo()),
        "long": replace(PLAIN, name=LONGEST, organisations=three, photo=photo(), promotion="晋升为二级/技师。"),
        "rare": replace(PLAIN, name="龑䶮𬀩", photo=photo()),
        "english": replace(
            PLAIN,
            language="en",
            name_en="Abdurishit Abdurahman Memet’elijan Tursun",
            event_en="Industrial Robot Systems Integration, Commissioning and Maintenance for Flexible Manufacturing",
            photo=photo(),
        ),
        "bare": replace(PLAIN, language="both", rank="", award="", award_en="", medal="", score=""),
    }
    return {name: replace(one, **LEVEL) if form else one for name, one in found.items()}  # type: ignore[arg-type]  # LEVEL's values are of the fields' types
