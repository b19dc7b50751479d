"""The plan of an event's stations: a sheet for each shift, and on it who or what goes where.

A plan has one side of a draw only: entries by their number, or work codes. Neither says a name or a unit, and no plan
has both, because together they tell whose work it is.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from certificates.rendering import plain_printed

STYLE = """
@page { size: A4 landscape; margin: 14mm 14mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt PodSerif; color: #6b6560 } @bottom-left { content: string(note); font: 8pt PodSerif, PodKai, PodMore; color: #6b6560 } }
* { margin: 0; padding: 0; box-sizing: border-box }
html { font-family: PodSerif, PodKai, PodMore; line-height: 1.4; color: #1d232b }
.shift { break-after: page } .shift:last-child { break-after: auto }
.over { font-size: 10.5pt; color: #0f5c6e }
h1 { margin-top: 1mm; padding-bottom: 3mm; font-size: 19pt; line-height: 1.3; border-bottom: .5mm solid #0f5c6e; string-set: note attr(data-note) }
h1 span { float: right; font-size: 15pt; color: #0f5c6e }
.tiles { margin: 4mm -1.5mm 0 }
.tile { display: inline-block; width: 51mm; height: 29mm; margin: 1.5mm; padding: 2.5mm 3.5mm; border: .3mm solid #d3cec2; border-left: 1.6mm solid #0f5c6e; border-radius: 1.5mm; vertical-align: top; break-inside: avoid }
.tile p { font-size: 9pt; color: #4a525c }
.tile b { display: block; margin-top: 1.5mm; font-size: 21pt; line-height: 1.25 }
.tile b.long { font-size: 14pt; line-height: 1.8 }
.free { border-left-color: #d3cec2; background: #f3f1eb } .free b { color: #8a8476; font-weight: 400; font-size: 13pt }
"""
SAID = {
    "zh": {
        "title": "赛位图",
        "shift": "第 {} 场",
        "station": "{} 号赛位",
        "free": "空",
        "entry": "报名号与赛位 · 供赛场工作人员引导选手，不得给裁判看",
        "number": "参赛编号与赛位 · 供保管人使用，不得给裁判看",
        "code": "加密号与赛位 · 供保管人贴号，不得与报名号放在一起",
    },
    "en": {
        "title": "Station plan",
        "shift": "Shift {}",
        "station": "Station {}",
        "free": "free",
        "entry": "Entries and stations · for those who show competitors to their places; not for judges",
        "number": "Numbers and stations · for their custodian; not for judges",
        "code": "Work codes and stations · for their custodian; never together with entries",
    },
}


def plan(
    over: str, of: str, what: str, shifts: Mapping[int, Mapping[int, str]], stations: int, lang: str = "zh"
) -> bytes:
    """One PDF: `shifts` says for each shift what stands at which station; `what` is entry, number or code.

    Stations that nobody has are shown as free. Raises ValueError with characters that cannot be drawn.
    """
    said = SAID[lang]
    body = Markup("").join(
        Markup(
            '<div class="shift"><p class="over">{}</p><h1 data-note="{}"><span>{}</span>{} · {}</h1><div class="tiles">{}</div></div>'
        ).format(
            over, said[what], said["shift"].format(shift), of, said["title"], _tiles(placed, stations, said)
        )
        for shift, placed in sorted(shifts.items())
    )  # fmt: skip
    page = Markup('<!doctype html><html lang="{}"><head><title>{}</title></head><body>{}</body></html>')
    lines = Markup("<span hidden>{}</span>").format(said[what])  # the foot is set in these characters as well
    return plain_printed(
        page.format("zh-CN" if lang == "zh" else "en", said["title"], body + lines),
        STYLE + "[hidden] { display: none }",
    )


def _tiles(placed: Mapping[int, str], stations: int, said: Mapping[str, str]) -> Markup:
    return Markup("").join(_tile(number, placed.get(number, ""), said) for number in numbers(placed, stations))


def numbers(placed: Mapping[int, str], stations: int) -> Sequence[int]:
    """Every station that there is, also when somebody was given one beyond the last."""
    return range(1, max([stations, *placed]) + 1)


def _tile(number: int, text: str, said: Mapping[str, str]) -> Markup:
    look = Markup(' class="long"') if len(text) > 9 else Markup("")
    return Markup('<div class="tile{}"><p>{}</p><b{}>{}</b></div>').format(
        "" if text else " free", said["station"].format(number), look, text or said["free"]
    )
