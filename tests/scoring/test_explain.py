"""An explanation names every number, every tie and every decision, with rule and foundation."""

from fractions import Fraction

from scoring.awards import Field, awards
from scoring.explain import Event, as_data, as_text, explain, shown
from scoring.language.marking import TimeRule
from scoring.marks import Facts, Mark
from scoring.promotion import Achievement, Record, promote
from scoring.results import results
from scoring.standings import standings
from tests.scoring.test_marks import GOOD, PANEL, SCHEME
from tests.scoring.test_results import HEBEI, PLAIN, aggregation, full, marking

FIELD = Field(4, 8)


def story(entry: str, field: Field = FIELD) -> str:
    """Four entries: a and b level and told apart by practice, c and d level for good, e absent."""
    marks = [*full("a", 70, 90), *full("b", 84, 84), *full("c", 60, 60), *full("d", 60, 60)]
    entries = {**{entry: Facts() for entry in "abcd"}, "e": Facts(status="absent")}
    found = results(PLAIN, HEBEI, ["j1"], entries, marks)
    table = standings(found, HEBEI)
    given = awards(table, HEBEI, field)
    gold = promote(Record(), Achievement(1, "gold", field), "6-18-02-04", HEBEI)
    silent = promote(Record({"6": "senior-technician"}), Achievement(1, "gold", field), "6", HEBEI)
    nothing = promote(Record(), Achievement(4, "", field), "6", HEBEI)
    people = {"a": {"张三": gold, "李四": silent, "王五": nothing}}
    lines = explain(Event(PLAIN, HEBEI, found, table, given, people), entry)
    assert len(as_data(lines)) == len(as_text(lines, "zh").splitlines()) == len(as_text(lines, "en").splitlines())
    assert all(line.rule and line.words.zh and line.words.en and line.rests_on.zh for line in lines)
    return as_text(lines, "en")


def test_the_winner() -> None:
    """Marks, weights, rounding, the tie and what broke it, the medal, and one line for each person."""
    text = story("a")
    assert "T1.01 理论试卷得分 Mark of the theory paper: j1 70.00 → 70.00 of 100.00 [aggregation.measured.mean;" in text
    assert "× 30%" in text
    assert "total 84.00, rounded to 84.00 [rounding.half_up; the organiser's setting]" in text
    assert "rank 1: 0 entries are better" in text
    assert "the same total as b" in text
    assert "told apart by “higher mark in the module (practice)” [standing.module:practice;" in text
    assert "Gold medal [awards.gold; 衡水日报" in text
    assert "张三: Grade 2 / Technician (at once)." in text
    assert "李四: silent, a person decides." in text
    assert "王五: unchanged." in text


def test_shared_unranked_and_demonstration() -> None:
    """A rank shared for good, an entry without a rank, and an event too small for awards are all told."""
    assert "every tie rule is exhausted: shared with d" in story("c")
    assert "not ranked (absent)" in story("e")
    assert "no award [awards.none;" in story("e")
    assert "fewer than 6 teams" in story("a", Field(4, 5))


def test_what_was_filled_in_is_told() -> None:
    """A missing mark never disappears: the line says what stood in for it, and a second round is marked."""
    marks = [*GOOD[:3], Mark("j1", "e", "A1.02", 300, 2)]
    found = results(SCHEME, marking(missing="replace"), PANEL, ["e"], marks)
    table = standings(found, HEBEI)
    text = as_text(explain(Event(SCHEME, HEBEI, found, table, awards(table, HEBEI, FIELD)), "e"), "en")
    assert "j1 3.00 (#2), j2 2.00 → 2.3333… (7/3) of 3.00 (a mark is missing: the median" in text


def test_time_is_told() -> None:
    """A bonus for time has a line of its own."""
    timed = aggregation(time=TimeRule(3600, 60, 50, 0, 500))
    found = results(SCHEME, timed, PANEL, {"e": Facts(seconds=3000)}, GOOD)
    table = standings(found, timed)
    assert "time 3000 s: 5.00" in as_text(
        explain(Event(SCHEME, timed, found, table, awards(table, timed, FIELD)), "e"), "en"
    )


def test_shown() -> None:
    """Finite numbers have two places; endless ones four, dots, and the fraction itself."""
    assert shown(Fraction(8750)) == "87.50"
    assert shown(Fraction(22000, 3)) == "73.3333… (220/3)"
    assert shown(Fraction(-1, 3)) == "-0.0033… (-1/300)"
