"""What a certificate says, in a word or in a few lines, for pages: what it distinguishes somebody by, and its fields; and what
everybody may read of why it is out of force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.verdict import Words

MEDALS = {"gold medal": "gold", "silver medal": "silver", "bronze medal": "bronze"}
ICONS = {
    "level": "stairs-up",
    "ability": "wand",
    "participation": "circle-check",
    "judge": "scale",
    "organiser": "users",
}
"""What stands beside a certificate that is no medal; the others have a rosette."""
GROUNDS = {
    "error": Words("误发，或所载内容有误", "It was issued by mistake, or says something wrong"),
    "result": Words("成绩经复核或申诉后有变", "The result was changed by a review or an appeal"),
    "withdrawn": Words("发证机构已撤回", "The issuer has withdrawn it"),
    "superseded": Words("已由更正后的证书代替", "A corrected certificate stands in its place"),
}
"""Why a certificate is out of force, for everybody. What was done by whom, and how a ruling reasons, is the business of the office and
of those concerned: whoever is shown a certificate needs to know that it does not hold, and whether its holder has another one."""
CHOSEN = ("error", "result", "withdrawn")
"""Those that a supervisor chooses from; the last one follows from a correction."""
DISTINCTIONS = ("award", "honour", "level", "skill", "role")
ROWS = (
    ("event", Words("赛项", "Event")),
    ("award", Words("奖项", "Award")),
    ("honour", Words("称号", "Title")),
    ("occupation", Words("职业", "Occupation")),
    ("work_type", Words("工种", "Work type")),
    ("level", Words("技能等级", "Skill level")),
    ("skill", Words("专项能力", "Special ability")),
    ("role", Words("职务", "Role")),
    ("rank", Words("名次", "Rank")),
    ("score", Words("总分", "Total")),
    ("team", Words("所在队", "Team")),
    ("members", Words("队员", "Members")),
    ("competition", Words("竞赛", "Competition")),
)


def said(paper: Mapping[str, Any], field: str, lang: str) -> str:
    """A field in the page's language; the Chinese where there is no English."""
    return str((paper.get(f"{field}_en", "") if lang == "en" else "") or paper.get(field, ""))


def distinction(paper: Mapping[str, Any], lang: str) -> str:
    """Award, title, level, ability or role; where there is none of these, what the certificate is called."""
    return next((text for name in DISTINCTIONS if (text := said(paper, name, lang))), said(paper, "title", lang))


def sign(paper: Mapping[str, Any]) -> dict[str, str]:
    """What stands beside a certificate: a medal by its id, or an icon."""
    kind = paper.get("kind", "award")
    medal = MEDALS.get(str(paper.get("award_en", "")).lower(), "")
    return {"id": medal or ("excellence" if kind == "award" else ""), "icon": ICONS.get(kind, "award")}


def rows(paper: Mapping[str, Any], lang: str) -> list[tuple[Words, str]]:
    """Label and value of everything that a page shows of a certificate beside the name. A form's document is never shown."""
    return [(label, text) for field, label in ROWS if (text := said(paper, field, lang))]
