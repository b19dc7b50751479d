"""What the demonstration says at its end: the table, and the doors into the site."""

from __future__ import annotations

from pathlib import Path

from rich.panel import Panel
from rich.table import Table

from scoring.verdict import Words
from server.demo.run import Tally
from server.terminal import spoken


def table(tally: Tally, data: Path, seconds: float) -> Table:
    """Everything that came of it, in one table."""
    shown = Table(title=tally.name, show_header=False, title_justify="left")
    rows: tuple[tuple[Words, str], ...] = (
        (Words("赛项", "Events"), str(tally.events)),
        (Words("其中表演赛", "of them demonstrations"), str(tally.demonstrations)),
        (Words("代表队", "Delegations"), str(tally.delegations)),
        (Words("选手", "Competitors"), str(tally.persons)),
        (Words("参赛单元", "Entries"), str(tally.entries)),
        (Words("打分", "Marks"), f"{tally.marks:,}"),
        (Words("金银铜牌", "Medals"), str(tally.medals)),
        (Words("优胜奖", "Awards of excellence"), str(tally.excellence)),
        (Words("晋升", "Promotions"), str(tally.promoted)),
        (Words("规则未规定，待人裁定", "Silent cases awaiting a person"), str(tally.silent)),
        (Words("证书", "Certificates"), f"{tally.certificates}"),
        (Words("验证为真", "verified as genuine"), f"{tally.verified}"),
        (Words("缺字待补", "refused for a missing glyph"), "\n".join(tally.refused) or "0"),
        (Words("成绩指纹", "Fingerprint of the standings"), tally.fingerprint[:16]),
        (Words("证书文件", "PDFs"), str(data / "certificates" / tally.slug)),
        (Words("用时", "Time"), f"{seconds:.1f} s"),
    )
    for name, value in rows:
        shown.add_row(spoken(name), value)
    return shown


def doors(base: str, tally: Tally, organiser: str, judge: str, winner: tuple[str, str]) -> Panel:
    """Where to go now: addresses, and log-ins that work once."""
    name, last_six = winner
    lines = (
        (Words("公开页面", "Public pages"), f"{base}/c/{tally.slug}"),
        (Words("主办方（一次有效）", "Organiser (works once)"), f"{base}/sign-in/{organiser}"),
        (Words("裁判（一次有效）", "Judge (works once)"), f"{base}/sign-in/{judge}"),
        (Words("获奖选手", "Winner"), f"{base}/lookup   {name}   {last_six}"),
        (Words("结束", "To end"), "Ctrl-C"),
    )
    return Panel(
        "\n".join(f"{spoken(words)}: {value}" for words, value in lines), title="匠台 Podium", title_align="left"
    )
