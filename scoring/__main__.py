"""The rules on the command line: `python -m scoring QUESTION < question.json`, JSON in, JSON out.

Exit code 0: answered; 1: refused, and the answer lists the problems; 2: the command itself was wrong. Nothing is read
but standard input and what ships with the program, and nothing is written but the answer.
  check [ID | < policy.toml | < question.json]   whether a policy is whole
  new                        a commented policy to start from
  policies                   the policies that are shipped
  example QUESTION           a question that is answered, to start from
  schema QUESTION [answer]   the JSON Schema of a question, or of its answer
  schema problems            the JSON Schema of what is answered instead, when a question is refused
"""

import json
import sys
from collections.abc import Callable, Sequence
from importlib import resources

from scoring.asking.answers import problems_as_data
from scoring.asking.loading import decoded, loaded
from scoring.asking.questions import QUESTIONS, ask
from scoring.policy import shipped
from scoring.verdict import Problems

Read = Callable[[], bytes]
SCHEMAS = {
    **{question: f"{question}.json" for question in QUESTIONS},
    **{f"{question} answer": f"answers/{question}.json" for question in QUESTIONS},
    "problems": "answers/problems.json",
}
"""What can be asked for after `schema`, and the file that says it."""


def run(arguments: Sequence[str], read: Read) -> tuple[int, str]:
    """The exit code and the text to print; `read` gives the question when it is needed."""
    command, *rest = arguments or ["help"]
    try:
        if command == "policies":
            return 0, _json({"policies": list(shipped())})
        if command == "new":
            return 0, _shipped("new-policy.toml")
        if command == "schema" and " ".join(rest) in SCHEMAS:
            return 0, _shipped(SCHEMAS[" ".join(rest)])
        if command == "example" and len(rest) == 1 and rest[0] in QUESTIONS:
            return 0, _json(json.loads(_shipped(SCHEMAS[rest[0]]))["examples"][0])
        if command == "check" and len(rest) == 1 and rest[0] in shipped():
            return 0, _json(ask("check", {"policy": rest[0]}))
        if command == "check" and not rest:
            return 0, _json(ask("check", _policy_in(decoded(read()))))
        if command in QUESTIONS and not rest:
            return 0, _json(ask(command, loaded(decoded(read()))))
    except Problems as refused:
        return 1, _json(problems_as_data(refused.problems))
    return 2, f"{__doc__}\nquestions: {', '.join(QUESTIONS)}\n"


def main(arguments: Sequence[str]) -> int:
    """Runs one command between standard input and standard output, which are UTF-8 wherever it runs."""
    code, text = run(arguments, sys.stdin.buffer.read)
    (sys.stderr if code == 2 else sys.stdout).buffer.write(text.encode())
    return code


def _policy_in(text: str) -> object:
    """The question in a JSON text, or a policy in TOML: no TOML begins with a brace."""
    return loaded(text) if text.lstrip().startswith("{") else {"policy": {"toml": text}}


def _json(answer: object) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _shipped(name: str) -> str:
    return (resources.files("scoring") / "schemas" / name).read_text("utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
