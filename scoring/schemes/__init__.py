"""Schemes that come with the program, for events whose organiser sends no workbook."""

import tomllib
from importlib import resources

from scoring.scheme import Scheme, scheme_from_data


def shipped_schemes() -> tuple[str, ...]:
    """The ids of the shipped schemes, in alphabetical order."""
    files = resources.files("scoring.schemes").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def load_scheme(id: str) -> Scheme:
    """A shipped scheme; KeyError for an id that is not shipped."""
    if id not in shipped_schemes():
        raise KeyError(id)
    text = (resources.files("scoring.schemes") / f"{id}.toml").read_text("utf-8")
    return scheme_from_data(tomllib.loads(text), f"{id}.toml")
