"""Badges and station plans: every card is whole, its code says nothing but its token, and the marks stand where to cut."""

import io
from collections.abc import Callable

import numpy
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from certificates.badge import Badge
from certificates.badges import HEIGHT, ON_A_SHEET, WIDTH, competitors, corner, judges
from certificates.stations import plan

OVER, WHEN = "2026年河北省职业技能大赛", "10月16日 – 10月18日 · 石家庄"
TOKENS = [f"PBA7KQ2MABCDEFGHIJKLMNOP23{place:02}" for place in range(6)]
BADGES = [
    Badge(name, f"M01-{place:03}", "焊接技术 · 职工组", "唐山市 · 河钢集团唐钢公司", TOKENS[place])
    for place, name in enumerate(
        ("赵一", "欧阳思远", "阿卜杜热合曼·吐尔逊江·买买提", "李四", "Maximilian Oberhauser-Schmidt", "王五")
    )
]
DPI = 150


def face(width: int = 590, height: int = 826) -> bytes:
    """A photo of one colour that stands on no card by itself."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (250, 20, 240)).save(out, "JPEG")
    return out.getvalue()


def texts(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def pictures(pdf: bytes) -> list[Image.Image]:
    return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def pixels(millimetres: float) -> int:
    return round(millimetres * DPI / 25.4)


def test_every_card_is_there_and_its_code_says_the_token_alone() -> None:
    """Four on a sheet; each name whole, and a scanner reads exactly the opaque word of every card, in order."""
    pdf = competitors(OVER, WHEN, BADGES)
    found = texts(pdf)
    assert len(found) == 2 and all(f"{badge.number}" in "".join(found) for badge in BADGES)
    assert all("".join(badge.name.split()) in "".join("".join(found).split()) for badge in BADGES)
    read = [code.text for picture in pictures(pdf) for code in zxingcpp.read_barcodes(picture)]
    assert sorted(read) == sorted(TOKENS)


def test_marks_stand_at_every_corner_and_on_no_card() -> None:
    """Beyond each corner there is a line to cut along, and the line itself does not reach into the card."""
    (picture,) = pictures(competitors(OVER, WHEN, BADGES[:ON_A_SHEET]))
    grey = numpy.asarray(picture.convert("L"))
    for place in range(ON_A_SHEET):
        left, top = corner(place)
        for x in (left, left + WIDTH):
            outside = grey[: pixels(top - 2.1) if place < 2 else None, pixels(x) - 2 : pixels(x) + 3]
            assert outside.min() < 140, f"no mark above x = {x} mm"
        inside = grey[pixels(top + HEIGHT * 0.5), pixels(left + 1) : pixels(left + 20)]
        assert inside.min() > 250, "the card's margin is bare"


def test_a_photo_is_printed_and_whoever_has_none_gets_room_for_one() -> None:
    """The photo's colour is on the card; without one the card says where to paste it and shows the family name."""
    with_one = competitors(OVER, WHEN, [Badge("赵一", "M01-001", "焊接", "唐山市", TOKENS[0], face())])
    red, green, blue = numpy.asarray(pictures(with_one)[0], dtype=int).transpose(2, 0, 1)
    assert ((red > 230) & (green < 60) & (blue > 220)).sum() > pixels(25) * pixels(40)
    assert len(with_one) < 120_000, "a photo is made no heavier than it is printed"
    without = texts(competitors(OVER, WHEN, BADGES[:1]))[0]
    assert "请贴近期免冠照片" in without and without.count("赵") == 2


@pytest.mark.parametrize(("lang", "role"), [("zh", "裁判长"), ("en", "Chief judge")])
def test_a_judge_badge_has_name_role_and_code(lang: str, role: str) -> None:
    """Nothing about competitors is on it, and its code is a word of its own."""
    badge = Badge("周敏", "M01 · J1", "焊接技术", "", "PJA7KQ2MABCDEFGHIJKLMNOP2345", role=role)
    pdf = judges(OVER, WHEN, [badge], lang)
    assert role in texts(pdf)[0] and "周敏" in "".join(texts(pdf)[0].split())
    assert [code.text for code in zxingcpp.read_barcodes(pictures(pdf)[0])] == [badge.token]


def test_a_plan_shows_every_station_of_every_shift() -> None:
    """A sheet for a shift; who has no station shows it free; markup in a name stays text."""
    pdf = plan(OVER, "<b>焊接</b>", "entry", {2: {1: "M01-003"}, 1: {1: "M01-001", 3: "M01-002"}}, 4)
    first, second = texts(pdf)
    assert "第 1 场" in first and "M01-002" in first and first.count("空") == 2
    assert "第 2 场" in second and "M01-003" in second and second.count("空") == 3
    assert "<b>焊接</b>" in first and "不得给裁判看" in first


def test_what_cannot_be_printed_is_named() -> None:
    """No box instead of a letter of somebody's name."""
    with pytest.raises(ValueError, match="\U0001f3c6"):
        competitors(OVER, WHEN, [Badge("\U0001f3c6", "M01-001", "焊接", "唐山市", TOKENS[0])])


LONG = Badge(
    "阿卜杜热合曼·吐尔逊江·买买提江·玉素甫江",
    "CNC-LATHE-014",
    "Industrial Control and Automation of Flexible Production Lines · 学生组",
    "Xinjiang Kizilsu Kirghiz Autonomous Prefecture · 第二代表队 · Vocational College of Engineering and Technology",
    TOKENS[0],
)
WIDE = Badge(
    "Wang Xiaoming",
    "M01-002",
    "Industrial Control and Automation of Production Lines",
    "Xinjiang Kizilsu Kirghiz Autonomous Prefecture · Vocational College of Engineering",
    TOKENS[0],
)
LONG_OVER = "Hebei Vocational Skills Competition and Beijing-Tianjin-Hebei Invitational 2026"
LONG_WHEN = "30 Sept – 18 Oct · Shijiazhuang International Exhibition and Convention Centre, Hall 3"


@pytest.mark.parametrize("badge", [LONG, WIDE], ids=["long", "wide"])
@pytest.mark.parametrize(("paper", "lang"), [(competitors, "zh"), (competitors, "en"), (judges, "en")])
def test_long_words_stay_on_their_card_and_off_its_code(paper: Callable[..., bytes], lang: str, badge: Badge) -> None:
    """The longest names, events and venues are set smaller or on two lines: whole, above the gold line, beside the code."""
    pdf = paper(LONG_OVER, LONG_WHEN, [badge], lang)
    page = pypdfium2.PdfDocument(pdf)[0]
    text = page.get_textpage()
    said = text.get_text_range()
    left, top = corner(0)
    outside, on_code, cut = [], [], []
    for place in range(text.count_chars()):
        x1, y1, x2, y2 = (edge * 25.4 / 72 for edge in text.get_charbox(place))
        right, above, below = x2 - left, 297 - y2 - top, 297 - y1 - top
        if not said[place].strip():
            continue
        if x1 < left + 2 or right > WIDTH - 2 or above < 2 or below > HEIGHT - 2:
            outside.append(said[place])
        if right > WIDTH - 6 - 17 - 1.5 and below > 102:
            on_code.append(said[place])
        if above < 100.8 < below:
            cut.append(said[place])
    assert (outside, on_code, cut) == ([], [], [])
    bare = _bare(said)
    told = (badge.name, badge.of, LONG_OVER, LONG_WHEN, *([badge.whence] if paper is competitors else []))
    assert [one for one in told if _bare(one) not in bare] == []
    assert [code.text for code in zxingcpp.read_barcodes(pictures(pdf)[0])] == [badge.token]


def _bare(text: str) -> str:
    """Without spaces, and without the hyphens at which a line may be broken."""
    return "".join(char for char in text if not char.isspace() and char not in "-\x02\ufffe")
