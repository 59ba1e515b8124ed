"""Saved figures, read back: every field checked, none guessed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, NoReturn, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from circuits.costs import GateCounts
from qml_algos.errors import ComparisonFileError
from qml_algos.speedup.record import SCHEMA_VERSION, Record, Row
from qml_algos.speedup.words import WORDS
from qml_algos.validation import is_number

_LEAST: Mapping[str, float] = {
    "size": 1,
    "condition_number": 1,
    "energy": -math.inf,
    "reference_energy": -math.inf,
}
"""Of figures that have another least value than 0."""


def read_fields(path: Path) -> dict[str, Any]:
    """Read the fields of a `Record` from ``comparison.json``.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ComparisonFileError
        Naming the file, the field, what it holds and what is accepted; of another schema version,
        that version.
    """
    document = _object(_document(path), str(path))
    found = document.get("schema_version")
    if found != SCHEMA_VERSION or isinstance(found, bool):
        raise ComparisonFileError(
            f"{path}: schema_version = {found!r}; this version of qml-algos reads {SCHEMA_VERSION} "
            "only: make the comparison again"
        )
    rest = {name: value for name, value in document.items() if name != "schema_version"}
    read = _fields(Record, rest, str(path), {"rows"})
    if read["task"] not in WORDS:
        raise ComparisonFileError(
            f"{path}: task = {read['task']!r}: must be one of {', '.join(WORDS)}"
        )
    if not isinstance(read["rows"], list):
        raise ComparisonFileError(f"{path}: rows: a list is needed")
    rows = [row_of(row, f"{path}: rows[{place}]") for place, row in enumerate(read["rows"])]
    return {**read, "rows": tuple(rows)}


def row_of(value: object, where: str) -> Row:
    """Make a row of JSON values.

    Parameters
    ----------
    value
        What ``dataclasses.asdict`` made of a row, after a way through JSON.
    where
        What errors name.

    Raises
    ------
    ComparisonFileError
        Naming the field, what it holds and what is accepted.
    """
    given = _object(value, where)
    read = _fields(Row, given, where, {"caveats", "gates_as_built"})
    read["caveats"] = _sentences(read["caveats"], where)
    if read["gates_as_built"] is not None:
        there = f"{where}.gates_as_built"
        gates = _object(read["gates_as_built"], there)
        read["gates_as_built"] = GateCounts(**_fields(GateCounts, gates, there, set()))
    try:
        return Row(**read)
    except ValueError as error:
        raise ComparisonFileError(f"{where}: {error}") from None


def _document(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ComparisonFileError(f"{path}: cannot be read ({reason})") from None
    except (ValueError, RecursionError) as error:
        raise ComparisonFileError(f"{path}: is no JSON ({error})") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ComparisonFileError(f"{where}: an object is needed")
    return value


def _fields(cls: type, given: dict[str, Any], where: str, later: set[str]) -> dict[str, Any]:
    """Check that all fields of a dataclass are there, no others, and that values fit them."""
    names = [field.name for field in fields(cls)]
    for what, wrong in (
        ("lacks the field", [name for name in names if name not in given]),
        ("has the unknown field", [name for name in given if name not in names]),
    ):
        if wrong:
            raise ComparisonFileError(f"{where}: {what} {', '.join(wrong)}")
    return {
        name: given[name] if name in later else _value(cls, name, given[name], f"{where}.{name}")
        for name in names
    }


def _value(cls: type, name: str, value: object, where: str) -> object:
    hint, adapter = _adapters(cls)[name]
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError:
        raise ComparisonFileError(f"{where} = {value!r}: must be {_accepted(hint)}") from None
    least = _LEAST.get(name, 0)
    if is_number(value) and value < least:  # type: ignore[operator]
        raise ComparisonFileError(f"{where} = {value!r}: must be at least {least:g}")
    if name == "target_error" and value == 0:
        raise ComparisonFileError(f"{where} = {value!r}: must be above 0")
    return value


def _sentences(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ComparisonFileError(f"{where}.caveats: a list of sentences is needed")
    return tuple(value)


@cache
def _adapters(cls: type) -> dict[str, tuple[Any, TypeAdapter[Any]]]:
    return {name: (hint, TypeAdapter(hint)) for name, hint in get_type_hints(cls).items()}


_SPELT = {int: "an integer", float: "a number", str: "text", bool: "true or false"}


def _accepted(hint: Any) -> str:
    """Say what a field takes."""
    kinds = [kind for kind in get_args(hint) if kind is not type(None)]
    if get_origin(hint) is Literal:
        return " or ".join(map(repr, kinds))
    if not isinstance(hint, UnionType):
        return _SPELT.get(hint, "an object")
    spelt = " or ".join(map(_accepted, kinds))
    return f"{spelt}, or null" if type(None) in get_args(hint) else spelt
