"""Marking sheets on paper: one for each judge and piece, to be filled in by hand and typed by two people afterwards.

A sheet says the work code, never a name. Its QR code holds what a reader types into the search field of the typing page.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import segno
from markupsafe import Markup

from certificates.rendering import plain_printed

STYLE = """
@page { size: A4; margin: 14mm 14mm 17mm; @bottom-right { content: counter(page) " / " string(last); font: 8pt PodSerif; color: #6b6560 } @bottom-left { content: string(foot); font: 8pt PodSerif, PodKai, PodMore; color: #6b6560 } }
@page sheet:nth(1 of sheet) { counter-reset: page 1 }
* { margin: 0; padding: 0; box-sizing: border-box }
html { font-family: PodSerif, PodKai, PodMore; font-size: 9.5pt; line-height: 1.4; color: #1d232b }
.sheet { page: sheet; break-after: page } .sheet:last-child { break-after: auto }
.head { display: flex; padding-bottom: 3mm; border-bottom: .5mm solid #0f5c6e }
.head > div { flex: 1 } .over { color: #0f5c6e } h1 { font-size: 15pt; line-height: 1.35; string-set: foot attr(data-foot), last target-counter(attr(data-end), page) }
.who { margin-top: 2mm; font-size: 11pt } .who b { margin-right: 8mm }
.piece { padding: 0 5mm 0 6mm; text-align: right; white-space: nowrap; font-size: 9pt; color: #4a525c } .piece b { display: block; font-size: 26pt; line-height: 1.2; color: #1d232b }
.mark { width: 26mm; text-align: center; font-size: 7.5pt; line-height: 1.2 } .mark img { display: block; width: 24mm; height: 24mm; margin: 0 auto .5mm }
h2 { margin: 4mm 0 1mm; font-size: 10.5pt; color: #0f5c6e; break-after: avoid }
table { width: 100%; table-layout: fixed; border-collapse: collapse } thead { display: table-header-group } tr { break-inside: avoid }
th { padding: 1mm 1.5mm; text-align: left; font-size: 8pt; color: #6b6560; border-bottom: .3mm solid #1d232b }
td { padding: 1.6mm 1.5mm; overflow-wrap: anywhere; border-bottom: .2mm solid #cfc8bf; vertical-align: middle }
.id { width: 17mm } .most { width: 16mm; text-align: right } .most, .id { white-space: nowrap }
.asks { display: block; font-size: 8.5pt; color: #4a525c }
.by { width: 57mm; text-align: right } .boxes { white-space: nowrap }
.box { display: inline-block; width: 8mm; height: 9.5mm; margin-left: 1mm; border: .3mm solid #1d232b; border-radius: 1mm; vertical-align: middle }
.point { display: inline-block; width: 2mm; text-align: center; font-size: 15pt; vertical-align: middle }
.step { display: inline-block; width: 9.5mm; height: 9.5mm; margin: .4mm 0 .4mm 1.6mm; border: .3mm solid #1d232b; border-radius: 5mm; text-align: center; font-size: 11pt; line-height: 9mm; color: #6b6560 }
.wide .step { width: auto; padding: 0 2.2mm; font-size: 10pt }
.how { break-before: avoid; margin-top: 4mm; font-size: 8.5pt; color: #4a525c; break-after: avoid }
.signs { display: flex; flex-wrap: wrap; margin-top: 3mm; break-inside: avoid } .signs div { flex: 0 0 38mm; height: 20mm; margin: 0 7mm 2mm 0; border-bottom: .2mm solid #1d232b; color: #6b6560; font-size: 8.5pt }
"""
SAID = {
    "zh": {
        "title": "评分表",
        "judge": "裁判",
        "panel": "裁判组共同记录",
        "piece": "加密号",
        "heads": ("编号", "评分项与要求", "满分", "得分"),
        "round": "（第 {} 轮）",
        "how": "每格写一个数字，圈选一个等级；写错时划去重写并签名。本表由两人各自录入，一致后入库。",
        "contestant": "选手签名",
        "signs": ("裁判签名", "录入人一", "录入人二", "日期"),
    },
    "en": {
        "title": "Marking sheet",
        "judge": "Judge",
        "panel": "Recorded by the panel",
        "piece": "Piece",
        "heads": ("Aspect", "What is looked at, and what is required", "Maximum", "Mark"),
        "round": " (Round {})",
        "how": "One figure in each box, a ring around one score; strike out, write anew and sign where you erred. Two people type this sheet,"
        " each alone; it is stored when they agree.",
        "contestant": "Contestant",
        "signs": ("Judge", "Typed by", "and by", "Date"),
    },
}  # fmt: skip


def marking(over: str, of: str, sheets: Sequence[Mapping[str, Any]], lang: str = "zh") -> bytes:
    """One PDF, each sheet on pages of its own that are counted for themselves, so that a missing one is noticed.

    A sheet: `entry`, `label` (J1 … or "panel"), `name` of the judge, `code`, `signers` (who signs: J1 …, contestant), `groups` of `name` and `aspects`, each with
    `id`, `name`, `asks`, `maximum` and `steps` in hundredths (empty where a number is written), `round`. Raises ValueError
    with characters that cannot be drawn.
    """
    body = Markup("").join(_sheet(over, of, sheet, f"end-{n}", SAID[lang]) for n, sheet in enumerate(sheets))
    html = Markup('<!doctype html><html lang="{}"><head><title>{}</title></head><body>{}</body></html>')
    return plain_printed(html.format("zh-CN" if lang == "zh" else "en", SAID[lang]["title"], body), STYLE)


def _sheet(over: str, of: str, sheet: Mapping[str, Any], end: str, said: Mapping[str, Any]) -> Markup:
    code = segno.make_qr(sheet["code"], error="m").svg_data_uri(border=1)
    who = said["panel"] if sheet["label"] == "panel" else f"{said['judge']} {sheet['label']}"
    head = Markup(
        '<div class="head"><div><p class="over">{}</p><h1 data-foot="{}" data-end="#{}">{} · {}</h1><p class="who"><b>{}</b>{}</p></div>'
        '<p class="piece">{}<b>{}</b></p><p class="mark"><img src="{}" alt="">{}</p></div>'
    ).format(
        over, f"{of} · {sheet['code']}", end, of, said["title"], who, sheet["name"], said["piece"], sheet["entry"], code,
        sheet["code"],
    )  # fmt: skip
    groups = Markup("").join(_group(group, said) for group in sheet["groups"])
    names = [said["contestant"] if one == "contestant" else f"{said['signs'][0]} {one}" for one in sheet["signers"]]
    signs = Markup("").join(Markup("<div>{}</div>").format(name) for name in (*names, *said["signs"][1:]))
    foot = Markup('<p class="how">{}</p><div class="signs" id="{}">{}</div>').format(said["how"], end, signs)
    return Markup('<section class="sheet">{}{}{}</section>').format(head, groups, foot)


def _group(group: Mapping[str, Any], said: Mapping[str, Any]) -> Markup:
    heads = Markup("").join(
        Markup('<th class="{}">{}</th>').format(look, text)
        for look, text in zip(("id", "", "most", "by"), said["heads"], strict=True)
    )
    rows = Markup("").join(_row(aspect, said) for aspect in group["aspects"])
    return Markup("<h2>{}</h2><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        group["name"], heads, rows
    )


def _row(aspect: Mapping[str, Any], said: Mapping[str, Any]) -> Markup:
    again = said["round"].format(aspect["round"]) if aspect["round"] > 1 else ""
    asks = Markup("").join(Markup('<span class="asks">{}</span>').format(line) for line in aspect["asks"])
    return Markup(
        '<tr><td class="id">{}</td><td>{}{}{}</td><td class="most">{}</td><td class="by{}">{}</td></tr>'
    ).format(
        aspect["id"],
        aspect["name"],
        again,
        asks,
        _mark(aspect["maximum"]),
        "" if all(step % 100 == 0 and step < 1000 for step in aspect["steps"]) else " wide",
        _boxes(aspect),
    )


def _boxes(aspect: Mapping[str, Any]) -> Markup:
    """Rings to choose from, or a box for each figure: as many before the point as the maximum has, two behind it."""
    if aspect["steps"]:
        return Markup("").join(Markup('<span class="step">{}</span>').format(_mark(step)) for step in aspect["steps"])
    box = Markup('<span class="box"></span>')
    figures = box * len(str(aspect["maximum"] // 100)) + Markup('<span class="point">.</span>') + box * 2
    return Markup('<span class="boxes">{}</span>').format(figures)


def _mark(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")
