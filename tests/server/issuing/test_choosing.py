"""Which design a certificate is printed in, and that a choice reaches what is issued after it and nothing before it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from certificates.certificate import Kind
from certificates.designs import DESIGNS, suitable
from server.access import Actor
from server.database.tables import Certificate, Decision
from server.errors import Refusal
from server.issuing.choosing import KINDS, NAMES, choose, design_of, kind_named
from server.issuing.printing import place_of, print_pending
from tests.server.issuing.test_issuing import final
from tests.server.small import AT, SEALER, opened


def test_every_kind_and_every_design_has_its_name() -> None:
    """An organiser reads names in both languages, and every kind has a design to be printed in."""
    assert set(NAMES) == set(DESIGNS)
    assert all(words.zh and words.en for words in (*NAMES.values(), *KINDS.values()))
    assert all(suitable(kind) for kind in KINDS)


@pytest.mark.parametrize(
    ("kind", "designs", "found"),
    [
        ("award", {}, "craft"),
        ("award", {"award": "youth"}, "youth"),
        ("judge", {"award": "youth"}, "craft"),
        ("level", {}, "level"),
        ("award", {"award": "thrown-away"}, "classical"),
        ("level", {"level": "craft"}, "level"),
    ],
)
def test_a_kind_has_its_own_design_or_the_competitions(kind: Kind, designs: dict[str, str], found: str) -> None:
    """The organiser's choice, else the competition's design; a skill level only on a form, and never what there is not."""
    assert design_of({"design": "craft", "designs": designs}, kind) == found


async def test_a_choice_is_on_record_and_holds_for_what_is_issued_after_it(database: str, tmp_path: Path) -> None:
    """Issued before, printed after: the old design. The ledger has the choice once, and one that is none is refused."""
    first, second = await final("first", 100), await final("second", 200)
    await opened(first, "certified")
    for small in (first, second):
        competition = await small.competition()
        actor: Actor = small.staff
        await choose(competition, "award", "youth-portrait", actor, AT)
        await choose(competition, "award", "youth-portrait", actor, AT)
        with pytest.raises(Refusal, match=r"版式|design") as refused:
            await choose(competition, "award", "level", actor, AT)
        assert refused.value.code == "design.unsuitable"
    assert await Decision.count().where(Decision.kind == "design.chosen") == 2
    await opened(second, "certified")
    sizes: dict[str, set[tuple[int, int]]] = {}
    for small in (first, second):
        competition = await small.competition()
        with ThreadPoolExecutor(1) as press:
            async for _ in print_pending(competition["id"], tmp_path, SEALER, "组委会", press):  # type: ignore[arg-type]
                pass
        of_it: Any = Certificate.competition == competition["id"]
        for row in await Certificate.select(Certificate.number).where(of_it):
            width, height = pypdfium2.PdfDocument(place_of(tmp_path, row["number"]).read_bytes())[0].get_size()
            sizes.setdefault(small.slug, set()).add((round(width), round(height)))
    assert sizes == {"first": {(842, 595)}, "second": {(595, 842)}}


def test_an_address_names_a_kind_or_nothing() -> None:
    """A kind that there is not is missing, not a fault."""
    assert kind_named("judge") == "judge"
    with pytest.raises(Refusal):
        kind_named("driving-licence")
