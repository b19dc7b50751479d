"""Where a rule holds: whether the tier, class, group, stage and identity of somebody are among those that it names.

Three answers, because a text leaves two things open. A side that the rule asks about may be *missing* from the record.
And a tier, class or group may be *not in the text*: the policy sorts everybody into several, and this one is in none of
them (教师组, where the text knows 职工 and 学生). A text that names only one (“职工组前五名”) speaks of that one alone, and
everybody else is plainly outside; so is another stage or identity, because those are not for the text to list.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from scoring.language.promotion import PromotionRule, Selection
from scoring.language.selecting import Scope
from scoring.policy import Policy
from scoring.selecting import GROUPS, OTHER, Achievement, selects
from scoring.verdict import No, Silent, Words, Yes

OPEN = "scope.open"
"""The rule that a `Silent` about a missing or unknown side names."""


@dataclass(frozen=True, slots=True)
class _Side:
    """What somebody has on one side of a scope, and why nobody can tell whether that fits a rule that does not name it:
    None when it plainly does not fit."""

    has: str
    doubt: Words | None


Here = Mapping[str, _Side]
"""Where somebody stands: one side for each of tier, class, group, stage and identity."""


def here_of(achievement: Achievement, identity: str, policy: Policy) -> Here:
    """Where this person stands, as far as the policy knows such places; its promotions and titles are one text."""
    scopes = [scope for rule in policy.promotion.rules for scope in rule.scopes]
    scopes += [scope for title in policy.titles for selection in title.selections for scope in selection.scopes]
    group = achievement.group
    return {
        "tier": _side("tier", achievement.tier, {name for scope in scopes for name in scope.tiers}),
        "class": _side("class", achievement.class_, {name for scope in scopes for name in scope.classes}),
        "group": _side("group", GROUPS.get(group, group), {name for scope in scopes for name in scope.groups}, group),
        "stage": _side("stage", achievement.stage),
        "identity": _side("identity", identity),
    }


def means(rule: PromotionRule | Selection, achievement: Achievement, here: Here, policy: Policy) -> Yes | No | Silent:
    """Whether a rule speaks about this person at all: its selector selects them, and its scope covers them."""
    selected = selects(rule.select, achievement, policy.promotion.rounding)
    if isinstance(selected, No):
        return selected
    covered = covers(rule.scopes, here)
    return selected if isinstance(covered, Yes) else covered


def covers(scopes: tuple[Scope, ...], here: Here) -> Yes | No | Silent:
    """Whether one of the scopes covers this place."""
    doubts: list[Words] = []
    for scope in scopes:
        outside = [here[name] for name, allowed in _sides(scope) if allowed and here[name].has not in allowed]
        if not outside:
            return Yes()
        found = [side.doubt for side in outside if side.doubt is not None]
        if len(found) == len(outside):
            doubts.append(_joined(found))
    return Silent(OPEN, doubts[0]) if doubts else OTHER


def _sides(scope: Scope) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("tier", scope.tiers),
        ("class", scope.classes),
        ("group", scope.groups),
        ("stage", scope.stages),
        ("identity", scope.identities),
    )


def _side(name: str, has: str, known: Collection[str] = (), written: str = "") -> _Side:
    """`known` is everything that the text names on this side; `written` is how a form says it."""
    zh, en = _NAMES[name]
    if not has:
        return _Side(has, Words(f"缺少{zh}，无法判断本条是否适用", f"the {en} is missing, and this rule depends on it"))
    if len(known) > 1 and has not in known:
        said = written or has
        return _Side(has, Words(f"条文没有提到{zh}“{said}”", f"the text does not mention the {en} “{said}”"))
    return _Side(has, None)


def _joined(several: Sequence[Words]) -> Words:
    return Words("；".join(words.zh for words in several), "; ".join(words.en for words in several))


_NAMES = {
    "tier": ("竞赛级别", "tier"),
    "class": ("竞赛类别", "class"),
    "group": ("组别", "group"),
    "stage": ("赛段", "stage"),
    "identity": ("身份", "identity"),
}
