"""Whether a policy fits a scheme, and a scheme its panel and entries.

Each of them can be whole in itself and still speak of something that the others do not have: a tie broken by a module
that is not marked, a pass mark for a paper that nobody wrote, an entry whose every judge is recused. A computer would
pass over it without a word, and nobody would miss what never counted. The functions give problems and raise nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from scoring.marks import Mark, facts_of
from scoring.policy import Policy
from scoring.scheme import Scheme
from scoring.verdict import Place, Problem, Words


def misfits(
    policy: Policy, scheme: Scheme, panel: Collection[str], entries: Collection[str], marks: Iterable[Mark] = ()
) -> tuple[Problem, ...]:
    """Everything in which policy, scheme, panel, entries and marks do not fit together, in this order."""
    found = (*policy_misfits(policy, scheme), *_entry_misfits(scheme, panel, entries))
    return (*found, *_mark_misfits(scheme, entries, marks))


def team_misfits(policy: Policy, teams: Mapping[str, Sequence[str]]) -> tuple[Problem, ...]:
    """Members marked each for themselves, where the policy marks a team as one entry and says not how they join."""
    if not teams or policy.aggregation.team != "together":
        return ()
    words = Words("该规则把队作为一个参赛单元打分", "this policy marks a team as one entry")
    mend = Words(
        '不列 teams，或在规则中写 team = "sum" 或 "mean"', 'give no teams, or a policy with team = "sum" or "mean"'
    )
    return (Problem("fitting.team", Place(policy.id, key="aggregation.team"), words, mend),)


def policy_misfits(policy: Policy, scheme: Scheme) -> Iterator[Problem]:
    """What the policy names and the scheme does not have."""
    modules = {module.id for module in scheme.modules}
    known = {"module": modules, "criterion": {criterion.id for criterion in scheme.criteria}}
    for breaker in policy.standing.ties:
        kind, _, id = breaker.partition(":")
        if id and id not in known[kind]:
            yield _unknown("tie", policy.id, "standing.ties", breaker, known[kind])
    for part in policy.passing.marks if policy.passing else ():
        if part not in {*modules, "total"}:
            yield _unknown("passing", policy.id, f"passing.marks.{part}", part, {*modules, "total"})
    for module in policy.aggregation.shared_modules:
        if module not in modules:
            yield _unknown("shared-modules", policy.id, "aggregation.shared_modules", module, modules)
    for module in policy.signing.modules:
        if module not in modules:
            yield _unknown("signing", policy.id, "signing.modules", module, modules)


def _entry_misfits(scheme: Scheme, panel: Collection[str], entries: Collection[str]) -> Iterator[Problem]:
    """What the entries name, and whether there is anybody to mark them."""
    modules = {module.id for module in scheme.modules}
    if not panel:
        words = Words("裁判组没有人", "there is nobody on the panel")
        yield Problem("fitting.no-panel", Place(key="panel"), words, Words("列出裁判", "name the judges"))
    for entry in entries:
        facts = facts_of(entries, entry)
        for module in facts.modules:
            if module not in modules:
                yield _unknown("modules", "", f"{entry}.modules", module, modules)
        for judge in facts.recused:
            if judge not in panel:
                yield _unknown("recused", "", f"{entry}.recused", judge, panel)
        if panel and facts.status == "competed" and set(panel) <= set(facts.recused):
            words = Words(f"{entry} 的裁判全部回避", f"every judge is recused from {entry}")
            mend = Words("为该参赛单元另派裁判", "send another judge for this entry")
            yield Problem("fitting.nobody-marks", Place(key=entry), words, mend)


def _mark_misfits(scheme: Scheme, entries: Collection[str], marks: Iterable[Mark]) -> Iterator[Problem]:
    """Marks in a module that the entry is not marked in: they would count nowhere."""
    known = {module.id for module in scheme.modules}
    named = {entry: facts_of(entries, entry).modules for entry in entries}
    aspects = {
        entry: {aspect.id for part in scheme.criteria if part.module in modules for aspect in part.aspects}
        for entry, modules in named.items()
        if modules and known.issuperset(modules)
    }
    for mark in marks if aspects else ():
        if mark.entry in aspects and mark.aspect not in aspects[mark.entry] and mark.aspect in scheme.by_id:
            words = Words(
                f"{mark.entry} 不考 {mark.aspect} 所在的模块",
                f"{mark.entry} is not marked in the module of {mark.aspect}",
            )
            place = Place(key=f"{mark.entry}/{mark.aspect}/{mark.judge}/{mark.round}")
            mend = Words("核对这一条打分，或该参赛单元的 modules", "check this mark, or the modules of the entry")
            yield Problem("fitting.other-module", place, words, mend)


def _unknown(code: str, sheet: str, key: str, name: str, known: Iterable[str]) -> Problem:
    names = sorted(known)
    words = Words(f"{key} 中的 {name} 不存在", f"{key} names {name}, and there is none")
    mend = Words(f"可用：{'、'.join(names)}", f"known: {', '.join(names)}")
    return Problem(f"fitting.{code}", Place(sheet, key=key), words, mend)
