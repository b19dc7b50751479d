"""Envelopes for one layer of a draw: outside what one starts from, inside what it leads to, and nothing else.

Two stand on a sheet of A4, to be cut apart and folded once. Neither the paper nor the file says anything of another
layer: no name, no unit, no other number, and a title that is the same for everybody.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from certificates.rendering import plain_printed

STYLE = """
@page { size: A4; margin: 0 }
* { margin: 0; padding: 0; box-sizing: border-box }
html { font-family: PodSerif, PodKai, PodMore; color: #1d1a18 }
.envelope { position: relative; display: flex; height: 148.4mm; break-inside: avoid; border-bottom: .3mm dashed #888 }
.envelope:nth-child(2n) { border-bottom: 0; break-after: page }
.envelope:last-child { break-after: auto }
.half { width: 105mm; height: 148.4mm; padding: 16mm 10mm; text-align: center }
.outside { border-right: .2mm dotted #888 }
.where { font-size: 11pt; line-height: 1.5 }
.what { margin-top: 16mm; font-size: 12pt; color: #555 }
.big { margin-top: 3mm; font-size: 44pt; font-weight: 700; line-height: 1.2 }
.sign { position: absolute; left: 14mm; bottom: 14mm; width: 77mm; padding-top: 2mm; border-top: .2mm solid #888; font-size: 9pt; color: #555 }
.inside .what { margin-top: 40mm }
"""
SAID = {
    "zh": {"title": "抽签信封", "inside": "信封内：", "sign": "封口签名"},
    "en": {"title": "Envelopes of a draw", "inside": "Inside: ", "sign": "Signed across the seal"},
}  # fmt: skip


def printed(heading: Sequence[str], inside: str, pairs: Iterable[tuple[str, str]], lang: str = "zh") -> bytes:
    """One PDF with an envelope for each pair (outside, inside). Raises ValueError with characters that cannot be drawn."""
    said = SAID[lang]
    where = Markup("<br>").join(escape(line) for line in heading)
    body = Markup("").join(
        Markup(
            '<div class="envelope"><div class="half outside"><p class="where">{}</p><p class="what">{}{}</p>'
            '<p class="big">{}</p><p class="sign">{}</p></div>'
            '<div class="half inside"><p class="what">{}</p><p class="big">{}</p></div></div>'
        ).format(where, said["inside"], inside, left, said["sign"], inside, right)
        for left, right in pairs
    )
    page = Markup('<!doctype html><html lang="{}"><head><title>{}</title></head><body>{}</body></html>')
    return plain_printed(page.format("zh-CN" if lang == "zh" else "en", said["title"], body), STYLE)
