"""The sentence behind a rule that a story's line names: what was applied, as somebody can read it, instead of an id.

A rule of the policy is said in the policy's own sentences (`scoring.sentences`); what every competition does alike,
because a marking scheme is made that way, is said here.
"""

from scoring.policy import Policy
from scoring.sentences import sentences
from scoring.verdict import Words

SCHEME = {
    "scheme.criterion": Words(
        "评分标准的得分是其各评分项之和；扣分后最少为零。",
        "A criterion is worth the sum of its aspects; penalties take it to zero at the lowest.",
    ),
    "aggregation.void": Words("作废的模块对任何人都不计分。", "A module that is void counts for nobody."),
}
"""What follows from the marking scheme, whatever the policy says."""
KEYS = {
    "aggregation.weighted": ("aggregation", "modules"),
    "aggregation.sum": ("aggregation", "modules"),
    "aggregation.time": ("aggregation", "time"),
    "standing.unranked": ("standing", "unranked"),
    "standing.tie": ("standing", "by"),
    "awards.ineligible": ("awards", "ineligible"),
    "field.too-small": ("field", "clause"),
    "marking.spread": ("marking", "spread"),
    "promotion.per-year": ("promotion", "per_year"),
}
WHOLE = {"awards.none": ("awards", "prize."), "promotion.no-rule": ("promotion", "rule.")}
"""Who gets nothing is told by everything that there was to get."""
NOTHING = {
    "awards.none": Words("规则没有设奖项。", "The policy names no awards."),
    "promotion.no-rule": Words("规则没有规定晋升。", "The policy names no promotion."),
}
TABLES = {"awards": "prize.", "promotion": "rule.", "titles": ""}


def sentence_of(policy: Policy, rule: str) -> Words | None:
    """What a rule says, by the id that a line of a story names; None for one that neither policy nor scheme knows."""
    if rule in SCHEME:
        return SCHEME[rule]
    said = sentences(policy)
    if rule in WHOLE:
        table, rows = WHOLE[rule]
        every = [one.words for one in said if one.section == table and one.says.startswith(rows)]
        return Words("".join(one.zh for one in every), " ".join(one.en for one in every)) if every else NOTHING[rule]
    place = KEYS.get(rule) or _place(policy, rule)
    return next((one.words for one in said if (one.section, one.says) == place), None)


def _place(policy: Policy, rule: str) -> tuple[str, str]:
    """The table and the key of it that a rule's id stands for."""
    table, _, rest = rule.partition(".")
    if table == "aggregation":
        return table, "team" if rest.startswith("team") else "joined"
    if table == "rounding":
        return table, "total"
    if table == "standing":
        return table, "numbering" if rest == policy.standing.numbering else "ties"
    if table == "field":
        return "promotion", "nobody"
    table = "titles" if table == "title" else table
    return table, f"{TABLES.get(table, '')}{rest}"
