"""What the tests of certificates share: people with awkward names, and eyes to look at a page with."""

import dataclasses
import datetime
import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from certificates.certificate import Certificate, Organisation

AT = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)

PLAIN = Certificate(
    number="PD2026-000137",
    title="获奖证书",
    name="王㛃",
    name_en="Wang Jie",
    competition="河北省职业技能大赛",
    competition_en="Hebei Vocational Skills Competition 2026",
    event="焊接",
    event_en="Welding",
    year="2026",
    score="93.47",
    rank="1",
    award="一等奖",
    award_en="First Prize",
    medal="金牌",
    organisations=(Organisation("河北省职业技能大赛组织委员会"),),
    date=datetime.date(2026, 10, 18),
    verify_url="https://verify.example/v/PD2026-000137",
)
PROMOTED = dataclasses.replace(
    PLAIN, promotion="根据竞赛规程，晋升为二级/技师。", number="PD2026-000138", name="欧阳靖宇"
)
LONG = dataclasses.replace(
    PLAIN,
    number="PD2026-000208",
    name="阿卜杜热西提·阿卜杜热合曼·买买提艾力江·吐尔逊",
    name_en="Abdurishit Abdurahman Memet’elijan Tursun",
    competition="第三届“匠心杯”国际职业技能挑战赛暨2026年数字化制造与智能装备技术应用竞赛（The 3rd Craftsman Cup）",
    event="工业机器人系统操作（Robot Systems Integration）",
    organisations=(
        Organisation("河北省职业技能大赛组织委员会"),
        Organisation("石家庄市高技能人才|公共实训中心", ""),
        Organisation("石家庄技师学院", ""),
    ),
)
LEVEL = dataclasses.replace(
    PLAIN,
    kind="level",
    title="",
    title_en="",
    number="Y000123000001195000001",
    id_type="居民身份证",
    id_number="130102199001010021",
    occupation="焊工",
    occupation_en="Welder",
    level="三级/高级工",
    organisations=(Organisation("石家庄技师学院", "技能评价专用章"),),
)
KINDS = {
    "award": PROMOTED,
    "level": LEVEL,
    "title": dataclasses.replace(PLAIN, kind="title", honour="河北省技术能手", honour_en="Technical Expert of Hebei"),
    "ability": dataclasses.replace(PLAIN, kind="ability", skill="激光焊接操作", skill_en="Laser Welding"),
    "participation": dataclasses.replace(PLAIN, kind="participation", rank="", award="", medal="", award_en=""),
    "judge": dataclasses.replace(PLAIN, kind="judge", role="裁判长", role_en="Chief Judge"),
    "organiser": dataclasses.replace(
        PLAIN, kind="organiser", role="场地经理", role_en="Workshop Manager", event="", event_en=""
    ),
}
KINDS = {kind: dataclasses.replace(one, title="", title_en="") for kind, one in KINDS.items()}
NAMES = (
    "王㛃",
    "𬀩明",
    "张𫖯",
    "陈𠅤",
    "王䶮",
    "刘喆",
    "朱镕基",
    "赵堃",
    "龑梓涵",
    "迪丽热巴·迪力木拉提",
    "Müller Özil",
)


def photo() -> bytes:
    """A photo of nobody."""
    picture = Image.new("RGB", (590, 826), "#eef1f2")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((190, 160, 400, 430), fill="#c6a58d")
    draw.rectangle((80, 520, 510, 826), fill="#334a6e")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def with_photo(certificate: Certificate) -> Certificate:
    return dataclasses.replace(certificate, photo=photo())


def poppler(tool: str, pdf: bytes, *options: str) -> bytes:
    """What a tool of poppler-utils (or qpdf) says about a file. On Linux `podium test` installs it, so that without it the test fails;
    elsewhere the test is skipped.
    """
    if not shutil.which(tool):
        (pytest.fail if sys.platform == "linux" else pytest.skip)(f"{tool} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificate.pdf"
        path.write_bytes(pdf)
        here = [str(path) if option == "FILE" else option for option in options]
        return subprocess.run([tool, *here], check=True, capture_output=True).stdout


def by_poppler(pdf: bytes, dpi: int = 100) -> Image.Image:
    ppm = poppler("pdftoppm", pdf, "-r", str(dpi), "-singlefile", "FILE")
    return Image.open(io.BytesIO(ppm)).convert("RGB")


def by_pdfium(pdf: bytes, dpi: int = 100) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        page: Image.Image = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
        return page
    finally:
        document.close()


def text_by_poppler(pdf: bytes) -> str:
    return poppler("pdftotext", pdf, "-raw", "FILE", "-").decode("utf-8")


def text_by_pdfium(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        text: str = document[0].get_textpage().get_text_range()
        return text
    finally:
        document.close()


def letters(text: str) -> str:
    """A text without the spaces and line ends that engines put in as they like."""
    return "".join(text.split()).replace("\x0c", "").replace("\ufffe", "")
