"""The page on which the organiser chooses a design for each kind of certificate, from pictures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect, Response

from admin.pages import Upload
from admin.setup import Form, refusal_of, setup_page
from certificates.certificate import Kind
from certificates.designs import DESIGNS, suitable
from certificates.own.archive import LARGEST, example
from scoring.verdict import Words
from server.access import organiser
from server.competitions.flow import competition_named
from server.errors import Refusal
from server.issuing.choosing import KINDS, NAMES, choose, design_of, kind_named, words_of
from server.issuing.own import organiser_of, picture_of, templates_of, versioned
from server.issuing.template_keeping import check, keep
from server.web.page import Web, lang_of, spoken

HERE = "/office/{slug:str}/setup/designs"
LARGEST_UPLOAD = LARGEST + 1_000_000
SAMPLES = {
    "short": Words("两字姓名", "A name of two characters"),
    "long": Words("三十字姓名，三个单位盖章", "A name of thirty characters, three seals"),
    "rare": Words("生僻字", "Rare characters"),
    "english": Words("英文，赛项名称很长", "English, with a long event"),
    "bare": Words("中英对照，没有照片", "Both languages, no photo"),
}


@get("/office/{slug:str}/setup/designs", opt={"access": organiser}, include_in_schema=False)
async def designs_page(request: Web) -> Response[str]:
    """The designs of awards, which everybody has."""
    return await _page(request, "award")


@get("/office/{slug:str}/setup/designs/{kind:str}", opt={"access": organiser}, include_in_schema=False)
async def designs_of_kind(request: Web, kind: FromPath[str]) -> Response[str]:
    """The designs of another kind."""
    return await _page(request, kind_named(kind))


@post("/office/{slug:str}/setup/designs/{kind:str}", opt={"access": organiser}, include_in_schema=False)
async def choose_design(request: Web, kind: FromPath[str], data: Form) -> Response[Any]:
    """Choose one; what is printed already stays as it is."""
    competition, of_kind = request.state.scope.competition, kind_named(kind)
    try:
        await choose(competition, of_kind, data.get("design", ""), request.user, datetime.now(UTC), data.get("known"))
    except Refusal as refusal:
        request.state.scope = replace(request.state.scope, competition=await competition_named(competition["slug"]))
        return await _page(request, of_kind, refusal)
    request.app.state.printing.begin(competition)  # what an organiser's template could not print
    return Redirect(f"/office/{competition['slug']}/setup/designs/{of_kind}?done=design", status_code=303)


@post(
    f"{HERE}/{{kind:str}}/own", opt={"access": organiser}, include_in_schema=False, request_max_body_size=LARGEST_UPLOAD
)
async def keep_template(request: Web, kind: FromPath[str], data: Upload) -> Response[Any]:
    """Keep a template of the organiser's own as the next version of its name."""
    competition, of_kind = request.state.scope.competition, kind_named(kind)
    try:
        await keep(competition, str(data.get("name", "")), await _archive(data), request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _page(request, of_kind, refusal, named=str(data.get("name", "")))
    return Redirect(f"/office/{competition['slug']}/setup/designs/{of_kind}?done=template", status_code=303)


@post(
    f"{HERE}/{{kind:str}}/preview",
    opt={"access": organiser},
    include_in_schema=False,
    request_max_body_size=LARGEST_UPLOAD,
    status_code=200,
)
async def preview_template(request: Web, kind: FromPath[str], data: Upload) -> Response[str]:
    """The samples in a template that is not kept yet, or why it is refused."""
    of_kind, lang, name = kind_named(kind), lang_of(request), str(data.get("name", ""))
    try:
        organiser = await organiser_of(request.state.scope.competition)
        checked = await check(await _archive(data), organiser)
    except Refusal as refusal:
        return await _page(request, of_kind, named=name, wrong=refusal_of(refusal, lang))
    return await _page(request, of_kind, named=name, samples=_samples(checked.pictures, lang))


async def _archive(data: dict[str, Any]) -> bytes:
    file = data.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        words = Words("还没有选文件。", "No file is chosen.")
        raise Refusal("template.file", words, Words("请选模板的 ZIP。", "Choose the template's ZIP."), status=422)
    return await file.read(LARGEST + 1)


def _samples(pictures: dict[str, bytes], lang: str) -> list[dict[str, str]]:
    return [
        {"what": spoken(SAMPLES[name], lang), "picture": f"data:image/jpeg;base64,{b64encode(picture).decode()}"}
        for name, picture in pictures.items()
    ]


@get("/office/{slug:str}/setup/templates/{template:str}", opt={"access": organiser}, include_in_schema=False)
async def template_picture(request: Web, template: FromPath[str]) -> Response[bytes]:
    """The picture by which a template is chosen."""
    picture = await picture_of(request.state.scope.competition, template)
    headers = {"cache-control": "private, max-age=31536000, immutable"}
    return Response(picture, media_type="image/jpeg", headers=headers)


@get("/office/{slug:str}/setup/template-example.zip", opt={"access": organiser}, include_in_schema=False)
async def template_example(request: Web) -> Response[bytes]:
    """A template to begin with."""
    headers = {"content-disposition": 'attachment; filename="template-example.zip"'}
    return Response(example(), media_type="application/zip", headers=headers)


async def _page(
    request: Web,
    kind: Kind,
    refusal: Refusal | None = None,
    *,
    named: str = "",
    samples: Sequence[dict[str, str]] = (),
    wrong: dict[str, Any] | None = None,
) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    url, chosen = f"/office/{competition['slug']}/setup/designs", design_of(competition, kind)
    templates = await templates_of(competition, kind)
    newest = {one["name"]: one["design"] for one in reversed(templates)}
    return await setup_page(
        request,
        "office/setup_designs.html",
        "designs",
        refusal,
        action=f"{url}/{kind}",
        kind=spoken(KINDS[kind], lang),
        known=chosen,
        kinds=[
            {
                "name": spoken(words, lang),
                "url": f"{url}/{id}",
                "here": id == kind,
                "design": spoken(await words_of(design_of(competition, id)), lang),
            }
            for id, words in KINDS.items()
        ],
        designs=[
            {
                "id": name,
                "name": spoken(NAMES[name], lang),
                "picture": f"designs/{name}.webp",
                "standing": DESIGNS[name].height > DESIGNS[name].width,
                "chosen": name == chosen,
            }
            for name in suitable(kind)
        ],
        templates=[
            {
                "id": one["design"],
                "name": spoken(versioned(one), lang),
                "picture": f"/office/{competition['slug']}/setup/templates/{one['id']}",
                "chosen": one["design"] == chosen,
            }
            for one in templates
            if one["design"] in (newest[one["name"]], chosen)
        ],
        own={
            "keep": f"{url}/{kind}/own",
            "preview": f"{url}/{kind}/preview",
            "example": f"/office/{competition['slug']}/setup/template-example.zip",
            "name": named,
            "names": list(newest),
        },
        samples=samples,
        wrong=wrong,
    )


ROUTES = Router(
    "/",
    route_handlers=[
        *(designs_page, designs_of_kind, choose_design),
        *(keep_template, preview_template, template_picture, template_example),
    ],
)
