"""What each column of a form can hold, apart from the identity document (`documents.py`).

Words that mean the same become one; a word that is not known is a problem and is never guessed.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from admin.sheets.reading import Reading
from scoring.ladder import NONE_SPELT, Level, parse_level
from scoring.verdict import Problems

SEXES = {"男": "male", "女": "female", "male": "male", "female": "female", "m": "male", "f": "female"}
IDENTITIES: Mapping[str, str] = {
    **dict.fromkeys(("职工", "企业职工", "在职职工", "工人", "企业", "worker"), "worker"),
    **dict.fromkeys(("教师", "老师", "院校教师", "teacher"), "teacher"),
    **dict.fromkeys(("学生", "在校生", "在校学生", "院校学生", "student"), "student"),
    **dict.fromkeys(("其他", "其它", "社会", "社会人员", "机关", "军队", "other"), "other"),
}
"""职工, 教师, 学生 decide titles and promotions; 考生来源 of the provincial form maps onto the same four."""
PEOPLES = frozenset(
    (
        "汉",
        "蒙古",
        "回",
        "藏",
        "维吾尔",
        "苗",
        "彝",
        "壮",
        "布依",
        "朝鲜",
        "满",
        "侗",
        "瑶",
        "白",
        "土家",
        "哈尼",
        "哈萨克",
        "傣",
        "黎",
        "傈僳",
        "佤",
        "畲",
        "高山",
        "拉祜",
        "水",
        "东乡",
        "纳西",
        "景颇",
        "柯尔克孜",
        "土",
        "达斡尔",
        "仫佬",
        "羌",
        "布朗",
        "撒拉",
        "毛南",
        "仡佬",
        "锡伯",
        "阿昌",
        "普米",
        "塔吉克",
        "怒",
        "乌孜别克",
        "俄罗斯",
        "鄂温克",
        "德昂",
        "保安",
        "裕固",
        "京",
        "塔塔尔",
        "独龙",
        "鄂伦春",
        "赫哲",
        "门巴",
        "珞巴",
        "基诺",
    )
)
"""The 56 ethnic groups, GB/T 3304, without 族."""
OTHER_PEOPLE = frozenset({"其他", "外籍", "外国", "外国人", "穿青人", *NONE_SPELT})
PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|\+\d{7,15}")
OCCUPATION_CODE = re.compile(r"[1-8]-\d{2}-\d{2}-\d{2}")
"""d-dd-dd-dd in all editions of the classification, 1999, 2015 and 2022."""


def sex_of(reading: Reading) -> str:
    """“male” or “female”; nothing when the cell says neither."""
    return one_of(reading, "sex", SEXES, "sex-unknown")


def identity_of(reading: Reading) -> str:
    """“worker”, “teacher”, “student” or “other”; a form without the column makes everybody “other”."""
    return one_of(reading, "identity", IDENTITIES, "identity-unknown") or "other"


def one_of(reading: Reading, name: str, known: Mapping[str, str], code: str) -> str:
    """What a cell means among known words; another word is a problem."""
    text = reading.text(name)
    meaning = known.get(text.casefold(), "")
    if text and not meaning:
        reading.wrong(name, code, value=text)
    return meaning


def ethnicity_of(reading: Reading) -> str:
    """The ethnic group as documents print it, with 族; 汉 becomes 汉族."""
    text = reading.text("ethnicity")
    if not text or text in OTHER_PEOPLE or (text.endswith("族") and text[:-1] in PEOPLES):
        return text
    if text in PEOPLES:
        reading.written("ethnicity", f"{text}族", "mended.ethnicity")
        return f"{text}族"
    reading.wrong("ethnicity", "ethnicity-unknown", value=text)
    return text


def level_of(reading: Reading) -> Level | None:
    """The level that the competitor holds; None when the form says that there is none, or says something unknown."""
    text = reading.text("level_text")
    known, level = spelt(text)
    if not known:
        reading.wrong("level_text", "level-unknown", value=text)
    elif level and level.printed != text:
        reading.written("level_text", level.printed, "mended.level")
    return level


@lru_cache(maxsize=1024)
def spelt(text: str) -> tuple[bool, Level | None]:
    """Whether this is a way to write a level (or its absence), and the level."""
    try:
        return True, parse_level(text)
    except Problems:
        return False, None


def certificate_of(reading: Reading) -> str:
    """The number of the level certificate; nothing for “--”. A certificate without its level cannot be right."""
    number = reading.text("level_certificate")
    if number.casefold() in NONE_SPELT:
        return ""
    cell = reading.cells.get("level_text")
    if cell and not cell.wrong and cell.text.casefold() in NONE_SPELT:
        reading.wrong("level_text", "level-missing")
    return number


def phone_of(reading: Reading) -> str:
    """A mobile number of the mainland, a landline with its area code, or a foreign number that begins with +."""
    text = reading.text("phone")
    if text and not PHONE.fullmatch(text):
        reading.wrong("phone", "phone-form", value=text)
    return text


def occupation_code_of(reading: Reading) -> str:
    """The code of the occupation. Whether it exists, and in which edition, the competition knows."""
    text = reading.text("occupation_code")
    if text in NONE_SPELT:
        return ""
    if not OCCUPATION_CODE.fullmatch(text):
        reading.wrong("occupation_code", "occupation-code-form", value=text)
    return text
