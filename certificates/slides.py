"""The award ceremony as pages of 16:9, one a step, in our own faces: for a hall whose computer has nothing but a reader."""

import base64
import io
from collections.abc import Sequence

from markupsafe import Markup
from PIL import Image

from certificates.rendering import plain_printed
from certificates.slide import Card, Slide

HAN_LETTERS = {"gold": "金", "silver": "银", "bronze": "铜"}
LATIN_LETTERS = {"gold": "G", "silver": "S", "bronze": "B"}
SAID = {"zh": {"ceremony": "颁奖", "points": "分"}, "en": {"ceremony": "Award ceremony", "points": "points"}}
MOST_IN_A_LIST, FEW = 18, 3
LEADING = 1.4
"""From one line of a name to the next, in its size; a face's own is not smaller."""
PHOTO = (480, 672)
"""Pixels of a photo on a page: a larger one only makes the file heavy."""
STYLE = """
@page { size: 320mm 180mm; margin: 0; background: #082d37 }
* { margin: 0; padding: 0; box-sizing: border-box }
html { font-family: PodSerif, PodKai, PodMore; color: #fff; line-height: 1.3 }
.page { position: relative; width: 320mm; height: 180mm; overflow: hidden; break-after: page; text-align: center; background: radial-gradient(ellipse at 50% 46%, #12505f, #082d37 62%, #051f27) }
.page:last-child { break-after: auto }
.over { position: absolute; top: 10mm; left: 20mm; right: 20mm; font-size: 21pt; font-weight: 700; color: #e9f2f3 }
.over small { display: block; font-size: 14pt; font-weight: 400; color: #b9d3d9 }
.middle { position: absolute; left: 16mm; right: 16mm; top: 38mm }
.title .middle { top: 62mm } .title h1 { font-size: 54pt; line-height: 1.25 } .title p { margin-top: 6mm; font-size: 22pt; color: #f2d79a }
.disc { display: inline-block; width: 26mm; height: 26mm; border-radius: 13mm; border: 1.4mm solid #e9cd86; font-size: 40pt; line-height: 22.4mm; font-weight: 700; background: #b48a2c }
.silver.disc { background: #69727f; border-color: #c3c9d2 } .bronze.disc { background: #a2673f; border-color: #dfb596 }
.flag { display: inline-block; width: 36mm; height: 24mm; margin-left: 6mm; object-fit: contain; vertical-align: top; padding: 1mm 0 } .small.flag { width: 9mm; height: 6mm; margin: 0 2mm 0 0; padding: 0; vertical-align: middle } .list .small.flag { width: 6mm; height: 4mm }
.called { font-size: 22pt; color: #f2d79a }
.name { font-weight: 700; line-height: 1.2; margin-top: 2mm }
.whence { margin-top: 2mm; font-size: 26pt; color: #f2d79a }
.photos { position: absolute; left: 18mm; top: 42mm; width: 66mm } .photos img { width: 60mm; height: 84mm; border: 1mm solid #e9cd86; border-radius: 2mm } .photos.many img { width: 31mm; height: 43.4mm; margin: .6mm }
.seen .middle { left: 92mm }
.below { position: absolute; left: 24mm; right: 24mm; bottom: 14mm; font-size: 20pt }
.below div { display: inline-block; width: 128mm; position: relative; height: 24mm; margin: 0 3mm; padding: 3mm 4mm 3mm 20mm; border-radius: 3mm; background: #1d4550; text-align: left; overflow: hidden; white-space: nowrap; vertical-align: top } .below .disc { position: absolute; left: 5mm; top: 6.5mm; margin: 0 !important } .below b { display: block; height: 9.4mm } .below .disc, .row span.disc, .podium .row span.disc { display: inline-block; margin: 0 2mm 0 0; width: 11mm; height: 11mm; border-width: .6mm; border-radius: 5.5mm; font-size: 15pt; line-height: 9.6mm; text-align: center } .below span { color: #d5e5e8; font-size: 14pt }
.rows { position: absolute; left: 16mm; right: 16mm; top: 52mm; text-align: left } .list .middle { top: 32mm }
.row { display: inline-block; width: 94mm; height: 18mm; margin: 0 .8mm; padding: 1.4mm 0; border-top: .25mm solid #39606a; overflow: hidden; vertical-align: top } .row b { font-size: 17pt } .row span { display: block; font-size: 12pt; color: #d5e5e8 }
.podium .row { display: block; width: 100%; height: 13.4mm; padding: .9mm 4mm } .podium.few .row { height: 34mm; padding-top: 8mm } .podium.few .row b { font-size: 34pt } .podium.few .row span { font-size: 22pt } .podium .row b { font-size: 21pt } .podium .row span { display: inline; margin-left: 6mm; font-size: 15pt } .podium .rows { top: 38mm }
"""


def pages(over: str, slides: Sequence[Slide], lang: str = "zh") -> bytes:
    """One PDF with a page for every step. Raises ValueError with characters that cannot be drawn."""
    body = Markup("").join(part for slide in slides for part in _page(over, slide, lang))
    page = Markup('<!doctype html><html lang="{}"><head><title>{} · {}</title></head><body>{}</body></html>')
    return plain_printed(page.format("zh-CN" if lang == "zh" else "en", over, SAID[lang]["ceremony"], body), STYLE)


def _page(over: str, slide: Slide, lang: str) -> list[Markup]:
    """A slide as one page; a long list goes on on the next."""
    if slide.kind == "list":
        parts = [slide.cards[at : at + MOST_IN_A_LIST] for at in range(0, len(slide.cards), MOST_IN_A_LIST)]
        head = Markup('<div class="middle"><p class="called">{}</p></div>').format(slide.called)
        return [_framed(over, slide, head + _rows(cards, lang), "list", lang) for cards in parts]
    if slide.kind == "podium":
        return [
            _framed(over, slide, _rows(slide.cards, lang), "podium few" if len(slide.cards) <= FEW else "podium", lang)
        ]
    if slide.kind == "title":
        inside = Markup('<div class="middle"><h1>{}</h1><p>{} · {}</p></div>').format(
            slide.event, over, SAID[lang]["ceremony"]
        )
        return [Markup('<div class="page title">{}</div>').format(inside)]
    return [_framed(over, slide, _winner(slide, lang), "seen" if slide.cards[0].photos else "", lang)]


def _framed(over: str, slide: Slide, inside: Markup, look: str, lang: str) -> Markup:
    return Markup('<div class="page {}"><p class="over">{}<small>{} · {}</small></p>{}</div>').format(
        look, slide.event, over, SAID[lang]["ceremony"], inside
    )


def _winner(slide: Slide, lang: str) -> Markup:
    (card,) = slide.cards
    photos = Markup("").join(Markup('<img src="{}" alt="">').format(_picture(photo)) for photo in card.photos[:4])
    many = " many" if len(card.photos) > 1 else ""
    seen = Markup('<div class="photos{}">{}</div>').format(many, photos) if photos else Markup("")
    below = Markup("").join(
        Markup('<div>{}<b style="font-size:{}pt">{}</b><span>{}{}</span></div>').format(
            _disc(one.award, lang), size_of(one.name, 20, 270), one.name, _small_flag(one), one.whence
        )
        for one in slide.below
    )
    return seen + Markup(
        '<div class="middle">{}{}<p class="called">{}</p><p class="name" style="font-size:{}pt">{}</p><p class="whence">{} · {} {}</p></div>'
        '<div class="below">{}</div>'
    ).format(
        _disc(card.award, lang), _flag(card), card.called, size_in(card.name, 780 if not photos else 570, 140), card.name, card.whence, card.total,
        SAID[lang]["points"], below,
    )  # fmt: skip


def _rows(cards: Sequence[Card], lang: str) -> Markup:
    rows = [
        Markup('<div class="row">{}<b>{}</b><span>{}{} · {}</span></div>').format(
            _disc(one.award, lang), one.name, _small_flag(one), one.whence, one.total
        )
        for one in cards
    ]
    return Markup('<div class="rows">{}</div>').format(Markup("").join(rows))


def _disc(award: str, lang: str) -> Markup:
    letter = (HAN_LETTERS if lang == "zh" else LATIN_LETTERS).get(award)
    return Markup('<span class="disc {}">{}</span>').format(award, letter) if letter else Markup("")


def _flag(card: Card) -> Markup:
    return Markup('<img class="flag" src="{}" alt="">').format(_data(card.flag, "jpeg")) if card.flag else Markup("")


def _small_flag(card: Card) -> Markup:
    if not card.small_flag:
        return Markup("")
    return Markup('<img class="small flag" src="{}" alt="">').format(_data(card.small_flag, "png"))


def size_in(name: str, wide: int, high: int) -> int:
    """Points in which a name goes into a box, in one line or, where that is larger, in two; the second takes what did not fit the first."""
    return max(size_of(name, int(high / lines / LEADING), wide * lines * 9 // 10) for lines in (1, 2))


def size_of(name: str, most: int, room: int) -> int:
    """Points in which a name goes into so many points of `room`; a Han character is as wide as two letters."""
    width = sum(1.0 if ord(sign) > 0x2E7F else 0.55 for sign in name)
    return max(9, min(most, int(room / max(width, 4))))


def _picture(photo: bytes) -> str:
    with Image.open(io.BytesIO(photo)) as picture:
        picture.thumbnail(PHOTO)
        file = io.BytesIO()
        picture.convert("RGB").save(file, "JPEG", quality=88)
    return _data(file.getvalue(), "jpeg")


def _data(picture: bytes, form: str) -> str:
    return f"data:image/{form};base64,{base64.b64encode(picture).decode()}"
