"""The report of a competition on A4: a heading with its facts, then each report with its tables, bars in every counted row.

It is given plain words and numbers that were computed elsewhere, and counts nothing itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from certificates.rendering import plain_printed

INKS = ("#0f5c6e", "#b48a2c", "#69727f", "#a2673f", "#8ab4bd")
"""Of the parts of a bar, in order; the pages have the same (server.web.charts)."""
STYLE = """
@page { size: A4; margin: 18mm 15mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt PodSerif; color: #6b6560 } @bottom-left { content: string(of); font: 8pt PodSerif, PodKai, PodMore; color: #6b6560 } }
* { margin: 0; padding: 0; box-sizing: border-box }
html { font-family: PodSerif, PodKai, PodMore; font-size: 9pt; line-height: 1.45; color: #1d232b }
.over { string-set: of content(); font-size: 10.5pt; color: #0f5c6e }
h1 { margin-top: 1mm; font-size: 20pt; line-height: 1.3 }
.facts { display: flex; margin: 4mm 0 6mm; padding: 2.5mm 0; border-top: .5mm solid #0f5c6e; border-bottom: .2mm solid #d3cec2 }
.facts p { flex: 1; color: #5f666f; font-size: 8pt }
.facts b { display: block; font-size: 10.5pt; color: #1d232b }
.facts .long { flex: 2.4 }
section { margin-bottom: 8mm }
h2 { font-size: 13pt; line-height: 1.4; break-after: avoid }
.told { margin-bottom: 1.5mm; color: #4a525c; break-after: avoid }
.legend { margin-bottom: 1.5mm; font-size: 8pt; color: #4a525c; break-after: avoid }
.legend i { display: inline-block; width: 2.6mm; height: 2.6mm; margin: 0 1.2mm 0 0 }
.legend span { margin-right: 4mm }
table { width: 100%; margin-bottom: 4mm; border-collapse: collapse }
thead { display: table-header-group }
tr { break-inside: avoid }
th { padding: 1mm 1.4mm; text-align: left; font-size: 8pt; font-weight: 400; color: #5f666f; border-bottom: .3mm solid #1d232b }
td { padding: 1mm 1.4mm; border-bottom: .2mm solid #e5e1d8; vertical-align: middle }
.right { text-align: right }
.total td { font-weight: 700; border-top: .3mm solid #1d232b; border-bottom: 0 }
.drawn { width: 38mm }
.bar { display: flex; height: 2.6mm }
.bar i { display: block; height: 2.6mm }
.note { margin: -2mm 0 3mm; font-size: 8pt; color: #5f666f }
.notes { list-style: none; font-size: 8pt; color: #4a525c }
.notes li { margin-bottom: .6mm }
"""


def book(said: Mapping[str, Any]) -> bytes:
    """The paper as PDF. Raises ValueError with the characters that no face draws."""
    facts = _joined(
        Markup('<p class="{}">{}<b>{}</b></p>').format("long" if len(value) > 18 else "", name, value)
        for name, value in said["facts"]
    )
    sections = _joined(_section(one) for one in said["sections"])
    page = Markup(
        '<!doctype html><html lang="{lang}"><head><title>{title} · {of}</title></head><body>'
        '<p class="over">{of}</p><h1>{title}</h1><div class="facts">{facts}</div>{sections}</body></html>'
    )
    lang = {"zh": "zh-CN"}.get(said["lang"], said["lang"])
    return plain_printed(
        page.format(lang=lang, title=said["title"], of=said["of"], facts=facts, sections=sections), STYLE
    )


def _section(one: Mapping[str, Any]) -> Markup:
    legend = _joined(
        Markup('<span><i style="background:{}"></i>{}</span>').format(ink, name)
        for ink, name in zip(INKS, one["legend"], strict=False)
    )
    tables = _joined(_table(table) for table in one["tables"])
    notes = _joined(Markup("<li>{}</li>").format(note) for note in one["notes"])
    return Markup('<section><h2>{}</h2><p class="told">{}</p>{}{}{}</section>').format(
        one["title"],
        one["told"],
        Markup('<p class="legend">{}</p>').format(legend) if legend and tables else "",
        tables or Markup('<p class="note">{}</p>').format(one["empty"]),
        Markup('<ul class="notes">{}</ul>').format(notes) if notes and tables else "",
    )


def _table(table: Mapping[str, Any]) -> Markup:
    columns, bars = table["columns"], table["bars"]
    most = max([0, *(sum(parts) for parts in bars)])
    drawn = Markup('<th class="drawn"></th>') if most else Markup("")
    heads = _joined(_cell("th", column["name"], column["right"]) for column in columns) + drawn
    rows = Markup("")
    for place, row in enumerate(table["rows"]):
        cells = _joined(_cell("td", value, column["right"]) for value, column in zip(row, columns, strict=True))
        rows += Markup("<tr>{}{}</tr>").format(cells, _bar(bars[place], most) if most else "")
    if table["total"]:
        cells = _joined(_cell("td", value, one["right"]) for value, one in zip(table["total"], columns, strict=True))
        rows += Markup('<tr class="total">{}{}</tr>').format(cells, Markup("<td></td>") if most else "")
    note = Markup('<p class="note">{}</p>').format(table["note"]) if table["note"] else ""
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>{}").format(heads, rows, note)


def _bar(parts: Sequence[int], most: int) -> Markup:
    made = _joined(
        Markup('<i style="width:{:.2f}%;background:{}"></i>').format(100 * part / most, ink)
        for ink, part in zip(INKS, parts, strict=False)
        if part
    )
    return Markup('<td class="drawn"><div class="bar">{}</div></td>').format(made)


def _cell(tag: str, value: str, right: bool) -> Markup:
    shape = Markup('<{0} class="right">{1}</{0}>') if right else Markup("<{0}>{1}</{0}>")
    return shape.format(Markup(tag), value)


def _joined(parts: Any) -> Markup:
    return Markup("").join(parts)
