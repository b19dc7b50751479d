"""The command line: which commands there are. Each lives in a module of its own, loaded only when it is asked for.

`podium status` must answer in a moment, and importing the web server takes a second, so a command's module is named
here as text and imported when it runs. Such a module has a click command called `command`.
"""

from __future__ import annotations

import faulthandler
import importlib
import signal
import sys
from types import FrameType

import click

from scoring.verdict import Words
from server.errors import Refusal, told
from server.terminal import spoken

COMMANDS = {
    "demo": ("server.demo.command", Words("演示一场完整的竞赛", "Run a whole competition as a demonstration")),
    "serve": ("server.commands.serve", Words("启动网站", "Serve the site")),
    "organiser": (
        "server.commands.organiser",
        Words("建立主办方账号，给出登录链接", "Make an organiser's account and its link"),
    ),
    "status": ("server.commands.status", Words("查看安装与运行状况", "Tell how this installation is doing")),
    "backup": ("server.commands.backup", Words("备份到一个文件", "Back everything up into one file")),
    "restore": ("server.commands.restore", Words("恢复到空的数据文件夹", "Restore a backup into an empty data folder")),
    "keys": ("server.commands.keys", Words("签名密钥：列出或更换", "List or change the keys that sign")),
    "verify": ("server.commands.verify", Words("核验证书文件是否真实", "Tell whether certificates are genuine")),
    "fonts": ("server.commands.fonts", Words("证书字体能印哪些字", "Tell which characters certificates can show")),
    "audit": ("server.commands.audit", Words("核验打分与决定的记录链", "Verify the ledgers")),
    "rules": ("server.commands.rules", Words("只凭文件核算规则", "Ask the rules with files alone")),
    "bench": ("server.commands.bench", Words("测量速度", "Measure how fast something is")),
    "faults": ("server.commands.faults", Words("测量故障下的表现", "Measure what survives faults")),
}
IN_THE_SCRIPT = {
    "test": Words("运行全部检查（由 ./podium 完成）", "Run every check (done by ./podium)"),
    "lock": Words("更新锁文件（由 ./podium 完成）", "Renew the lock files (done by ./podium)"),
}


class Lazy(click.Group):
    """Knows the commands by name and loads the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(spoken(Words("命令", "Commands"))):
            rows = [(name, spoken(words)) for name, (_, words) in COMMANDS.items()]
            rows += [(name, spoken(words)) for name, words in IN_THE_SCRIPT.items()]
            formatter.write_dl(rows)


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def podium() -> None:
    """匠台 Podium: runs skill competitions end to end."""


def main() -> int:
    """Run the command; the exit code. A refusal is told in two lines, without a traceback."""
    signal.signal(signal.SIGTERM, _end)
    faulthandler.enable()  # a library that dies by a signal leaves the place in the log instead of nothing
    try:
        return podium.main(prog_name="podium", standalone_mode=False) or 0
    except Refusal as refusal:
        click.echo(f"podium: {spoken(refusal.words)}", err=True)
        for problem in refusal.problems:
            click.echo(f"  - {spoken(told(problem))}", err=True)
        if spoken(refusal.mend):
            click.echo(f"podium: {spoken(refusal.mend)}", err=True)
        click.echo(f"podium: [{refusal.code}]", err=True)
        return 1
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130


def _end(number: int, _frame: FrameType | None) -> None:
    """A polite kill unwinds the program, so that it closes what it opened."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
