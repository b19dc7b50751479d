"""Where a rule holds: whether the tier, class, group, stage and identity of somebody are among those that it names.

Three answers, because a text leaves two things open. A side that the rule asks about may be *missing* from the record.
And a tier, class or group may be *not in the text*: the policy sorts everybody into several, and this one is in none of
them (教师组, where the text knows 职工 and 学生). A text that names only one (“职工组前五名”) speaks of that one alone, and
everybody else is plainly outside; so is another stage or identity, because those are not for the text to list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring.language.promotion import PromotionRule, Selection
from scoring.language.selecting import Scope
from scoring.policy import Policy
from scoring.selecting import GROUPS, OTHER, Achievement, selects
from scoring.verdict import No, Silent, Words, Yes

OPEN = "scope.open"
Named = Mapping[str, frozenset[str]]
"""The tiers, classes and groups that a text names anywhere."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a scope: the values it allows here, what somebody has, and how that is written on their form."""

    allowed: tuple[str, ...]
    has: str
    written: str


def named(policy: Policy) -> Named:
    """What the rules on promotion and on titles name, taken together: they are one text."""
    scopes = [scope for rule in policy.promotion.rules for scope in rule.scopes]
    scopes += [scope for title in policy.titles for selection in title.selections for scope in selection.scopes]
    return {
        "tier": _all(scope.tiers for scope in scopes),
        "class": _all(scope.classes for scope in scopes),
        "group": _all(scope.groups for scope in scopes),
    }


def means(
    rule: PromotionRule | Selection, achievement: Achievement, identity: str, policy: Policy, known: Named
) -> Yes | No | Silent:
    """Whether a rule speaks about this person at all: its scope covers them, and its selector selects them."""
    covered = covers(rule.scopes, achievement, identity, known)
    selected = selects(rule.select, achievement, policy.promotion.rounding)
    if isinstance(covered, No) or isinstance(selected, No):
        return OTHER
    return covered if isinstance(covered, Silent) else selected


def covers(scopes: tuple[Scope, ...], achievement: Achievement, identity: str, known: Named) -> Yes | No | Silent:
    """Whether one of the scopes covers it."""
    doubts: list[Words] = []
    for scope in scopes:
        sides = _sides(scope, achievement, identity)
        outside = {name: side for name, side in sides.items() if side.allowed and side.has not in side.allowed}
        if not outside:
            return Yes()
        open_ = [_open(name, side, known) for name, side in outside.items()]
        if all(open_):
            doubts.append(_joined(words for words in open_ if words))
    return Silent(OPEN, doubts[0]) if doubts else OTHER


def _sides(scope: Scope, achievement: Achievement, identity: str) -> dict[str, _Side]:
    group = achievement.group
    return {
        "tier": _Side(scope.tiers, achievement.tier, achievement.tier),
        "class": _Side(scope.classes, achievement.class_, achievement.class_),
        "group": _Side(scope.groups, GROUPS.get(group, group), group),
        "stage": _Side(scope.stages, achievement.stage, achievement.stage),
        "identity": _Side(scope.identities, identity, identity),
    }


def _open(name: str, side: _Side, known: Named) -> Words | None:
    """Why nobody can tell whether this side fits; None when it plainly does not."""
    zh, en = _NAMES[name]
    if not side.has:
        return Words(f"缺少{zh}，无法判断本条是否适用", f"the {en} is missing, and this rule depends on it")
    if name in known and len(known[name]) > 1 and side.has not in known[name]:
        return Words(f"条文没有提到{zh}“{side.written}”", f"the text does not mention the {en} “{side.written}”")
    return None


def _joined(several: Iterable[Words]) -> Words:
    sentences = tuple(several)
    return Words("；".join(words.zh for words in sentences), "; ".join(words.en for words in sentences))


def _all(several: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(value for values in several for value in values)


_NAMES = {
    "tier": ("竞赛级别", "tier"),
    "class": ("竞赛类别", "class"),
    "group": ("组别", "group"),
    "stage": ("赛段", "stage"),
    "identity": ("身份", "identity"),
}
