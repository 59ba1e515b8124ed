"""What is asked of measurements before a law is fitted to them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.errors import InvalidProblemError, TooFewPointsError, UnknownNameError
from qml_algos.speedup.scaling.laws import FORMS, Floats, Form
from qml_algos.validation import is_number

_SPARE_POINTS = 2
"""Points beyond the parameters of the simplest law: with one alone, intervals would be 6 times as
wide as they are, and nothing would tell one form from another."""


def logarithms(name: str, values: ArrayLike) -> Floats:
    """Natural logarithms of positive numbers; integers may lie beyond the range of floats.

    Raises
    ------
    InvalidProblemError
        If one is not a finite positive number, naming it and its place.
    """
    array = np.asarray(values, dtype=object)
    logs = np.empty(array.shape)
    for place, value in np.ndenumerate(array):
        logs[place] = _logarithm(name, value, place)
    return logs


def _logarithm(name: str, value: Any, place: tuple[int, ...]) -> float:
    good = is_number(value) and value > 0 and (isinstance(value, int) or np.isfinite(value))
    if not good:
        where = f" at index {place[0] if len(place) == 1 else place}" if place else ""
        raise InvalidProblemError(f"{name} has {value!r}{where}: finite numbers above 0 are needed")
    return math.log(value)


def size_of(log_size: float) -> float:
    """Return the size that has a logarithm, to twelve digits.

    The exponential of the logarithm of 16 is not quite 16, which would matter where a number of
    qubits is rounded up.
    """
    return float(f"{math.exp(log_size):.12g}")


def points_of(sizes: ArrayLike | Mapping[str, ArrayLike]) -> tuple[tuple[str, ...], Floats]:
    """Names of the variables, and the logarithms of their values, shape (points, variables).

    Raises
    ------
    InvalidProblemError
        If the variables are of different lengths or not one-dimensional, or values are not positive
        and finite.
    """
    columns = sizes if isinstance(sizes, Mapping) else {"N": sizes}
    if not columns:
        raise InvalidProblemError("sizes names no variable: one at the least is needed")
    logs = {name: logarithms(name, values) for name, values in columns.items()}
    for name, column in logs.items():
        if column.ndim != 1 or len(column) != len(next(iter(logs.values()))):
            raise InvalidProblemError(
                f"{name} has shape {column.shape}: one value for each measurement is needed"
            )
    return tuple(logs), np.column_stack(list(logs.values()))


def allowed_forms(
    forms: object, variables: tuple[str, ...], logs: Floats
) -> tuple[tuple[Form, ...], ...]:
    """Forms to be tried for each variable.

    Parameters
    ----------
    forms
        Names, or a mapping from variables to names; a variable that it leaves out is tried with
        all.
    variables, logs
        As `points_of` gives them.

    Returns
    -------
    tuple
        Of forms for each variable. Exponentials of a variable that is below 1 somewhere, as a
        precision is, are left out of those that were not asked for by name.

    Raises
    ------
    UnknownNameError
        If a form or a variable is none.
    InvalidProblemError
        If none is given, or a polylogarithm is asked of values that are not all on one side of 1.
    """
    if isinstance(forms, Mapping):
        for name in forms:
            if name not in variables:
                raise UnknownNameError("variable", name, variables)
    chosen = []
    for i, name in enumerate(variables):
        asked = forms.get(name) if isinstance(forms, Mapping) else forms
        default: tuple[Form, ...] = FORMS if np.all(logs[:, i] >= 0) else FORMS[:2]
        chosen.append(_checked(name, default if asked in (None, FORMS) else asked, logs[:, i]))
    return tuple(chosen)


def _checked(name: str, asked: Any, logs: Floats) -> tuple[Form, ...]:
    names = (asked,) if isinstance(asked, str) else tuple(asked)
    if not names:
        raise InvalidProblemError(f"forms of {name} is empty; known: {', '.join(FORMS)}")
    for form in names:
        if form not in FORMS:
            raise UnknownNameError("form", form, FORMS)
    if "polylogarithmic" in names and not (np.all(logs > 0) or np.all(logs < 0)):
        raise InvalidProblemError(
            f"{name} is 1 somewhere, or on both sides of it: a power of its logarithm is 0 there. "
            "Leave out such points, or give forms without 'polylogarithmic'"
        )
    return tuple(dict.fromkeys(names))


def require_points(
    variables: tuple[str, ...], logs: Floats, forms: tuple[tuple[Form, ...], ...]
) -> int:
    """Refuse measurements that are too few, or too much alike, for a law.

    Returns
    -------
    int
        Number of different points.

    Raises
    ------
    TooFewPointsError
        Saying how many are needed, and how many were given.
    InvalidProblemError
        If two variables change together, so that no fit can say which of them matters.
    """
    different = np.unique(logs, axis=0)
    named = ", ".join(variables)
    needed = 1 + len(variables) + _SPARE_POINTS
    if len(different) < needed:
        raise TooFewPointsError(f"different points for a law in {named}", needed, len(different))
    for i, name in enumerate(variables):
        values = len(np.unique(logs[:, i]))
        if values < (least := 2 + (len(forms[i]) > 1)):
            raise TooFewPointsError(f"different values of {name}", least, values)
    centred = different - different.mean(axis=0)
    if np.linalg.matrix_rank(centred / np.ptp(centred, axis=0), tol=1e-6) < len(variables):
        raise InvalidProblemError(
            f"{named} change together in all measurements: vary one while another stays"
        )
    return len(different)
