"""An organiser's own template: what is taken, and what is refused in which file and line."""

from __future__ import annotations

import io
import stat
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.own.archive import EXAMPLE, LARGEST, Own, example, read
from certificates.own.checking import check
from certificates.own.faults import Faulty
from certificates.own.samples import samples
from certificates.own.setting import OwnPress

HERE = '<div class="abs main">'
IN_A_URL = "data:image/svg+xml;base64,{}"
OUTSIDE = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="http://evil.example/x" width="9" height="9"/></svg>'
DECLARED = b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&x;</text></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n"
GIF = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
INNER, ENTITY = (IN_A_URL.format(b64encode(one).decode()) for one in (OUTSIDE, DECLARED))


def files() -> dict[str, bytes]:
    return {path.relative_to(EXAMPLE).as_posix(): path.read_bytes() for path in sorted(EXAMPLE.rglob("*.*"))}


def zipped(content: dict[str, bytes], **about: Any) -> bytes:
    """A ZIP; `about` is set on the last member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, (name, data) in enumerate(content.items(), 1):
            one = zipfile.ZipInfo(name)
            for key, value in about.items() if place == len(content) else ():
                setattr(one, key, value)
            archive.writestr(one, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def changed(file: str, old: str, new: str) -> bytes:
    """The example with one thing changed."""
    content = files()
    assert old.encode() in content[file]
    return zipped({**content, file: content[file].replace(old.encode(), new.encode(), 1)})


def bad_pages() -> Iterator[tuple[str, str, str, str, int, str]]:
    """File, what is changed, into what; rule, line, and what the fault names."""
    page, style, drawing = "template.html", "style.css", "art/frame.svg"
    yield page, "art/frame.svg", "https://evil.example/x.png", "page.fetches", 5, "https://evil.example/x.png"
    yield page, "art/frame.svg", "art/none.svg", "page.fetches", 5, "art/none.svg"
    yield style, ".frame {", ".frame { background: url(file:///etc/passwd);", "page.fetches", 2, "etc/passwd"
    yield style, ".frame {", ".frame { background: url(../../etc/passwd);", "page.fetches", 2, "etc/passwd"
    yield page, "</head>", "<style>@import url(//evil.example/a.css);</style></head>", "page.fetches", 3, "evil.example"
    yield page, "</head>", '<link rel="attachment" href="file:///etc/passwd"></head>', "page.fetches", 3, "etc/passwd"
    yield style, ".frame {", "* { letter-spacing: 1e30px } .frame {", "page.part", 0, "OverflowError"
    yield page, HERE, "{% include '/etc/passwd' %}" + HERE, "file.missing", 0, ""
    yield page, HERE, "{% for a in range(10000000) %}{% endfor %}" + HERE, "jinja.failed", 9, "Range too big"
    yield page, HERE, "{{ 9 ** 999999999 }}" + HERE, "jinja.failed", 9, "**"
    yield page, HERE, "{{ 'x' * 999999999 }}" + HERE, "jinja.failed", 9, "*"
    yield page, HERE, "{{ sheet.__class__.__mro__ }}" + HERE, "jinja.failed", 9, "__class__"
    yield (
        page,
        HERE,
        "{% for a in range(99999) %}{{ sheet.keywords }}xxxxxxxx{% endfor %}" + HERE,
        "page.too-long",
        0,
        "",
    )
    yield page, HERE, "{% include 'template.html' %}" + HERE, "page.too-long", 0, ""
    yield page, HERE, "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}" + HERE, "page.deep", 9, ""
    yield page, HERE, "{% if 1 %}" * 3000 + "{% endif %}" * 3000 + HERE, "page.deep", 0, ""
    yield page, HERE, "{{ " + "9" * 5000 + " }}" + HERE, "jinja.syntax", 0, "4300"
    yield page, HERE, "{{ '{0.__class__}'.format(sheet) }}" + HERE, "jinja.failed", 9, "__class__"
    yield (
        page,
        HERE,
        '<svg><image href="http://evil.example/x" width="9" height="9"/></svg>' + HERE,
        "page.fetches",
        9,
        "evil",
    )
    yield page, HERE, f'<img alt="x" src="{INNER}">' + HERE, "page.fetches", 0, "evil.example"
    yield page, HERE, f'<img alt="x" src="{ENTITY}">' + HERE, "page.part", 0, "undefined entity &x;"
    for kind in (EPS, GIF):
        drawn = f'<img alt="x" src="data:image/png;base64,{b64encode(kind).decode()}">'
        yield page, HERE, drawn + HERE, "page.picture", 0, ""
        yield (
            page,
            HERE,
            f"<svg>{drawn.replace('img', 'image').replace('src', 'href')}</svg>" + HERE,
            "page.picture",
            0,
            "",
        )
    yield page, HERE, '<a rel="attachment" href="data:text/plain,hello">x</a>' + HERE, "page.carries", 0, ""
    for address in (
        "javascript:app.alert(1)",
        "file:///etc/passwd",
        "data:text/html,hello",
        "mailto:a@evil.example",
        "http://verify.example/v/0000000000000000",
        "https://verify.example/v/0000000000000001",
        "#top",
    ):
        yield page, HERE, f'<a id="top" href="{address}">x</a>' + HERE, "page.leads", 9, address
    yield drawing, "<g fill", '<a href="javascript:alert(1)"><g/></a><g fill', "svg.foreign", 3, "javascript"
    yield (
        style,
        ".frame {",
        "@font-face { font-family: PodKai; src: url(data:font/ttf,%00%01%00%00) } .frame {",
        "page.font",
        2,
        "",
    )
    yield page, HERE, "{{ sheet.name|safe }}" + HERE, "jinja.syntax", 9, "safe"
    yield page, HERE, "{% autoescape false %}{% endautoescape %}" + HERE, "jinja.forbidden", 9, "autoescape"
    yield page, HERE, "{{ sheet.nothing }}" + HERE, "jinja.failed", 9, "nothing"
    yield page, HERE, "<p>💩</p>" + HERE, "page.font", 9, "U+1F4A9"
    yield page, HERE, '<p>x</p><p style="break-before: page">x</p>' + HERE, "page.more", 0, ""
    yield page, "{{ parts.verify(sheet, draw) }}", "{{ sheet.number }}", "page.code", 0, ""
    yield page, "{{ parts.verify(sheet, draw) }}", "{{ draw(sheet.qr) }}", "page.number", 0, "PD2026"
    yield drawing, "<g fill", "<script/><g fill", "svg.acts", 3, "script"
    yield drawing, "<g fill", '<g onload="x()"/><g fill', "svg.acts", 3, "onload"
    yield drawing, "<g fill", '<image href="http://evil.example/x"/><g fill', "svg.foreign", 3, "evil"
    yield drawing, "<g fill", "<g style=\"fill:url('x.svg#a')\"/><g fill", "svg.foreign", 3, "x.svg"
    yield drawing, "<svg", '<!DOCTYPE x [<!ENTITY a "b">]><svg', "svg.declares", 1, ""
    yield "design.toml", "width = 297", "width = 29700", "figures.bounds", 2, "29700"
    yield "design.toml", "[title]", "[tittle]", "figures.unknown", 6, "tittle"


@pytest.mark.parametrize(("file", "old", "new", "rule", "line", "detail"), list(bad_pages()))
def test_a_template_that_cannot_be_relied_on_is_refused_where_it_is_wrong(
    file: str, old: str, new: str, rule: str, line: int, detail: str
) -> None:
    """Network, files, climbing, loops, markup that is not escaped, scripts, missing code: the rule, the file, the line."""
    fault = check(changed(file, old, new)).fault
    assert fault and fault.rule == rule and detail in fault.detail
    assert fault.line == line and (not line or fault.file == file)


def test_an_archive_that_is_not_what_it_should_be_is_refused_before_anything_is_set() -> None:
    """Climbing names, links, bombs, strange files, too many, too large, no page: none of them is read further."""
    good, page = files(), files()["template.html"]
    link = (stat.S_IFLNK | 0o777) << 16
    found = {
        "zip.path": [zipped({**good, name: page}) for name in ("../evil.html", "/evil.html", "a/../../evil.html", "C:evil.html")],
        "zip.link": [zipped({**good, "evil.css": b"/etc/passwd"}, external_attr=link)],
        "zip.bomb": [zipped({**good, "evil.css": bytes(30_000_000)})],
        "zip.kind": [zipped({**good, name: b"x"}) for name in ("evil.py", "font.ttf", "other.toml")],
        "zip.too-many": [zipped({**good, **{f"{n}.css": b"" for n in range(40)}})],
        "zip.too-large": [example() + bytes(LARGEST)],
        "zip.unreadable": [b"", b"PK\3\4", example()[:-100]],
        "file.missing": [zipped({"page.html": page})],
        "figures.unreadable": [zipped({**good, "design.toml": b"width = " + b"[" * 100_000})],
        "text.encoding": [zipped({**good, "style.css": "\n证书".encode("gbk")})],
        "picture.unreadable": [zipped({**good, "a.png": good["art/frame.svg"]})],
    }  # fmt: skip
    for rule, archives in found.items():
        for archive in archives:
            with pytest.raises(Faulty) as refused:
                read(archive)
            assert refused.value.fault.rule == rule
    assert read(zipped({**good, "style.css": b"a\n\n"})).texts["style.css"] == "a\n\n"
    assert "template.html" in read(zipped({f"mine/{name}": data for name, data in good.items()})).files


def test_the_example_sets_every_sample_and_hides_no_markup_of_a_name() -> None:
    """What we give out to begin with is taken, as a form too; a name that is written like markup is printed as it stands,
    and a link to the certificate's own verification leads there, at an address of several lines."""
    checked = check(example())
    assert checked.fault is None and list(checked.pictures) == list(samples(form=False)) and not checked.form
    assert all(len(one.name) in (2, 3, 30) for one in samples(form=False).values())
    own: Own = read(example())
    (pdf,) = OwnPress(own).print([samples(form=True)["short"]])
    said = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "PD2026-000137" in said.replace(" ", "")
    verified = '<a href="https://{{ sheet.address_lines|join }}">x</a>'
    own = read(changed("template.html", HERE, verified + HERE))
    far = "https://jingsai.podium.skills-competition.example/v/0123456789ABCDEF"
    (pdf,) = OwnPress(own).print([replace(samples(form=False)["short"], name="<b>王㛃</b>", verify_url=far)])
    (link,) = PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Kids"][0]["/Annots"]
    assert link.get_object()["/A"]["/URI"] == far
    said = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "<b>王㛃</b>" in "".join(said.split())
