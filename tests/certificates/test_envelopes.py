"""Envelopes of a draw: one for each pair, with nothing on the paper or in the file that leads to another layer."""

import io

import pypdfium2
import pytest

from certificates.envelopes import printed

HEADING = ["河北省职业技能大赛", "焊接技术 · M01"]


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def test_each_pair_has_an_envelope_of_its_own() -> None:
    """Two on a sheet: what stands outside and what stands inside, each once."""
    pairs = [(f"1-{n:02}", f"W-{n + 40}") for n in range(1, 6)]
    found = pages(printed(HEADING, "加密号", pairs))
    assert len(found) == 3
    text = "".join(found)
    for outside, inside in pairs:
        assert text.count(outside) == text.count(inside) == 1
    assert text.count("焊接技术") == 5


def test_the_file_says_nothing_but_what_it_is() -> None:
    """The title is the same for every layer and every event, and the language is the reader's."""
    for lang, title in (("zh", "抽签信封"), ("en", "Envelopes of a draw")):
        document = pypdfium2.PdfDocument(io.BytesIO(printed(HEADING, "x", [("1", "2")], lang)))
        told = document.get_metadata_dict()
        assert told["Title"] == title and not any(told[name] for name in ("Author", "Subject", "Keywords"))


def test_a_character_that_no_face_draws_is_refused() -> None:
    """Nothing is printed with a box in it: the characters are named."""
    with pytest.raises(ValueError, match="\U0001f3c6"):
        printed(["大赛\U0001f3c6"], "x", [("1", "2")])


def test_a_name_stays_text() -> None:
    """What looks like markup is printed as it is written."""
    assert "<b>大赛</b>" in pages(printed(["<b>大赛</b>"], "x", [("1", "2")]))[0]
