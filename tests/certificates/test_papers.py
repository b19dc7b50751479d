"""Papers of registration: everybody on the list stands on the paper once, and the code on each of its pages."""

import io
import re

import pypdfium2
import pytest

from certificates.papers import attendance, confirmation
from certificates.sheets import marking

CODE = "9F3A-07C2-11DE"
FACTS = [("entries", "60"), ("people", "60")]
LINES = [
    {
        "number": f"M01-{place:03}",
        "name": f"选手{place:03}",
        "document": "130*************58",
        "event": "焊接技术 · 职工组",
        "delegation": "唐山市",
        "unit": "河钢集团唐钢公司",
        "level": "二级/技师",
    }
    for place in range(1, 61)
]


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]


@pytest.mark.parametrize(
    ("lang", "title", "word"),
    [("zh", "报名确认表", "真实、完整"), ("en", "Confirmation of entries", "true and complete")],
)
def test_the_confirmation_names_everybody_and_bears_its_code(lang: str, title: str, word: str) -> None:
    """A list of several pages keeps its head and its code on each of them; what is signed stands once, at the end."""
    found = pages(confirmation("河北省职业技能大赛", "唐山市", FACTS, LINES, CODE, lang))
    assert len(found) > 2 and all(CODE in page for page in found)
    text = "".join(found)
    assert [line["name"] for line in LINES if text.count(line["name"]) != 1] == []
    assert title in found[0] and text.count(word) == 1 and word in found[-1]


def test_a_sheet_has_room_to_sign_and_no_level() -> None:
    """Each page says where to sign; what the door does not need to know is not on it."""
    found = pages(attendance("河北省职业技能大赛", "焊接技术 · M01", FACTS, LINES))
    assert all("本人签名" in page for page in found) and "技师" not in "".join(found)


def test_what_cannot_be_printed_is_named_and_markup_stays_text() -> None:
    """No box instead of a letter, and no bold because a name says so."""
    with pytest.raises(ValueError, match="\U0001f3c6"):
        confirmation("大赛\U0001f3c6", "x", FACTS, LINES, CODE)
    assert "<b>唐山</b>" in "".join(pages(attendance("大赛", "<b>唐山</b>", FACTS, LINES[:1])))


def test_the_pages_of_a_marking_sheet_are_counted_for_themselves() -> None:
    """Who is handed one sheet out of a pile sees whether all its pages are there: each says its place in that sheet and its code."""
    aspects = [
        {"id": f"A1.{n:02}", "name": f"尺寸 {n}", "asks": ["±0.5"], "maximum": 250, "steps": [], "round": 1}
        for n in range(1, 31)
    ]
    told = [
        {
            "entry": "W-01",
            "label": label,
            "name": "欧阳建国",
            "code": f"M01/W-01/{label}",
            "signers": [label],
            "groups": [{"name": "A1", "aspects": aspects[:some]}],
        }
        for label, some in (("J1", 30), ("J2", 3), ("J3", 30))
    ]
    found = pages(marking("技能大赛", "焊接技术 · M01", told))
    assert [re.findall(r"(\d) / (\d)", page) for page in found] == [
        [("1", "2")], [("2", "2")], [("1", "1")], [("1", "2")], [("2", "2")]
    ]  # fmt: skip
    assert [re.findall(r"J\d", page.replace("裁判 J", ""))[-1] for page in found] == ["J1", "J1", "J2", "J3", "J3"]
