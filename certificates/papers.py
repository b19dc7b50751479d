"""Papers to sign or stamp: a delegation's confirmation, sign-in sheets, notices of results, filing lists of promotions.

Each is a heading, a table that goes on from page to page with its head, and what is written by hand below it.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from certificates.rendering import plain_printed

STYLE = """
@page { size: A4 landscape; margin: 16mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt PodSerif; color: #6b6560 } @bottom-left { content: string(code); font: 8pt PodSerif, PodKai, PodMore; color: #6b6560 } }
* { margin: 0; padding: 0; box-sizing: border-box }
html { font-family: PodSerif, PodKai, PodMore; font-size: 9.5pt; line-height: 1.45; color: #1d1a18 }
.over { font-size: 10.5pt; color: #0b5d5e }
h1 { margin-top: 1mm; font-size: 19pt; line-height: 1.3 }
.facts { display: flex; margin: 3mm 0 5mm; padding: 2.5mm 0; border-top: .5mm solid #0b5d5e; border-bottom: .2mm solid #cfc8bf }
.facts p { flex: 1 }
.facts b { display: block; font-size: 11pt }
.code { string-set: code attr(data-said) }
table { width: 100%; border-collapse: collapse }
thead { display: table-header-group }
tr { break-inside: avoid }
tbody tr:last-child { break-after: avoid }
th { padding: 1.6mm 2mm; text-align: left; white-space: nowrap; font-size: 8.5pt; color: #6b6560; border-bottom: .3mm solid #1d1a18 }
td { padding: 1.8mm 2mm; border-bottom: .2mm solid #cfc8bf; vertical-align: top }
/* The last of six columns is a level or an award: short words that a long unit would break in two. */
td:nth-child(6):last-child { white-space: nowrap }
.hand td { height: 11mm; vertical-align: middle }
.hand .free { border-left: .2mm solid #cfc8bf; width: 42mm }
.hand .short { width: 24mm }
.word { margin-top: 6mm; break-inside: avoid; break-after: avoid }
.signs { display: flex; margin-top: 5mm; break-inside: avoid }
.signs div { flex: 1; margin-right: 8mm; height: 26mm; border-bottom: .2mm solid #1d1a18; color: #6b6560; font-size: 8.5pt }
"""
SAID = {
    "zh": {
        "confirmation": "报名确认表",
        "attendance": "签到表",
        "filing": "职业技能等级晋升名单",
        "notice": "成绩公示",
        "place": "名次",
        "award": "奖项",
        "begins": "公示开始",
        "ends": "公示截止",
        "version": "版本",
        "held": "原等级",
        "new": "晋升等级",
        "rank": "名次/参赛数",
        "total": "总成绩",
        "clause": "依据条款",
        "number": "编号",
        "name": "姓名",
        "document": "证件号码",
        "event": "赛项",
        "unit": "单位",
        "level": "技能等级",
        "delegation": "代表队",
        "signature": "本人签名",
        "time": "时间",
        "people": "人数",
        "entries": "参赛项数",
        "printed": "打印时间",
        "code": "核对码",
        "word": "以上人员已经本单位核对，报名信息真实、完整。报名信息改动后，本表核对码随之失效，需重新打印。",
    },
    "en": {
        "confirmation": "Confirmation of entries",
        "attendance": "Sign-in sheet",
        "filing": "Promotions of skill levels",
        "notice": "Public notice of results",
        "place": "Rank",
        "award": "Award",
        "begins": "Notice from",
        "ends": "Notice until",
        "version": "Version",
        "held": "Level held",
        "new": "New level",
        "rank": "Rank / field",
        "total": "Total",
        "clause": "Clause",
        "number": "Number",
        "name": "Name",
        "document": "Document",
        "event": "Event",
        "unit": "Unit",
        "level": "Skill level",
        "delegation": "Delegation",
        "signature": "Signature",
        "time": "Time",
        "people": "People",
        "entries": "Entries",
        "printed": "Printed",
        "code": "Code",
        "word": "We have checked these people and what is said of them; it is true and complete. When an entry changes, this"
        " code is no longer valid and the paper has to be printed again.",
    },
}
SIGNED = {
    "zh": {
        "confirmation": ("领队签名", "单位盖章", "日期"),
        "attendance": ("签到负责人签名", "监督签名", "日期"),
        "notice": ("竞赛组委会（盖章）", "监督签名", "日期"),
        "filing": ("填报人", "竞赛组委会盖章", "主管部门意见（盖章）"),
    },
    "en": {
        "notice": ("Organising committee (stamp)", "Supervisor", "Date"),
        "filing": ("Made out by", "Stamp of the committee", "The authority (stamp)"),
        "confirmation": ("Head of the delegation", "Stamp", "Date"),
        "attendance": ("Signed in by", "Supervisor", "Date"),
    },
}
CONFIRMED = ("number", "name", "document", "event", "unit", "level")
PRESENT = ("number", "name", "document", "delegation", "unit")
NOTICED = ("place", "name", "delegation", "unit", "total", "award")
FILED = ("name", "document", "unit", "event", "rank", "total", "held", "new", "clause")

Lines = Sequence[Mapping[str, str]]
Facts = Sequence[tuple[str, str]]


def confirmation(over: str, of: str, facts: Facts, lines: Lines, code: str, lang: str = "zh") -> bytes:
    """The paper that a delegation signs: `of` is its name, `facts` name what SAID calls them, a line for each person.

    `code` stands at the foot of every page. Raises ValueError with characters that cannot be drawn.
    """
    said = SAID[lang]
    table = _table([said[name] for name in CONFIRMED], [[line[name] for name in CONFIRMED] for line in lines])
    below = Markup('<p class="word">{}</p>{}').format(said["word"], _signs(SIGNED[lang]["confirmation"]))
    return _page(over, of, said["confirmation"], [*facts, ("code", code)], table + below, code, lang)


def attendance(over: str, of: str, facts: Facts, lines: Lines, lang: str = "zh") -> bytes:
    """The sheet on which competitors of an event sign: room for the time and a signature beside each person.

    Raises ValueError with characters that cannot be drawn.
    """
    said = SAID[lang]
    heads = [said[name] for name in (*PRESENT, "time", "signature")]
    table = _table(heads, [[line[name] for name in PRESENT] for line in lines], by_hand=True)
    return _page(over, of, said["attendance"], facts, table + _signs(SIGNED[lang]["attendance"]), "", lang)


def filing(over: str, of: str, facts: Facts, lines: Lines, lang: str = "zh") -> bytes:
    """The list of people whom a competition promotes, for the authority to look at, answer and stamp.

    Raises ValueError with characters that cannot be drawn.
    """
    said = SAID[lang]
    table = _table([said[name] for name in FILED], [[line[name] for name in FILED] for line in lines])
    return _page(over, of, said["filing"], facts, table + _signs(SIGNED[lang]["filing"]), "", lang)


def notice(over: str, of: str, facts: Facts, lines: Lines, word: str, code: str, lang: str = "zh") -> bytes:
    """The results of an event as they hang on a notice board: to be stamped. `word` says how to object, `code` is the
    fingerprint of what was published and stands at the foot of every page.

    Raises ValueError with characters that cannot be drawn.
    """
    said = SAID[lang]
    table = _table([said[name] for name in NOTICED], [[line[name] for name in NOTICED] for line in lines])
    below = Markup('<p class="word">{}</p>{}').format(word, _signs(SIGNED[lang]["notice"]))
    return _page(over, of, said["notice"], [*facts, ("code", code)], table + below, code, lang)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], by_hand: bool = False) -> Markup:
    head = Markup("").join(Markup("<th>{}</th>").format(text) for text in heads)
    free = Markup('<td class="free short"></td><td class="free"></td>') if by_hand else Markup("")
    body = Markup("").join(
        Markup("<tr>{}{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row), free)
        for row in rows
    )
    look = Markup(' class="hand"') if by_hand else Markup("")
    return Markup("<table{}><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(look, head, body)


def _signs(names: Sequence[str]) -> Markup:
    return Markup('<div class="signs">{}</div>').format(
        Markup("").join(Markup("<div>{}</div>").format(name) for name in names)
    )


def _page(over: str, of: str, title: str, facts: Facts, body: Markup, code: str, lang: str) -> bytes:
    said = SAID[lang]
    told = Markup("").join(Markup("<p>{}<b>{}</b></p>").format(said[name], text) for name, text in facts)
    foot = f"{said['code']} {code}" if code else ""
    page = Markup(
        '<!doctype html><html lang="{}"><head><title>{}</title></head><body><p class="over code" data-said="{}">{}</p>'
        '<h1>{} · {}</h1><div class="facts">{}</div>{}</body></html>'
    ).format("zh-CN" if lang == "zh" else "en", title, foot, escape(over), of, title, told, body)
    return plain_printed(page, STYLE)
