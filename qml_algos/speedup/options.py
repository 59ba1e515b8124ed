"""Options of a contest as JSON values, for what reads a comparison later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def options_of(contest: Any) -> dict[str, object]:
    """Return the options of a contest by name.

    Parameters
    ----------
    contest
        A dataclass, else it has none.

    Returns
    -------
    dict
        Numbers, text, ``None`` and lists as they are. A dataclass among them, a question say, is a
        dict of its own fields and of the name of its class under ``"kind"``; of all else there is
        the name of the class.
    """
    if not is_dataclass(contest):
        return {}
    return {field.name: _value(getattr(contest, field.name)) for field in fields(contest)}


def _value(given: Any) -> object:
    if given is None or isinstance(given, str | bool | int | float):
        return given
    if isinstance(given, np.generic):
        return given.item()
    if is_dataclass(given):
        return {"kind": type(given).__name__, **options_of(given)}
    if isinstance(given, Sequence):
        return [_value(each) for each in given]
    return type(given).__name__
