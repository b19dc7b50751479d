"""On what single keys of a table rest, where that is something else than the table's own `source`.

A text often says one thing of a table and an organiser has to add the others: `sources = { nobody = "organiser" }`
names the source of a key, and every explanation cites it for that key.
"""

from collections.abc import Mapping

from scoring.language.table import Table
from scoring.verdict import Words

Sources = Mapping[str, str]


def read_sources(table: Table, among: tuple[str, ...]) -> Sources:
    """`sources` of a table: a citation, or "organiser", for keys that are written in it."""
    inner = table.table("sources", required=False)
    sources = {key: inner.choice(key, among) for key in inner.names()}
    for key in sources:
        if key not in table.raw or key == "sources":
            inner.refuse(
                "source-of-nothing",
                key,
                Words(f"没有写 {key}，却给了它的出处", f"a source is given for {key}, which is not written here"),
                Words("写上该键，或删去它的出处", "write the key, or take its source out"),
            )
    inner.close()
    return sources
