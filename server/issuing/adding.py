"""Adding fonts for rare characters to an installation, and taking one out again.

A font stands behind all that were there before it and draws only what they do not, so that adding one changes no certificate.
Taking one out would, where a certificate bears a character that it draws: that is refused, for a certificate can always be
printed again as it was.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path
from uuid import uuid4

from certificates import added as asked
from certificates import fonts
from scoring.verdict import Words
from server.database.piccolo_conf import DB
from server.database.tables import Certificate, DecisionHead, GivenCharacter
from server.errors import Refusal
from server.issuing.faces import FOLDER, added, laid_out
from server.issuing.pressing import paper_in_a_press

MOST = 20
TRIED = 40
"""Characters of a new font that are set on a page before it is taken."""
LONGEST_NAME = 60
LOCK = 8_105
"""Number of the advisory lock under which one program at a time changes the fonts of an installation."""
PAGE = '<!doctype html><html lang="zh-CN"><title>{0}</title><p>{0}</p></html>'
STYLE = "p { font-family: PodKai, PodSerif, PodMore }"


def named(path: Path) -> str:
    """The name under which a font that was added is known: that of its file, without number and ending."""
    return path.stem[3:]


def drawn_by(data: Path) -> list[tuple[Path, fonts.Face, str]]:
    """The fonts that were added, in order, each with the characters that it and nothing before it draws."""
    before: list[fonts.Face] = list(fonts.faces(fonts.VENDORED).stack("name"))
    found = []
    for path in added(data):
        face = fonts.Face(path, fonts.MORE, 400)
        found.append((path, face, asked.adds(face, before)))
        before.append(face)
    return found


async def add(data: Path, files: Sequence[Path], presses: Executor | None) -> list[str]:
    """Take font files, in this order; their names. All of them or none.

    Raises Refusal: `font.…` with a reason of `added.REASONS`, `font.file`, `font.taken` or `font.many`; each names the file.
    """
    folder = data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    drafts: list[Path] = []
    try:
        async with DB.transaction():
            await Certificate.raw("SELECT pg_advisory_xact_lock({})", LOCK)
            drafts = _copied(folder, files)
            here = added(data)
            _refuse_names(here, files)
            stack = [*fonts.faces(fonts.VENDORED).stack("name"), *(face for _, face, _ in drawn_by(data))]
            for file, draft in zip(files, drafts, strict=True):
                with _refused(file):
                    face = asked.checked(draft, stack)
                    _try(draft, asked.adds(face, stack))
                stack.append(face)
            first = int(here[-1].name[:2]) + 1 if here else 1
            for number, (file, draft) in enumerate(zip(files, drafts, strict=True), first):
                draft.rename(folder / f"{number:02}-{_name_of(file)}.ttf")
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)
    await laid_out(data, presses)
    return [_name_of(file) for file in files]


async def remove(data: Path, name: str, presses: Executor | None) -> None:
    """Take a font out. Raises Refusal: `font.unknown`, or `font.used` with a certificate and its character."""
    async with DB.transaction():
        await Certificate.raw("SELECT pg_advisory_xact_lock({})", LOCK)
        # Whoever issues holds a competition from before its names are looked through until its certificates are stored.
        await DecisionHead.select(DecisionHead.id).order_by(DecisionHead.id).lock_rows()
        known = drawn_by(data)
        path, chars = next(((path, chars) for path, _, chars in known if named(path) == name), (None, ""))
        if path is None:
            listed = ", ".join(named(one) for one, _, _ in known) or "—"
            raise Refusal(
                "font.unknown",
                Words(f"没有添加过名为“{name}”的字体。", f'No font was added under the name "{name}".'),
                Words(f"已添加：{listed}", f"Added are: {listed}"),
                status=404,
            )
        given = {
            row["character"] for row in await GivenCharacter.select(GivenCharacter.character)
        }  # which the Kai face draws
        if used := await _used(set(chars) - given):
            number, char = used
            sign = f"{char} U+{ord(char):04X}"
            raise Refusal(
                "font.used",
                Words(f"证书 {number} 的“{sign}”由 {name} 印出。", f"{name} draws {sign} on the certificate {number}."),
                Words(
                    "这个字体须留下：已颁发的证书随时能照原样再印。",
                    "It stays: what was issued can always be printed again as it was.",
                ),
            )
        path.unlink()
    await laid_out(data, presses)


async def _used(chars: set[str]) -> tuple[str, str] | None:
    """A certificate that bears one of the characters, in force or not, and which."""
    async with await Certificate.select(Certificate.number, Certificate.content).batch(batch_size=1000) as batches:
        async for rows in batches:
            for row in rows:
                if found := chars.intersection(row["content"]):
                    return row["number"], min(found)
    return None


def _copied(folder: Path, files: Sequence[Path]) -> list[Path]:
    """The files in the data folder, under names that no backup takes; none of them when one cannot be read."""
    drafts: list[Path] = []
    for file in files:
        draft = folder / f".{uuid4()}.ttf"
        drafts.append(draft)
        try:
            with file.open("rb") as source, draft.open("xb") as target:
                if source.seek(0, 2) > asked.LARGEST:
                    raise _refusal("too-large", file)
                source.seek(0)
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
        except (OSError, Refusal) as error:
            for one in drafts:
                one.unlink(missing_ok=True)
            if isinstance(error, Refusal):
                raise
            words = Words(f"无法读取 {file}：{error.strerror}。", f"{file} cannot be read: {error.strerror}.")
            mend = Words(
                "请核对文件名和权限，以及数据文件夹的空间。",
                "Check its name, who may read it, and the data folder's space.",
            )
            raise Refusal("font.file", words, mend, status=422) from error
    return drafts


def _refuse_names(here: Sequence[Path], files: Sequence[Path]) -> None:
    if len(here) + len(files) > MOST:
        words = Words(
            f"最多添加 {MOST} 个字体，已有 {len(here)} 个。", f"There are {MOST} fonts at most, and {len(here)} here."
        )
        mend = Words(
            "用 podium fonts --remove 取出不用的。", "Take out what is not used, with 'podium fonts --remove'."
        )
        raise Refusal("font.many", words, mend, status=422)
    taken = {named(path) for path in here}
    for file in files:
        if (name := _name_of(file)) in taken:
            words = Words(f"{file}：已有名为“{name}”的字体。", f'{file}: there is a font named "{name}" already.')
            mend = Words(
                "请给文件换个名字；同一字体不必再添加。",
                "Give the file another name; the same font is not needed twice.",
            )
            raise Refusal("font.taken", words, mend)
        taken.add(name)


def _name_of(file: Path) -> str:
    return re.sub(r"[^\w.-]+", "-", file.stem).lstrip(".-")[:LONGEST_NAME] or "font"


def _try(draft: Path, chars: str) -> None:
    """Set some of the new characters on a page, as a press does. Raises asked.Unusable."""
    with tempfile.TemporaryDirectory() as place:
        for ours in fonts.VENDORED.glob("*.ttf"):
            Path(place, ours.name).symlink_to(ours)
        Path(place, "01-tried.ttf").symlink_to(draft.absolute())
        some = chars[:: max(1, len(chars) // TRIED)]
        try:
            paper_in_a_press("rendering", "plain_printed", PAGE.format(some), STYLE, Path(place))
        except Exception as error:  # whatever a page cannot be set with
            raise asked.Unusable("unreadable") from error


@contextlib.contextmanager
def _refused(file: Path) -> Iterator[None]:
    try:
        yield
    except asked.Unusable as error:
        raise _refusal(error.rule, file) from error


def _refusal(rule: str, file: Path) -> Refusal:
    what, mend = asked.REASONS[rule]
    words = Words(f"{file.name} {what.zh}。", f"{file.name} {what.en}.")
    return Refusal(f"font.{rule}", words, Words(mend.zh, mend.en), status=422)
