"""The published schemas: what they accept is read, what they refuse is refused, and what is answered is what they say."""

import copy
import functools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from scoring.__main__ import SCHEMAS, run
from scoring.asking.questions import QUESTIONS
from scoring.schemes import shipped_schemes

Path = tuple[str | int, ...]
SHAPE = {
    f"{kind}.{code}"
    for kind in ("question", "scheme")
    for code in ("missing-key", "unknown-key", "wrong-value", "no-date", "no-seed", "seed-twice")
}
"""What the command refuses without looking at more than one value: the schema has to refuse it too."""
WRONG = (None, True, -1, 0, 1.5, "", "17?", [], [None], {}, {"??": 1})


@functools.cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(run(["schema", *name.split()], bytes)[1]), format_checker=FormatChecker())


def example(question: str) -> Any:
    return copy.deepcopy(validator(question).schema["examples"][0])


def asked(question: str, data: object) -> tuple[int, dict[str, Any]]:
    """What the command says; whatever it is, it is what the schemas of answers say, or of problems."""
    code, text = run([question], lambda: json.dumps(data).encode())
    answer = json.loads(text.encode())
    validator("problems" if code else f"{question} answer").validate(answer)
    return code, answer


def agree(question: str, data: object) -> None:
    """The schema refuses: so does the command. The command refuses the shape of one value: so does the schema."""
    code, answer = asked(question, data)
    accepted = validator(question).is_valid(data)
    codes = {problem["code"] for problem in answer.get("problems", [])}
    assert accepted or code == 1, "the schema refuses what the command answers"
    assert not accepted or not codes & SHAPE, f"the command refuses what the schema accepts: {answer}"


def inside(schema: dict[str, Any], value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any], Any]]:
    """Every value of a question with its path and the part of the schema that speaks of it."""
    if "oneOf" in schema and "properties" not in schema:
        schema = next(one for one in schema["oneOf"] if Draft202012Validator(one).is_valid(value))
    yield path, schema, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from inside(
                schema.get("properties", {}).get(key, schema["additionalProperties"]), inner, (*path, key)
            )
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from inside(schema["items"], inner, (*path, index))


def changed(data: Any, path: Path, value: object) -> Any:
    """The question with another value at a path."""
    if not path:
        return value
    data = copy.deepcopy(data)
    inner = functools.reduce(lambda part, key: part[key], path[:-1], data)
    inner[path[-1]] = value
    return data


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name: str) -> None:
    """What `schema` prints is a JSON Schema of the edition that it names, with a title."""
    Draft202012Validator.check_schema(validator(name).schema)
    assert validator(name).schema["title"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_example_and_its_answer_are_valid(question: str) -> None:
    """The example is what the schema says, is answered, and the answer is what its own schema says."""
    validator(question).validate(example(question))
    assert asked(question, example(question))[0] == 0


@pytest.mark.parametrize("question", QUESTIONS)
def test_schema_and_command_refuse_the_same(question: str) -> None:
    """An unknown key in any object, any required key left out, any value of a wrong type: both refuse it."""
    data, seen = example(question), set[Path]()
    for path, schema, value in inside(validator(question).schema, data):
        alike = tuple("#" if isinstance(part, int) else part for part in path)
        if alike in seen:
            continue
        seen.add(alike)
        if schema.get("properties"):
            spoilt = [{**value, "??": 1}]
            spoilt += [{key: value[key] for key in value if key != lost} for lost in schema.get("required", ())]
            for wrong in spoilt:
                assert not validator(question).is_valid(changed(data, path, wrong)), path
                agree(question, changed(data, path, wrong))
        for wrong in WRONG:
            agree(question, changed(data, path, wrong))


@pytest.mark.parametrize(
    ("question", "path", "value"),
    [
        ("promote", ("achievement", "papers"), ""),
        ("promote", ("record", "levels", ""), "senior"),
        ("promote", ("record", "levels"), None),
        ("promote", ("on",), "20250601"),
        ("promote", ("on",), "2025W227"),
        ("promote", ("on",), "2025-06-31"),
        ("promote", ("on",), "2025-06-01\n"),
        ("promote", ("on",), "２025-06-01"),
        ("eligible", ("applicants", 0, "level"), ""),
        ("eligible", ("applicants", 0, "born"), "2025-6-1"),
        ("standings", ("teams",), None),
        ("standings", ("teams",), {"": ["W-01"]}),
        ("standings", ("scheme",), "no-such-scheme"),
        ("standings", ("marks", 0, "round"), 0),
        ("draw", ("stations",), 0),
    ],
)
def test_what_schema_and_command_once_saw_differently(question: str, path: Path, value: object) -> None:
    """An empty level, a date in another way of writing, a list that is not there: refused by both."""
    data = changed(example(question), path, value)
    assert not validator(question).is_valid(data)
    agree(question, data)


def test_whole_numbers_are_what_json_schema_calls_whole() -> None:
    """200.0 is 200 and 2e2 is too; 1.5 is no mark and no text."""
    text = json.dumps(example("standings"))
    before = run(["standings"], text.encode)
    for written in ("200.0", "2e2"):
        assert run(["standings"], text.replace('"value": 200', f'"value": {written}').encode) == before
    assert run(["standings"], text.replace('"value": 200', '"value": 1.5').encode)[0] == 1


def test_the_schema_names_the_shipped_schemes() -> None:
    """A scheme by its id is one of those in the box."""
    for question in ("standings", "awards", "explain"):
        named = validator(question).schema["properties"]["scheme"]["oneOf"][0]["enum"]
        assert named == list(shipped_schemes())


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**70) | st.floats() | st.text(max_size=4) | st.sampled_from(["a", "W-01", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=400)
@given(st.sampled_from(sorted(QUESTIONS)), st.data())
def test_whatever_is_asked_is_answered_or_refused(question: str, data: st.DataObject) -> None:
    """Any question with any of its values replaced, copied or gone: exit code 0 or 1, and JSON as it is published."""
    asking = example(question)
    for _ in range(data.draw(st.integers(1, 3))):
        nodes = [path for path, _ in _paths(asking) if path]
        if not nodes:
            break
        path = data.draw(st.sampled_from(nodes))
        other = functools.reduce(lambda part, key: part[key], data.draw(st.sampled_from(nodes)), asking)
        asking = changed(asking, path, data.draw(VALUES | st.just(other)))
    agree(question, asking)


def _paths(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _paths(one, (*path, key))
