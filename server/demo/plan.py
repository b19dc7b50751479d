"""What the demonstration holds: the competition, its eight events, and the people who work in it. All names are invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

INPUTS = Path(__file__).resolve().parents[2] / "tests" / "inputs"
SCHEME = "marking-scheme-welding.xlsx"

COMPETITION: dict[str, Any] = {
    "series": "河北省职业技能大赛（示例）",
    "series_en": "Hebei Vocational Skills Competition (example)",
    "name": "河北省职业技能大赛（示例）",
    "name_en": "Hebei Vocational Skills Competition (example)",
    "slug": "hebei-example",
    "tier": "provincial",
    "rank": "1",
    "document": "",
    "province": "13",
    "venue": "石家庄",
    "venue_en": "Shijiazhuang",
    "starts": "2026-10-16",
    "ends": "2026-10-18",
    "notice_days": 0,
    "organisations": [
        {
            "name": "河北省职业技能大赛示例组委会",
            "name_en": "Organising Committee of the Hebei Skills Competition (sample)",
            "seal": "样例专用章",
        }
    ],
}


def _event(
    code: str, name: str, name_en: str, category: tuple[str, str], occupation: tuple[str, str], **more: Any
) -> dict[str, Any]:
    named, number = occupation
    shared = {"division": "职工组", "judges": 5, "stations": 10, "team_size": 1, "policy": "hebei-skills-2025"}
    return {
        "code": code,
        "name": name,
        "name_en": name_en,
        "category": category[0],
        "category_en": category[1],
        "occupation": named,
        "occupation_code": number,
        **shared,
        **more,
    }


MAKING = ("制造与工程", "Manufacturing and engineering")
BUILDING = ("建筑工程", "Construction and building")
DIGITAL = ("信息技术", "Information technology")
SERVICE = ("社会服务", "Social and personal services")
EVENTS = [
    _event("M01", "焊接技术", "Welding", MAKING, ("焊工", "6-18-02-04"), judges=3),
    _event("M02", "电工", "Electrical Installation", MAKING, ("电工", "6-31-01-03")),
    _event("M03", "数控铣", "CNC Milling", MAKING, ("铣工", "6-18-01-02")),
    _event("M04", "工业4.0", "Industry 4.0", MAKING, ("工业互联网工程技术人员", "2-02-38-06"), team_size=2),
    _event("C01", "混凝土建筑", "Concrete Construction Work", BUILDING, ("混凝土工", "6-29-01-03"), team_size=2),
    _event("T01", "网站设计与开发", "Web Technologies", DIGITAL, ("计算机程序设计员", "4-04-05-01"), division="学生组"),
    _event("S01", "茶艺", "Tea Art", SERVICE, ("茶艺师", "4-03-02-07")),
    _event("S02", "家庭照护", "Health and Social Care", SERVICE, ("养老护理员", "4-10-01-05")),
]
WITH_WORKBOOK = "M01"

FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = ("明远", "思齐", "文博", "若水", "立群", "景行", "亦凡", "清扬", "知行", "怀瑾", "允之", "望舒")


def staff_name(number: int) -> str:
    """An invented name for the n-th judge or supervisor."""
    return FAMILY[number % len(FAMILY)] + GIVEN[(number // 3) % len(GIVEN)]


def workbooks() -> list[Path]:
    """The seven clean registration workbooks, in the order of their names."""
    return sorted(path for path in INPUTS.glob("报名表-*.xlsx") if not path.stem.endswith("-有错"))
