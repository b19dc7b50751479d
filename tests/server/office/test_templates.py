"""An organiser's own template at the desk: previewed, refused in words, kept, chosen, looked at on a real paper."""

from __future__ import annotations

import re

from certificates.own.archive import example, read
from tests.certificates.test_own import changed
from tests.server.conftest import Site
from tests.server.small import brought, founded


async def test_a_template_is_previewed_kept_and_chosen(site: Site) -> None:
    """The example downloads and is shown five times; what fetches is refused where it does; what is kept can be chosen."""
    small = await brought(await founded(), "certified")
    desk, url = await site.visitor(small.staff.account), f"/office/{small.slug}/setup"
    archive = (await desk.get(f"{url}/template-example.zip")).content
    assert archive == example() and "template.html" in read(archive).files
    bad = changed("style.css", ".frame {", ".frame { background: url(http://evil.example/x.png);")
    for path, status in (("preview", 200), ("own", 422)):
        answer = await desk.post(f"{url}/designs/judge/{path}", data={"name": "校徽版"}, files={"file": ("t.zip", bad)})
        assert answer.status_code == status and "style.css 第 2 行" in answer.text
        answer = await desk.post(
            f"{url}/designs/judge/{path}", data={"name": "校徽版"}, files={"other": ("t.zip", bad)}
        )
        assert answer.status_code == status and "还没有选文件" in answer.text
    shown = await desk.post(f"{url}/designs/judge/preview", data={"name": "校徽版"}, files={"file": ("t.zip", archive)})
    assert shown.text.count("data:image/jpeg;base64,") == 5 and "生僻字" in shown.text
    kept = await desk.post(f"{url}/designs/judge/own", data={"name": "校徽版"}, files={"file": ("t.zip", archive)})
    assert kept.status_code == 303
    page = (await desk.get(kept.headers["location"])).text
    (design,) = re.findall(r'value="(own:[0-9a-f-]+)"', page)
    picture = await desk.get(f"{url}/templates/{design.removeprefix('own:')}")
    assert picture.headers["content-type"] == "image/jpeg" and picture.content.startswith(b"\xff\xd8")
    assert (await desk.get(f"{url}/templates/none")).status_code == 404
    assert (await desk.post(f"{url}/designs/judge", data={"design": design})).status_code == 303
    assert "校徽版（第 1 版）" in (await desk.get(f"/office/{small.slug}/issuing/judge")).text
    (look, *_) = re.findall(
        rf"/office/{small.slug}/issuing/judge/look/[^\"]+", (await desk.get(f"/office/{small.slug}/issuing/judge")).text
    )
    paper = await desk.get(look)
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
