"""What each kind says, in each language, and that the file of sentences can be trusted."""

import dataclasses
import itertools
from typing import get_args

import pytest

from certificates import sentences, wording
from certificates.certificate import Certificate, Kind, Organisation
from certificates.composing import compose
from certificates.designs import DESIGNS, named
from certificates.fonts import faces, unprintable
from tests.certificates.paper import KINDS, LEVEL, PLAIN, PROMOTED


def told(certificate: Certificate, language: str, subject: str = "") -> str:
    return "".join(
        sentences.plain(one) for one in wording.paragraphs(wording.data(), certificate, language, subject=subject)
    )


def test_every_kind_is_worded_in_both_languages() -> None:
    """No kind of certificate lacks its title or its sentence, and nothing else stands in the file."""
    words = wording.data()
    assert set(words) - wording.OTHERS == set(get_args(Kind)) == set(KINDS)
    for kind, language in itertools.product(get_args(Kind), ("zh", "en")):
        assert wording.title(wording.data(), kind, language) and told(KINDS[kind], language)


@pytest.mark.parametrize(
    ("kind", "chinese", "english"),
    [
        ("title", "成绩优异，特授予河北省技术能手称号。", "is awarded the title Technical Expert of Hebei"),
        ("ability", "经考核合格，具备激光焊接操作专项职业能力。", "has the special vocational ability Laser Welding."),
        ("participation", "赛项，完成全部比赛，成绩为93.47分。特发此证，以资纪念。", "took part in Welding at the"),
        ("judge", "“焊接”赛项中担任裁判长，严守规程", "served as Chief Judge in Welding at the"),
        (
            "organiser",
            "职业技能大赛的组织工作中担任场地经理，",
            "served as Workshop Manager in the organisation of the",
        ),
    ],
)
def test_each_kind_says_what_it_is_for(kind: Kind, chinese: str, english: str) -> None:
    """The honour, the ability, the role: in Chinese and in English."""
    assert chinese in told(KINDS[kind], "zh") and english in told(KINDS[kind], "en")


@pytest.mark.parametrize("kind", get_args(Kind))
def test_whatever_is_empty_leaves_no_trace(kind: Kind) -> None:
    """Without score, rank, team and the rest no stray comma, no double stop, no empty quotation marks, no bracket."""
    for empty in itertools.chain.from_iterable(
        itertools.combinations(("score", "rank", "medal", "promotion", "event"), count) for count in range(6)
    ):
        changes = {name: "" for name in empty if not (name == "event" and kind not in ("judge", "organiser"))}
        bare = dataclasses.replace(KINDS[kind], **changes)  # type: ignore[arg-type]
        for language in ("zh", "en"):
            text = told(bare, language)
            assert text and not any(
                bad in text for bad in ("，。", "，，", "“”", "  ", " .", ",.", ",,", "[", "*", "{")
            )


def test_a_team_gets_one_certificate_each_or_one_together() -> None:
    """A member's certificate names the team; the team's own certificate lists who is in it."""
    member = dataclasses.replace(PLAIN, team="河北一队", team_en="Hebei 1")
    assert told(member, "zh").startswith("作为河北一队成员，在2026年")
    assert "as a member of Hebei 1 was awarded the First Prize" in told(member, "en", "Wang Jie")
    together = dataclasses.replace(PLAIN, name="河北一队", members="张三、李四、王五")
    assert "队员：张三、李四、王五。特发此证" in told(together, "zh") and "作为" not in told(together, "zh")


def test_what_is_read_as_one_stays_on_one_line() -> None:
    """A name in a team's list, a score, the word behind a title: none is divided between lines; a name that may be too long for
    a line still is."""
    long = "阿卜杜热西提·阿卜杜热合曼·买买提艾力江·吐尔逊"
    team = dataclasses.replace(PLAIN, members=f"王㛃、欧阳靖宇、{long}、迪丽热巴·迪力木拉提", language="both")
    honour = KINDS["title"]

    def whole(certificate: Certificate, language: str) -> list[str]:
        runs = [run for one in wording.paragraphs(wording.data(), certificate, language) for run in one]
        return [run.text for run in runs if run.role == "together"]

    assert whole(team, "zh") == ["93.47分", "第1名", "王㛃", "欧阳靖宇", "迪丽热巴·迪力木拉提"]
    assert whole(team, "en") == ["王㛃", "欧阳靖宇", "迪丽热巴·迪力木拉提"]
    assert "称号" in whole(honour, "zh") and "score\u00a0of\u00a093.47" in told(honour, "en")
    assert f"队员：王㛃、欧阳靖宇、{long}、迪丽热巴·迪力木拉提。" in map(
        sentences.plain, wording.paragraphs(wording.data(), team, "zh")
    )


def test_a_long_distinction_may_break_and_a_short_one_may_not() -> None:
    """Fourteen characters stay on one line; more are strong and break where they must."""
    for honour, role in (("河北省技术能手", "award"), ("全国技术能手暨数字化制造职业技能竞赛优秀选手", "strong")):
        paragraphs = wording.paragraphs(wording.data(), dataclasses.replace(KINDS["title"], honour=honour), "zh")
        assert [run.role for run in paragraphs[0] if run.text == honour] == [role]


@pytest.mark.parametrize(
    "bad", ["[在{event}", "在{event}]", "*{award}", "[*{award}]*", "<{score}*", "**{award}*", "<<a>"]
)
def test_a_sentence_whose_marks_do_not_close_is_refused(bad: str) -> None:
    """Whoever edits the file hears of a forgotten bracket, and nobody's certificate shows one."""
    with pytest.raises(sentences.BadSentence):
        sentences.parts(bad)


@pytest.mark.parametrize("design", sorted(DESIGNS))
@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_every_word_of_every_kind_can_be_drawn(design: str, language: str) -> None:
    """What the sentences and labels say is drawn by the vendored faces, as every field is."""
    for one in KINDS.values():
        certificate = dataclasses.replace(one, language=language)  # type: ignore[arg-type]
        sheet = compose(certificate, named(design), faces())
        said = [run.text for paragraph in (*sheet.paragraphs, *sheet.english) for run in paragraph]
        said += [sheet.title, sheet.title_en, sheet.lead, sheet.lead_en, sheet.scan, *sheet.prizes, *sheet.queries]
        said += [word for row in sheet.rows for word in (row.label, row.label_en, *row.lines)]
        assert not [missing for text in said for missing in faces().missing("text", text)]
        assert unprintable(certificate) == ()


def test_every_printed_field_is_looked_at() -> None:
    """A character that nobody draws is found in whichever field it stands."""
    for name in (
        "team",
        "members",
        "role",
        "honour",
        "skill",
        "id_number",
        "occupation",
        "work_type",
        "level",
        "level_en",
    ):
        (missing,) = unprintable(dataclasses.replace(PLAIN, **{name: "㸚"}))
        assert (missing.field, missing.codepoint) == (name, "U+3E1A")


def test_the_form_of_a_skill_level_says_what_the_rule_wants() -> None:
    """人社鉴发〔2021〕1号: these rows in this order, “--” for no work type, both addresses, 小四, the number of 22 characters."""
    sheet = compose(LEVEL, named("level"), faces())
    rows = {row.label: "".join(row.lines) for row in sheet.rows}
    assert rows == {
        "姓名": "",
        "证件类型": "居民身份证",
        "证件号码": "130102199001010021",
        "职业名称": "焊工",
        "工种/职业方向": "--",
        "职业技能等级": "三级/高级工",
        "证书编号": "Y000123000001195000001",
    }
    assert sheet.name_lines == ("王㛃",) and {row.size for row in sheet.rows} == {12}
    assert [one.partition("http")[2] for one in sheet.queries] == ["://jndj.osta.org.cn", "://pjjg.osta.org.cn"]
    assert sheet.title == "职业技能等级证书"
    direction = dataclasses.replace(LEVEL, work_type="电焊工")
    assert ("电焊工",) in [row.lines for row in compose(direction, named("level"), faces()).rows]


@pytest.mark.parametrize("field", ["id_type", "id_number", "occupation", "level"])
def test_a_level_without_its_facts_is_no_certificate(field: str) -> None:
    """What the rule wants on the paper cannot be left out."""
    with pytest.raises(ValueError, match=field):
        dataclasses.replace(LEVEL, **{field: ""})


def test_a_long_value_of_a_form_breaks_before_it_shrinks() -> None:
    """A work type of forty characters takes two lines of 小四 and breaks before its bracket."""
    long = "工业机器人系统集成与离线编程（含数字孪生调试与系统集成应用）"
    rows = compose(dataclasses.replace(LEVEL, work_type=long), named("level"), faces()).rows
    assert (("工业机器人系统集成与离线编程", "（含数字孪生调试与系统集成应用）"), 12) in [
        (row.lines, row.size) for row in rows
    ]


def test_only_the_national_form_has_rows_without_values() -> None:
    """An award in the design of the form has the rows that it can fill, and no national addresses."""
    sheet = compose(PROMOTED, named("level"), faces())
    assert [row.label for row in sheet.rows] == ["姓名", "证书编号"] and sheet.queries == ()
    assert sheet.signatures[0].lines == ("河北省职业技能大赛组织委员会",)
    assert compose(dataclasses.replace(LEVEL, organisations=(Organisation("甲"),)), named("craft"), faces()).rows == ()
