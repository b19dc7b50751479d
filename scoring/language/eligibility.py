"""What a policy may say about who may take part.

[[eligibility.rule]]  one clause: a `test` with its numbers, and the words and the source to cite when it says no
"""

from dataclasses import dataclass

from scoring.ladder import LEVELS
from scoring.language.selecting import IDENTITIES
from scoring.language.table import Table
from scoring.verdict import Words

TESTS = (
    "age",
    "identity",
    "years",
    "level-at-least",
    "level-below",
    "titles-barred",
    "earlier-places-barred",
    "one-event",
    "quota",
    "related-firms",
)
PER = ("unit", "delegation")


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """One test. Which of the other values it reads:

    age: `least` and `most` full years on the stated day (0: open) · identity: `names` allowed · years: `least` years in
    the occupation · level-at-least, level-below: `level` in the occupation · titles-barred: `names` of titles ·
    earlier-places-barred: the first `most` places before · one-event: no second event · quota: `most` people `per` unit
    or delegation in one event · related-firms: a tie to a firm that supports the event must be declared.
    """

    id: str
    test: str
    clause: Words
    source: str
    least: int = 0
    most: int = 0
    names: tuple[str, ...] = ()
    level: str = ""
    per: str = ""
    groups: tuple[str, ...] = ()


def read_eligibility(table: Table, sources: tuple[str, ...]) -> tuple[EligibilityRule, ...]:
    """[[eligibility.rule]], all of which may be left out"""
    if not table.present:
        return ()
    rules = tuple(_rule(rule, sources) for rule in table.tables("rule"))
    table.distinct("rule", [rule.id for rule in rules], "rule-twice", Words("报名条件", "eligibility rule"))
    table.close()
    return rules


def _rule(table: Table, sources: tuple[str, ...]) -> EligibilityRule:
    test = table.choice("test", TESTS)
    rule = EligibilityRule(
        id=table.text("id"),
        test=test,
        clause=table.words("clause"),
        source=table.choice("source", sources),
        least=table.whole("least", None if test == "years" else 0) if test in ("age", "years") else 0,
        most=table.whole("most", 0 if test == "age" else None) if test in _MOST else 0,
        names=table.texts("names", IDENTITIES if test == "identity" else None) if test in _NAMES else (),
        level=table.choice("level", LEVELS) if test.startswith("level-") else "",
        per=table.choice("per", PER) if test == "quota" else "",
        groups=table.texts("groups", default=()),
    )
    if test == "age" and rule.most and rule.least > rule.most:
        words = Words(
            f"年龄下限 {rule.least} 高于上限 {rule.most}", f"nobody is {rule.least} or more and {rule.most} or less"
        )
        table.refuse("age-band", "most", words, Words("改正上下限", "mend least or most"))
    table.close()
    return rule


_NAMES = ("identity", "titles-barred")
_MOST = ("age", "earlier-places-barred", "quota")
