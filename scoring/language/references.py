"""What the tables of one policy may call by name, and the refusal of a name that leads nowhere.

A source is one of the cites, an award is one of the prizes, and a part that gates ask for has a mark under [passing]:
a part without one is passed by everybody, and a gate that stops nobody is a mistake in writing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from scoring.language.table import Table
from scoring.verdict import Words


@dataclass(frozen=True, slots=True)
class Names:
    """The names that stand in a policy: of its sources, its prizes, and the parts with a pass mark."""

    sources: tuple[str, ...]
    awards: tuple[str, ...]
    parts: tuple[str, ...]

    def check_awards(self, table: Table, key: str, written: Iterable[str]) -> None:
        """Notes every award at `key` that is no prize of this policy."""
        for award in written:
            if award not in self.awards:
                words = Words(f"没有奖项 {award}", f"no prize has the id {award}")
                table.refuse("award-unknown", key, words, _among(self.awards, "[[awards.prize]]"))

    def check_parts(self, table: Table, key: str, written: Iterable[str]) -> None:
        """Notes every part at `key` that has no pass mark."""
        for part in written:
            if part not in self.parts:
                words = Words(f"{part} 没有合格线，人人合格", f"{part} has no pass mark, so everybody would pass it")
                table.refuse("part-unknown", key, words, _among(self.parts, "[passing] marks"))


def _among(known: tuple[str, ...], where: str) -> Words:
    if not known:
        return Words(f"在 {where} 中写明", f"write it under {where}")
    return Words(
        f"可用：{'、'.join(known)}；或在 {where} 中写明", f"known: {', '.join(known)}; or write it under {where}"
    )
