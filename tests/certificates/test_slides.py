"""The ceremony's pages: a name is never drawn over another."""

from __future__ import annotations

import pypdfium2

from certificates.slide import Card, Slide
from certificates.slides import pages

BELOW_TOP = (14 + 24) * 72 / 25.4
"""How high the panel of who was called before reaches, in points from the foot of the page."""
TEAMS = (
    ("戴新春", "阿依古丽·买买提"),
    ("欧阳静怡", "司马相如", "阿卜杜热合曼·吐尔逊"),
    ("阿卜杜热西提·阿卜杜热合曼", "古丽娜尔·买买提", "王伟", "克孜勒苏·柯尔克孜"),
)


def test_the_name_of_a_long_team_stays_above_who_was_called_before() -> None:
    """Whoever is called last has two names below their own: neither their name nor where they come from reaches into those."""
    before = (Card("silver", "银牌", "王子轩，孙然曦", "石家庄市", "93.07"),) * 2
    slides = [
        Slide(
            "winner",
            "混凝土建筑",
            "gold",
            "金牌",
            (Card("gold", "金牌", "，".join(team), "秦皇岛市", "95.21"),),
            before,
        )
        for team in TEAMS
    ]
    with pypdfium2.PdfDocument(pages("技能大赛", slides)) as made:
        assert len(made) == len(TEAMS)
        for page, team in zip(made, TEAMS, strict=True):
            text = page.get_textpage()
            for words in (*team, "秦皇岛市"):
                found = text.search(words[-2:]).get_next()
                assert found is not None, words
                assert text.get_charbox(found[0])[1] > BELOW_TOP, words
