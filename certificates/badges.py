"""Badges: cards of 86 × 124 mm for competitors and judges, four on a sheet of A4, with marks to cut along.

The code on a card is an opaque word: whoever finds a card and scans it learns nothing that is not printed beside it.
A competitor without a photo gets room to paste one, and their family name in it, so that the card is a card and not a hole.
"""

import base64
import functools
import io
import math
from collections.abc import Sequence

from markupsafe import Markup, escape
from PIL import Image, ImageDraw

from certificates import qr
from certificates.badge import Badge
from certificates.rendering import plain_printed

WIDTH, HEIGHT = 86, 124
GAP, BLEED = 6, 2
LEFT, TOP = (210 - 2 * WIDTH - GAP) / 2, (297 - 2 * HEIGHT - GAP) / 2
ON_A_SHEET = 4
PHOTO = (390, 546)
"""Pixels of a photo of 33 × 46.2 mm at 300 dpi; a larger one only makes the file heavy."""
BAND = 37
BANDS = {"competitor": ("#0f5c6e", "#3f7d8b"), "judge": ("#8f2a18", "#a55546")}
"""The colour of a band, and of the waves on it."""
FINE = 3
NAME, SMALLEST = 78 / 0.3528, 13
"""Points that a name may be wide; the smallest size that is read across a table."""

STYLE = f"""
@page {{ size: A4; margin: 0 }}
* {{ margin: 0; padding: 0; box-sizing: border-box }}
html {{ font-family: PodSerif, PodKai, PodMore; color: #1d232b; line-height: 1.3 }}
.sheet {{ position: relative; width: 210mm; height: 297mm; overflow: hidden; break-after: page }}
.sheet:last-child {{ break-after: auto }}
.marks {{ position: absolute; left: 0; top: 0 }}
.card {{ position: absolute; width: {WIDTH}mm; height: {HEIGHT}mm; text-align: center }}
.band {{ position: absolute; left: -{BLEED}mm; top: -{BLEED}mm; width: {WIDTH + 2 * BLEED}mm; height: {BAND + BLEED}mm; background: #0f5c6e; overflow: hidden }}
.judge .band {{ background: #8f2a18 }}
.band img {{ display: block; width: 100%; height: 100% }}
.slot {{ position: absolute; left: 36mm; top: 3.4mm; width: 14mm; height: 3.2mm; border-radius: 1.6mm; background: #fff; border: .2mm dashed #8a8476 }}
.head {{ position: absolute; left: 6mm; right: 6mm; top: 8.4mm; color: #fff }}
.over {{ height: 9.6mm; display: flex; align-items: center; justify-content: center; line-height: 1.25 }}
.kind {{ font-size: 19pt; font-weight: 700; line-height: 1.15; letter-spacing: .34em; padding-left: .34em }}
.kind.latin {{ font-size: 15pt; letter-spacing: .06em; padding-left: .06em }}
.photo {{ position: absolute; left: 26.5mm; top: 30mm; width: 33mm; height: 46.2mm; border: 1.1mm solid #fff; background: #fff; border-radius: 1.4mm; overflow: hidden }}
.photo img {{ display: block; width: 30.8mm; height: 44mm; object-fit: cover }}
.paste {{ width: 30.8mm; height: 44mm; background: #f3f1eb; border: .25mm dashed #8a8476; color: #5f666f; font-size: 7pt; line-height: 1.45 }}
.paste b {{ display: block; padding-top: 6.5mm; height: 28mm; font: 42pt/1 PodKai; color: #d3cec2 }}
.name {{ position: absolute; left: 4mm; right: 4mm; top: 76.8mm; font-weight: 700; line-height: 10.4mm }}
.name.two {{ line-height: 5.2mm }}
.name .far {{ letter-spacing: .22em; padding-left: .22em }}
.lines {{ position: absolute; left: 5mm; right: 5mm; top: 87.2mm; height: 13.4mm; overflow: hidden }}
.event {{ line-height: 1.24; color: #0a4452; font-weight: 700 }}
.judge .event {{ color: #8f2a18 }}
.from {{ margin-top: .5mm; line-height: 1.28; color: #4a525c }}
.foot {{ position: absolute; left: 6mm; right: 6mm; top: 100.8mm; height: 20mm; border-top: .25mm solid #b48a2c; text-align: left }}
.foot .label {{ margin-top: 2.2mm; font-size: 7pt; color: #5f666f }}
.foot .number {{ font-size: 19pt; font-weight: 700; line-height: 1.2; letter-spacing: .02em }}
.foot .number.long {{ font-size: 13pt }}
.foot p {{ width: 54mm }}
.foot .when {{ margin-top: .6mm; line-height: 1.25; color: #5f666f }}
.foot svg {{ position: absolute; right: 0; top: 1.8mm }}
.edge {{ position: absolute; left: -{BLEED}mm; bottom: -{BLEED}mm; width: {WIDTH + 2 * BLEED}mm; height: {1.4 + BLEED}mm; background: #0f5c6e }}
.judge .edge {{ background: #8f2a18 }}
.judge .name {{ top: 48mm; line-height: 16mm }}
.judge .name.two {{ line-height: 8mm }}
.judge .lines {{ top: 79mm; height: 18mm }}
.judge .role {{ position: absolute; left: 28mm; right: 28mm; top: 67mm; padding: 1mm 0; font-size: 12pt; color: #8f2a18; border: .3mm solid #8f2a18; border-radius: 4mm }}
"""
SAID = {
    "zh": {"badges": "参赛证", "competitor": "参赛证", "number": "报名号", "paste": "请贴近期免冠照片", "judge": "裁判证", "judges": "裁判证", "seat": "席位"},
    "en": {"badges": "Badges", "competitor": "Competitor", "number": "Entry", "paste": "Paste a recent photo here", "judge": "Judge", "judges": "Judges' badges", "seat": "Seat"},
}  # fmt: skip


def competitors(over: str, when: str, badges: Sequence[Badge], lang: str = "zh") -> bytes:
    """One PDF with a card for every competitor, in order. Raises ValueError with characters that cannot be drawn."""
    return _printed(over, when, badges, "competitor", lang)


def judges(over: str, when: str, badges: Sequence[Badge], lang: str = "zh") -> bytes:
    """One PDF with a card for every judge, in order. Raises ValueError with characters that cannot be drawn."""
    return _printed(over, when, badges, "judge", lang)


def _printed(over: str, when: str, badges: Sequence[Badge], kind: str, lang: str) -> bytes:
    sheets = [badges[start : start + ON_A_SHEET] for start in range(0, len(badges), ON_A_SHEET)]
    body = Markup("").join(_sheet(over, when, sheet, kind, lang) for sheet in sheets)
    page = Markup('<!doctype html><html lang="{}"><head><title>{}</title></head><body>{}</body></html>')
    title = SAID[lang]["badges" if kind == "competitor" else "judges"]
    return plain_printed(page.format("zh-CN" if lang == "zh" else "en", title, body), STYLE)


def corner(place: int) -> tuple[float, float]:
    """Left and top of the n-th card of a sheet, in millimetres."""
    return LEFT + place % 2 * (WIDTH + GAP), TOP + place // 2 * (HEIGHT + GAP)


def _sheet(over: str, when: str, badges: Sequence[Badge], kind: str, lang: str) -> Markup:
    cards = []
    for place, badge in enumerate(badges):
        left, top = corner(place)
        inside = _competitor(badge, lang) if kind == "competitor" else _judge(badge)
        cards.append(
            Markup('<div class="card {}" style="left:{}mm;top:{}mm">{}{}{}</div>').format(
                kind, left, top, _band(over, kind, lang), inside, _foot(badge, when, kind, lang)
            )
        )
    return Markup('<div class="sheet">{}{}</div>').format(Markup("").join(cards), _marks(len(badges)))


def _band(over: str, kind: str, lang: str) -> Markup:
    return Markup(
        '<div class="band">{}</div><div class="slot"></div><div class="head"><div class="over" style="font-size:{}pt"><span>{}</span></div>'
        '<div class="kind{}">{}</div></div>'
    ).format(_waves(kind), _fits(over, 74, 9.4, 2), over, " latin" if lang == "en" else "", SAID[lang][kind])


def _competitor(badge: Badge, lang: str) -> Markup:
    event = _event(badge.of)
    two = _fits(badge.of, 76, event + 1, 1) < event
    whence = _fits(badge.whence, 76, 6.1 if two else 8.2, 2)
    return Markup(
        '<div class="photo">{}</div><div class="name{}" style="font-size:{}pt">{}</div><div class="lines">'
        '<div class="event" style="font-size:{}pt">{}</div><div class="from" style="font-size:{}pt">{}</div></div>'
    ).format(_photo(badge, lang), *_name(badge.name, 24), event, badge.of, whence, badge.whence)


def _judge(badge: Badge) -> Markup:
    return Markup(
        '<div class="name{}" style="font-size:{}pt">{}</div><div class="role">{}</div>'
        '<div class="lines"><div class="event" style="font-size:{}pt">{}</div></div>'
    ).format(*_name(badge.name, 34), badge.role, _fits(badge.of, 76, 11, 3), badge.of)


def _foot(badge: Badge, when: str, kind: str, lang: str) -> Markup:
    label = SAID[lang]["number" if kind == "competitor" else "seat"]
    code = Markup(qr.drawing(qr.window(badge.token, 17)).svg())
    return Markup(
        '<div class="foot"><p class="label">{}</p><p class="number{}">{}</p><p class="when" style="font-size:{}pt">{}</p>{}</div>'
        '<div class="edge"></div>'
    ).format(label, " long" if len(badge.number) > 11 else "", badge.number, _fits(when, 54, 6.6, 2), when, code)


def _photo(badge: Badge, lang: str) -> Markup:
    if not badge.photo:
        return Markup('<div class="paste"><b>{}</b>{}</div>').format(badge.name[:1], SAID[lang]["paste"])
    data = base64.b64encode(_lighter(badge.photo)).decode()
    return Markup('<img alt="{}" src="data:image/jpeg;base64,{}">').format(badge.name, data)


def _lighter(photo: bytes) -> bytes:
    """A photo in the size in which it is printed."""
    with Image.open(io.BytesIO(photo), formats=("JPEG",)) as picture:
        if picture.width <= PHOTO[0]:
            return photo
        out = io.BytesIO()
        picture.convert("RGB").resize(PHOTO, Image.Resampling.LANCZOS).save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


def _name(name: str, largest: float) -> tuple[str, float, Markup]:
    """Whether a name takes two lines, its size in points, and itself.

    It keeps a size that is read across a table; two and three characters stand apart, as on every list of names.
    """
    fits = round(NAME / max(_ems(name) * 1.03, 1), 1)
    two = fits < SMALLEST
    look = "far" if len(name) <= 3 and not name.isascii() else "near"
    halves = _halves(name) if two else (name,)
    span = Markup('<span class="{}">{}</span>').format(look, Markup("<br>").join(escape(half) for half in halves))
    return " two" if two else "", SMALLEST if two else min(largest, fits), span


def _halves(name: str) -> tuple[str, ...]:
    """A long name in two, after the dot or space that is nearest to its middle."""
    places = [place + 1 for place, char in enumerate(name) if char in "·• "]
    if not places:
        return (name,)
    middle = min(places, key=lambda place: abs(2 * place - len(name)))
    return name[:middle].strip(), name[middle:].strip()


def _event(name: str) -> float:
    """Points of an event's name: on one line while that can be read, on two otherwise."""
    one = _fits(name, 76, 11, 1)
    return one if one >= 8.4 else _fits(name, 76, 8.4, 2)


def _fits(text: str, width: float, largest: float, lines: int) -> float:
    """Points in which a text fits into so many lines of `width` mm: nothing that was entered is cut off."""
    room = lines * width / 0.3528 if lines == 1 else (lines - 0.3) * width / 0.3528  # what breaking leaves over
    return round(min(largest, room / max(_ems(text) * 1.04, 1)), 1)


def _ems(text: str) -> float:
    """About how wide a line is, in its own size."""
    return sum(0.56 if char.isascii() else 1 for char in text)


@functools.cache
def _waves(kind: str) -> Markup:
    """Fine waves on the band's colour, as one picture for the whole file: as paths they take longer than all the rest."""
    dots = FINE * 300 / 25.4  # of a picture that is made smaller afterwards, so that the lines are smooth
    width, height = WIDTH + 2 * BLEED, BAND + BLEED
    picture = Image.new("RGB", (round(width * dots), round(height * dots)), BANDS[kind][0])
    pen = ImageDraw.Draw(picture)
    for number in range(20):
        at = [(x * dots, _lift(x / width, number) * dots) for x in range(width + 1)]
        pen.line(at, fill=BANDS[kind][1], width=round(0.16 * dots), joint="curve")
    out = io.BytesIO()
    small = picture.resize((picture.width // FINE, picture.height // FINE), Image.Resampling.LANCZOS)
    small.quantize(32, dither=Image.Dither.NONE).convert("RGB").save(out, "PNG", optimize=True)
    data = base64.b64encode(out.getvalue()).decode()
    return Markup('<img alt="" src="data:image/png;base64,{}">').format(data)


def _lift(along: float, number: int) -> float:
    """How far below the band's upper edge the n-th wave runs, in millimetres."""
    phase = 0.35 * number
    swing = math.sin(4 * math.pi * along + phase) * math.sin(2 * math.pi * along + phase / 3)
    return 2.1 * number - 1 + 2.6 * swing


@functools.cache
def _marks(cards: int) -> Markup:
    """Short lines at every corner, beyond the bleed: for a knife along a ruler as well as for a guillotine."""
    lines = []
    for place in range(cards):
        left, top = corner(place)
        for x in (left, left + WIDTH):
            for y, away in ((top, -1), (top + HEIGHT, 1)):
                lines.append(f"M{x} {y + away * BLEED}v{away * _reach(y, TOP, 2 * HEIGHT + GAP)}")
        for y in (top, top + HEIGHT):
            for x, away in ((left, -1), (left + WIDTH, 1)):
                lines.append(f"M{x + away * BLEED} {y}h{away * _reach(x, LEFT, 2 * WIDTH + GAP)}")
    return Markup(
        '<svg class="marks" xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" viewBox="0 0 210 297">'
        f'<path d="{"".join(lines)}" fill="none" stroke="#1d232b" stroke-width=".15"/></svg>'
    )


def _reach(at: float, first: float, whole: float) -> float:
    """Longer in the margin than between two cards."""
    return 6 if at in (first, first + whole) else GAP / 2 - BLEED
