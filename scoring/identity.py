"""Whether the number of an identity document can be real, and what it tells about its holder.

A *kind* is the kind of document (居民身份证, 护照 …); forms name kinds in many ways and `kind_of` knows them.
Only the form of a number is decided here. Whether the document exists, and whose it is, only its issuer knows. Of the
region in a resident number only the province is checked: counties come and go, and old numbers keep the old county.
"""

import datetime
import re
import unicodedata

from scoring.verdict import No, Verdict, Words, Yes

RESIDENT = "resident-id"
KINDS = {
    RESIDENT: Words("居民身份证", "Resident identity card"),
    "hmt-permit": Words("港澳台居民居住证", "Residence permit for Hong Kong, Macao and Taiwan residents"),
    "hmt-travel": Words("港澳居民来往内地通行证", "Mainland travel permit for Hong Kong and Macao residents"),
    "tw-travel": Words("台湾居民来往大陆通行证", "Mainland travel permit for Taiwan residents"),
    "passport": Words("护照", "Passport"),
    "foreigner-permit": Words("外国人永久居留身份证", "Foreign permanent resident identity card"),
}
ALSO_CALLED = {
    "身份证": RESIDENT,
    "二代身份证": RESIDENT,
    "中华人民共和国居民身份证": RESIDENT,
    "居住证": "hmt-permit",
    "港澳台居住证": "hmt-permit",
    "港澳居民居住证": "hmt-permit",
    "台湾居民居住证": "hmt-permit",
    "港澳通行证": "hmt-travel",
    "港澳居民通行证": "hmt-travel",
    "回乡证": "hmt-travel",
    "台湾通行证": "tw-travel",
    "台湾居民通行证": "tw-travel",
    "台胞证": "tw-travel",
    "中国护照": "passport",
    "外国护照": "passport",
    "外国人永久居留证": "foreigner-permit",
    "永久居留身份证": "foreigner-permit",
}

PROVINCES = frozenset(
    str(code)
    for block in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71))
    for code in range(block[0], block[1] + 1)
)
"""First two digits by GB/T 2260."""
PERMIT_REGIONS = ("810000", "820000", "830000")
"""How the numbers on residence permits of people from Hong Kong, Macao and Taiwan begin (国办发〔2018〕81号)."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
EIGHTEEN = re.compile(r"\d{17}[\dX]", re.ASCII)
READING_AIDS = "-\u00ad\u200b\ufeff"
"""Hyphens and the invisible signs that spreadsheets leave behind."""
EARLIEST = datetime.date(1880, 1, 1)

LOOSE = {
    "hmt-travel": r"[HM](\d{8}|\d{10})",
    "tw-travel": r"\d{8}|\d{10}",
    "passport": r"(?=.*\d)[A-Z0-9]{5,17}",
    "foreigner-permit": r"9\d{16}[\dX]|[A-Z]{3}\d{12}",
}


def normalise(number: str) -> str:
    """ASCII, upper case and without the spaces and hyphens that people type for reading."""
    if number.isascii() and number.isalnum():  # as nearly every number is
        return number.upper()
    plain = unicodedata.normalize("NFKC", number).upper()
    return "".join(sign for sign in plain if not sign.isspace() and sign not in READING_AIDS)


def kind_of(text: str) -> str | None:
    """The kind that a form means; None for a name that is not known."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    printed = {words.zh: kind for kind, words in KINDS.items()}
    return plain if plain in KINDS else printed.get(plain) or ALSO_CALLED.get(plain)


def identify(kind: str, number: str) -> Verdict:
    """Whether `number` can be the number of a document of this kind."""
    plain = normalise(number)
    if kind not in KINDS:
        return No("identity.kind", Words(f"不认识的证件类型：{kind}", f"unknown kind of document: {kind}"))
    if kind in LOOSE:
        return Yes("identity.form") if re.fullmatch(LOOSE[kind], plain, re.ASCII) else _no_form(kind)
    return _resident(kind, plain)


def birth_date(number: str) -> datetime.date | None:
    """The birth date inside an 18-digit resident or permit number; None when there is none or it is no date."""
    plain = normalise(number)
    if not EIGHTEEN.fullmatch(plain):
        return None
    try:
        return datetime.date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str | None:
    """“male” or “female” by the parity of the sequence in an 18-digit number; None for other numbers."""
    plain = normalise(number)
    if not EIGHTEEN.fullmatch(plain):
        return None
    return "male" if int(plain[16]) % 2 else "female"


def check_digit(number: str) -> str:
    """The eighteenth sign that GB 11643 demands after these seventeen digits."""
    return CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number[:17], strict=True)) % 11]


def _resident(kind: str, plain: str) -> Verdict:
    """GB 11643: six digits of region, eight of birth date, three of sequence (odd: male), one check sign."""
    if not EIGHTEEN.fullmatch(plain):
        return _no_form(kind)
    known = plain[:6] in PERMIT_REGIONS if kind == "hmt-permit" else plain[:2] in PROVINCES
    if not known:
        return No(
            "identity.region", Words(f"号码开头 {plain[:2]} 与证件类型不符", f"{plain[:2]} begins no such number")
        )
    born = birth_date(plain)
    if born is None or born < EARLIEST:
        return No("identity.birth-date", Words("号码中的出生日期不存在", "the birth date in the number does not exist"))
    if check_digit(plain) != plain[17]:
        return No(
            "identity.check-digit", Words("校验位不对，有一位写错了", "the check digit is wrong: a digit is mistyped")
        )
    return Yes("identity.gb-11643")


def _no_form(kind: str) -> No:
    name = KINDS[kind]
    return No("identity.form", Words(f"号码不是{name.zh}的格式", f"the number has not the form of a {name.en}"))
