"""Reading in a process of its own: the same answers, and no file that can hold up or fill up the server."""

import asyncio
import io
import os
import signal
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from admin.sheets import worker
from admin.sheets.guard import admit
from admin.sheets.registration import read_registration
from admin.sheets.worker import in_worker, in_worker_async
from scoring.verdict import Problems

ERRONEOUS = (Path(__file__).parents[2] / "inputs" / "报名表-石家庄市-有错.xlsx").read_bytes()


def code_of(refused: pytest.ExceptionInfo[Problems]) -> str:
    """The code of the one problem that was raised."""
    return refused.value.problems[0].code


def test_a_worker_gives_the_same_answer() -> None:
    """What comes back from the process is what the function returns here: rows, problems, mendings."""
    assert in_worker(read_registration, ERRONEOUS, "x.xlsx") == read_registration(ERRONEOUS, "x.xlsx")


def test_problems_come_back_as_problems() -> None:
    """A refusal raised in the process is raised here, whole."""
    with pytest.raises(Problems) as refused:
        in_worker(admit, b"not a workbook")
    assert code_of(refused).startswith("workbook.")


def test_a_job_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time a job is ended and the file refused; the next file is read as always."""
    in_worker(len, b"warm")
    monkeypatch.setattr(worker, "SECONDS", 0.3)
    with pytest.raises(Problems) as refused:
        in_worker(signal.pause)  # it has no end of its own
    assert code_of(refused) == "workbook.too-slow"
    monkeypatch.undo()
    assert in_worker(len, b"abc") == 3


def test_a_job_that_needs_too_much_memory_is_stopped() -> None:
    """Half a gigabyte is the end, and only for that file."""
    with pytest.raises(Problems) as refused:
        in_worker(bytes, 600 << 20)
    assert code_of(refused) == "workbook.too-heavy"
    assert in_worker(len, b"abc") == 3


def test_a_process_that_dies_is_replaced() -> None:
    """A crash of the reader refuses the file and nothing else."""
    with pytest.raises(Problems) as refused:
        in_worker(os._exit, 3)
    assert code_of(refused) == "workbook.too-heavy"
    assert in_worker(len, b"abc") == 3


def test_a_bug_in_a_reader_refuses_the_file_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """An exception that nobody expected is a clear refusal for the sender and a traceback for the administrator."""
    with pytest.raises(Problems) as refused:
        in_worker(int, "x")
    assert code_of(refused) == "workbook.unreadable"
    assert "ValueError" in caplog.text


def test_what_a_job_prints_does_not_disturb_the_answer() -> None:
    """The answer has a pipe of its own."""
    assert in_worker(print, "noise") is None
    assert in_worker(len, b"abc") == 3


def test_the_event_loop_goes_on_while_a_file_is_read(tmp_path: Path) -> None:
    """A server answers others meanwhile: here the loop itself writes what the reader waits for."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    async def together() -> str:
        reading = asyncio.create_task(in_worker_async(Path.read_text, pipe))
        await asyncio.sleep(0)
        assert not reading.done()
        await asyncio.to_thread(pipe.write_text, "meanwhile")
        return await reading

    assert asyncio.run(together()) == "meanwhile"


def test_waiting_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """When every worker is busy for too long, the file is refused with a sentence instead of waiting for ever."""
    monkeypatch.setattr(worker, "PATIENCE", 0.05)
    taken = [worker.slots.acquire(timeout=1) for _ in range(worker.AT_ONCE)]
    try:
        with pytest.raises(Problems) as refused:
            in_worker(len, b"abc")
    finally:
        for _ in taken:
            worker.slots.release()
    assert code_of(refused) == "workbook.busy"


def workbook_of(sheet: bytes, strings: bytes = b"") -> bytes:
    """A workbook whose only sheet has this XML."""
    plain = io.BytesIO()
    Workbook().save(plain)
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
        if strings:
            target.writestr("xl/sharedStrings.xml", strings)
    return out.getvalue()


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ONE_LONG_STRING = b"<sst " + MAIN + b"><si><t>" + b"x" * 32_000 + b"</t></si></sst>"
CELLS = b'<c t="s"><v>0</v></c>' * 19


@pytest.mark.parametrize(
    ("rows", "strings"),
    [
        (b'<row r="1048576">' + b"<c/>" * 16_383 + b'<c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>', b""),
        (b"".join(b'<row r="%d">' % row + CELLS + b"</row>" for row in range(1, 5000)), ONE_LONG_STRING),
    ],
    ids=["a far cell without an address", "one long string shared by a hundred thousand cells"],
)
def test_a_small_file_that_asks_for_gigabytes_is_refused(rows: bytes, strings: bytes) -> None:
    """What slips past the guard's counting ends at the worker's memory limit, as a sentence for the sender."""
    data = workbook_of(b"<worksheet " + MAIN + b"><sheetData>" + rows + b"</sheetData></worksheet>", strings)
    with pytest.raises(Problems) as refused:
        in_worker(read_registration, data, "x.xlsx")
    assert len(data) < 250_000
    assert code_of(refused) == "workbook.too-heavy"
