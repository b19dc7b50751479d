"""The page of characters that no face draws: who waits for them, and three ways to give one."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any, cast

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Response

from admin import desk
from admin.pages import Upload
from admin.setup import refusal_of
from certificates import characters as drawn
from scoring.verdict import Words
from server.access import organiser
from server.errors import Refusal
from server.issuing import characters
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

HERE = "/office/{slug:str}/characters"
HOW = {
    "font": Words("取自字体", "out of the font"),
    "picture": Words("描自图片", "from the picture"),
    "other": Words("按另一字", "as"),
}
GIVEN = Words("{char} 现在能印了。", "{char} can be printed now.")
NO_FILE = Refusal(
    "character.file",
    Words("还没有选文件。", "No file is chosen."),
    Words("请选含这个字的字体，或这个字的图片。", "Choose a font that has the character, or a picture of it."),
    status=422,
)


@get(HERE, opt={"access": organiser}, include_in_schema=False)
async def characters_page(request: Web) -> Response[str]:
    """Everybody whose name cannot be printed, and what was given for others."""
    return await _page(request)


@post(HERE, opt={"access": organiser}, include_in_schema=False, request_max_body_size=characters.LARGEST + 1_000_000)
async def give_character(request: Web, data: Upload) -> Response[Any]:
    """Give a character an outline."""
    competition, state = request.state.scope.competition, request.app.state
    char, how = str(data.get("character", "")), str(data.get("how", ""))
    try:
        if how == "other":
            content, source = b"", str(data.get("other", ""))
        else:
            file = data.get("file")
            if how not in HOW or not isinstance(file, UploadFile) or not file.filename:
                raise NO_FILE
            content, source = await file.read(characters.LARGEST + 1), file.filename
        await characters.give(
            competition,
            char,
            cast("characters.How", how),
            content,
            source,
            state.settings.data,
            state.presses,
            request.user,
            datetime.now(UTC),
        )
    except Refusal as refusal:
        return await _page(request, refusal)
    return Redirect(f"/office/{competition['slug']}/characters?done={ord(char):x}", status_code=303)


async def _page(request: Web, refusal: Refusal | None = None) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    url, rows = f"/office/{competition['slug']}", await characters.given()
    done = next(
        (row["character"] for row in rows if f"{ord(row['character']):x}" == request.query_params.get("done")), ""
    )
    return page(
        request,
        "office/characters.html",
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "certificates", None, lang, sets_up=True),
        competition={"name": name_of(competition, lang), "url": url},
        action=f"{url}/characters",
        wanting=[
            {"char": one.char, "codepoint": one.codepoint, "people": one.people}
            for one in await characters.wanting(competition)
        ],
        given=[
            {
                "codepoint": f"U+{ord(row['character']):04X}",
                "picture": f"data:image/svg+xml;base64,{b64encode(drawn.picture(row['outline']).encode()).decode()}",
                "how": f"{spoken(HOW[row['how']], lang)} {row['source']}",
                "by": row["by_name"],
                "at": row["at"],
            }
            for row in reversed(rows)
        ],
        said={"what": spoken(GIVEN, lang).format(char=f"U+{ord(done):04X}")} if done and not refusal else None,
        problem=refusal_of(refusal, lang),
    )


ROUTES = Router("/", route_handlers=[characters_page, give_character])
