"""The marking scheme: what is marked, how, and for how much.

A scheme has *modules* (theory, practice …) that join to the total by weight, *criteria* with their sub-criteria, and
*aspects*, the smallest thing that gets a mark. An aspect is *measured* (a number of marks is written down) or *judged*
(each judge gives 0–3 against written anchors, and the mean becomes a part of the maximum).
Marks are whole hundredths: 2.50 marks are 250, a judged score of 2 is 200. The maxima under a criterion have to add up
to what the criterion claims; the claims may add up to anything, because modules are brought to 100 before they join.
Names are in the language of the scheme; beside each an English one may stand (`name_en` …), and where none does, the
scheme's own is what everybody reads (`in_both`).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

from scoring.language.table import Notes, Table
from scoring.measuring import read_formula
from scoring.verdict import Place, Problem, Problems, Words

MEASURED, JUDGED = "measured", "judged"
ONE, ALL = "one", "all"
STEPS = (0, 100, 200, 300)
"""The judged scores, in hundredths."""
JUDGED_TOP = STEPS[-1]
ENGLISH = frozenset({"name_en", "requirement_en", "description_en", "anchors_en"})
"""What a scheme may say in English beside its own words."""


@dataclass(frozen=True)
class Aspect:
    """The smallest thing that gets a mark.

    `recorded` says whether the panel records one mark together or every judge records one. `allowed` limits a measured
    aspect to certain marks (full or zero: `(0, maximum)`); a `formula` gives part marks for a reading
    (`scoring.measuring`). A `penalty` aspect is taken off instead of added.
    """

    id: str
    kind: str
    name: str
    maximum: int
    recorded: str
    requirement: str = ""
    anchors: tuple[str, ...] = ()
    description: str = ""
    section: str = ""
    day: int = 1
    allowed: tuple[int, ...] = ()
    penalty: bool = False
    formula: str = ""
    name_en: str = ""
    requirement_en: str = ""
    description_en: str = ""
    anchors_en: tuple[str, ...] = ()

    @property
    def top(self) -> int:
        """The highest mark for it, in hundredths: a score of 3 where it is judged, which is worth `maximum`."""
        return JUDGED_TOP if self.kind == JUDGED else self.maximum

    @property
    def steps(self) -> tuple[int, ...]:
        """The only marks for it, in hundredths; empty where every hundredth up to `top` may be given."""
        return STEPS if self.kind == JUDGED else self.allowed

    def written(self, hundredths: int) -> str:
        """A mark for it as people write it: a score is a whole figure (200 is “2”), a measured mark has its hundredths (“2.00”)."""
        return str(hundredths // 100) if self.kind == JUDGED and hundredths in STEPS else in_marks(hundredths)


@dataclass(frozen=True)
class SubCriterion:
    """A group of aspects that are marked together."""

    id: str
    name: str
    aspects: tuple[Aspect, ...]
    name_en: str = ""


@dataclass(frozen=True)
class Criterion:
    """A part of the scheme with the total that it claims; it counts towards one module."""

    id: str
    name: str
    total: int
    module: str
    subcriteria: tuple[SubCriterion, ...]
    name_en: str = ""

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """All aspects of this criterion, in order."""
        return tuple(aspect for sub in self.subcriteria for aspect in sub.aspects)


@dataclass(frozen=True)
class Module:
    """A part that joins the total by `weight` percent; a `void` module counts for nobody, the others fill its place."""

    id: str
    name: str
    weight: int
    void: bool = False
    name_en: str = ""


@dataclass(frozen=True)
class Scheme:
    """A whole marking scheme."""

    name: str
    modules: tuple[Module, ...]
    criteria: tuple[Criterion, ...]
    name_en: str = ""

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """All aspects, in the order of the scheme."""
        return tuple(aspect for criterion in self.criteria for aspect in criterion.aspects)

    @cached_property
    def by_id(self) -> Mapping[str, Aspect]:
        """The aspects by their ids."""
        return {aspect.id: aspect for aspect in self.aspects}

    @cached_property
    def total(self) -> int:
        """The sum of what the criteria claim, in hundredths."""
        return sum(criterion.total for criterion in self.criteria)

    def aspect(self, id: str) -> Aspect:
        """The aspect with this id; KeyError when there is none."""
        return self.by_id[id]

    def aspects_of(self, modules: tuple[str, ...]) -> tuple[Aspect, ...]:
        """The aspects that count in these modules, in order; of all modules when none is named."""
        wanted = {module.id for module in self.counted if not modules or module.id in modules}
        return tuple(aspect for part in self.criteria if part.module in wanted for aspect in part.aspects)

    @cached_property
    def counted(self) -> tuple[Module, ...]:
        """The modules that count: void ones do not."""
        return tuple(module for module in self.modules if not module.void)

    def module_maximum(self, module: str) -> int:
        """What can be reached in a module, in hundredths."""
        return sum(criterion.total for criterion in self.criteria if criterion.module == module)


def in_both(own: str, english: str) -> Words:
    """A text of a scheme in both languages: its own words stand where no English is given."""
    return Words(own, english or own)


def names_of(part: Scheme | Module | Criterion | SubCriterion | Aspect) -> Words:
    """The name of a scheme or of a part of it, in both languages."""
    return in_both(part.name, part.name_en)


def anchors_of(aspect: Aspect) -> tuple[Words, ...]:
    """What earns 0, 1, 2 and 3 of a judged aspect, in both languages."""
    english = aspect.anchors_en or ("",) * len(aspect.anchors)
    return tuple(in_both(own, said) for own, said in zip(aspect.anchors, english, strict=True))


def scheme_problems(scheme: Scheme) -> tuple[Problem, ...]:
    """Everything that keeps a scheme from being used, in its own order."""
    return (*_module_problems(scheme), *_id_problems(scheme), *_aspect_problems(scheme))


def scheme_as_data(scheme: Scheme) -> dict[str, object]:
    """The scheme in JSON types; `scheme_from_data` gives the same scheme back.

    English that is not given is left out: schemes from before there was any keep their data and their fingerprints.
    """
    data: dict[str, object] = json.loads(json.dumps(asdict(scheme, dict_factory=_said)))
    return data


def _said(fields: list[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in fields if value or name not in ENGLISH}


def scheme_from_data(data: Mapping[str, object], name: str = "scheme") -> Scheme:
    """The scheme in such data; `Problems` for anything that is missing, unknown or does not add up."""
    notes = Notes("scheme", name, {})
    scheme = _read(Table(data, notes))
    found = tuple(notes.problems) or scheme_problems(scheme)
    if found:
        raise Problems(found)
    return scheme


def scheme_fingerprint(scheme: Scheme) -> str:
    """SHA-256 of the canonical data of a scheme."""
    content = json.dumps(scheme_as_data(scheme), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def _read(table: Table) -> Scheme:
    scheme = Scheme(
        table.text("name"),
        tuple(_read_module(module) for module in table.tables("modules")),
        tuple(_read_criterion(criterion) for criterion in table.tables("criteria")),
        table.text("name_en", ""),
    )
    table.close()
    return scheme


def _read_module(table: Table) -> Module:
    module = Module(
        table.text("id"),
        table.text("name"),
        table.whole("weight"),
        table.flag("void", False),
        table.text("name_en", ""),
    )
    table.close()
    return module


def _read_criterion(table: Table) -> Criterion:
    criterion = Criterion(
        table.text("id"),
        table.text("name"),
        table.whole("total"),
        table.text("module"),
        tuple(_read_subcriterion(sub) for sub in table.tables("subcriteria")),
        table.text("name_en", ""),
    )
    table.close()
    return criterion


def _read_subcriterion(table: Table) -> SubCriterion:
    sub = SubCriterion(
        table.text("id"),
        table.text("name", ""),
        tuple(_read_aspect(aspect) for aspect in table.tables("aspects")),
        table.text("name_en", ""),
    )
    table.close()
    return sub


def _read_aspect(table: Table) -> Aspect:
    aspect = Aspect(
        id=table.text("id"),
        kind=table.choice("kind", (MEASURED, JUDGED)),
        name=table.text("name"),
        maximum=table.whole("maximum"),
        recorded=table.choice("recorded", (ONE, ALL)),
        requirement=table.text("requirement", ""),
        anchors=table.texts("anchors", default=()),
        description=table.text("description", ""),
        section=table.text("section", ""),
        day=table.whole("day", 1),
        allowed=table.wholes("allowed", ()),
        penalty=table.flag("penalty", False),
        formula=table.text("formula", ""),
        name_en=table.text("name_en", ""),
        requirement_en=table.text("requirement_en", ""),
        description_en=table.text("description_en", ""),
        anchors_en=table.texts("anchors_en", default=()),
    )
    table.close()
    return aspect


def _module_problems(scheme: Scheme) -> Iterator[Problem]:
    weights = sum(module.weight for module in scheme.modules)
    if weights != 100:
        words = Words(f"模块权重合计 {weights}%，不是 100%", f"module weights add up to {weights} %, not 100 %")
        yield _problem("weights", "", words, Words("改正各模块权重", "mend the weights of the modules"))
    if weights and not sum(module.weight for module in scheme.counted):
        words = Words("计入的模块权重为零", "no module that counts has a weight")
        yield _problem("void", "", words, Words("至少保留一个有权重的模块", "leave one module with a weight"))
    for module in scheme.modules:
        if not scheme.module_maximum(module.id):
            words = Words(f"模块 {module.id} 没有评分标准", f"module {module.id} has no criterion")
            yield _problem("empty-module", module.id, words, Words("补上评分标准或删去模块", "add criteria or drop it"))


def _id_problems(scheme: Scheme) -> Iterator[Problem]:
    subs = [sub for criterion in scheme.criteria for sub in criterion.subcriteria]
    for ids in (
        [module.id for module in scheme.modules],
        [criterion.id for criterion in scheme.criteria],
        [sub.id for sub in subs],
        [aspect.id for aspect in scheme.aspects],
    ):
        for id in sorted({id for id in ids if ids.count(id) > 1}):
            words = Words(f"编号 {id} 重复", f"the id {id} is used twice")
            yield _problem("id-twice", id, words, Words("每个编号只用一次", "use every id once"))


def _aspect_problems(scheme: Scheme) -> Iterator[Problem]:
    modules = {module.id for module in scheme.modules}
    for criterion in scheme.criteria:
        if criterion.module not in modules:
            words = Words(f"没有模块 {criterion.module}", f"there is no module {criterion.module}")
            yield _problem("module", criterion.id, words, Words("改正模块编号", "name one of the modules"))
        adds_up = sum(aspect.maximum for aspect in criterion.aspects if not aspect.penalty)
        if adds_up != criterion.total:
            words = Words(
                f"{criterion.id} 各项满分合计 {in_marks(adds_up)}，标明 {in_marks(criterion.total)}",
                f"{criterion.id} adds up to {in_marks(adds_up)} but claims {in_marks(criterion.total)}",
            )
            yield _problem("total", criterion.id, words, Words("改正满分或合计", "mend the maxima or the total"))
        for aspect in criterion.aspects:
            yield from _one_aspect_problems(aspect)


def _one_aspect_problems(aspect: Aspect) -> Iterator[Problem]:
    if aspect.maximum <= 0:
        words = Words(f"{aspect.id} 满分须大于 0", f"the maximum of {aspect.id} must be above 0")
        yield _problem("maximum", aspect.id, words, Words("填写满分", "give a maximum"))
    if aspect.kind == JUDGED and len(aspect.anchors) not in (0, len(STEPS)):
        words = Words(f"{aspect.id} 应有四条评价描述", f"{aspect.id} needs four anchors, for 0, 1, 2 and 3")
        yield _problem("anchors", aspect.id, words, Words("补齐 0–3 的描述", "write one for every score"))
    if len(aspect.anchors_en) not in (0, len(aspect.anchors)):
        words = Words(f"{aspect.id} 的英文评价描述与中文条数不同", f"{aspect.id}: as many English anchors as anchors")
        mend = Words("每条描述配一条英文，没有的留空", "give one for every anchor; it may be empty")
        yield _problem("anchors-en", aspect.id, words, mend)
    if aspect.formula and not _is_formula(aspect):
        words = Words(f"{aspect.id} 的计分公式无法识别：{aspect.formula}", f"{aspect.id}: no formula: {aspect.formula}")
        mend = Words("写成 steps 0.5:2.00 1:1.00 的样子", "write it like: steps 0.5:2.00 1:1.00")
        yield _problem("formula", aspect.id, words, mend)
    if any(mark < 0 or mark > aspect.maximum for mark in aspect.allowed):
        words = Words(f"{aspect.id} 的可给分超出满分", f"{aspect.id} allows marks outside its maximum")
        yield _problem("allowed", aspect.id, words, Words("改正可给分", "mend the allowed marks"))


def _is_formula(aspect: Aspect) -> bool:
    try:
        read_formula(aspect.formula, aspect.maximum)
    except (ValueError, ZeroDivisionError):
        return False
    return True


def in_marks(hundredths: int) -> str:
    """Hundredths as people write marks: 250 is “2.50”."""
    sign, size = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    return f"{sign}{size // 100}.{size % 100:02}"


def _problem(code: str, key: str, words: Words, mend: Words) -> Problem:
    return Problem(f"scheme.{code}", Place(key=key), words, mend)
