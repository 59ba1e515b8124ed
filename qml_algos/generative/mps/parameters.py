"""Parameters of `MPSBornMachine`: what is accepted, and what it means for training."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.generative.mps.run import SWEEPS, Settings
from qml_algos.generative.smoothing import SMOOTHINGS
from qml_algos.validation import is_number, require_count

ORDERS = ("auto", "mutual-information", "natural")
DTYPES = ("complex128", "float64")


def require_parameters(given: Mapping[str, Any]) -> None:
    """Refuse parameters that are out of range.

    Raises
    ------
    InvalidProblemError, UnknownNameError
        Naming the first one, and what is accepted.
    """
    for name in ("bond_dimension", "max_sweeps", "patience"):
        require_count(name, given[name])
    if given["batch_size"] is not None:
        require_count("batch_size", given["batch_size"])
    _require_number("learning_rate", given["learning_rate"], 0, 0.5)
    _require_number("clip", given["clip"], 1)
    _require_number("tol", given["tol"], 0)
    if given["shrinkage"] != "auto":
        _require_number("shrinkage", given["shrinkage"], 0, also=" or 'auto'")
    names = {"dtype": DTYPES, "sweeps": SWEEPS, "smoothing": SMOOTHINGS}
    if isinstance(given["order"], str):
        names["order"] = ORDERS
    for name, known in names.items():
        if given[name] not in known:
            raise UnknownNameError(name, given[name], known)
    if not isinstance(given["checkpoint"], str | os.PathLike | None):
        raise InvalidProblemError(
            f"checkpoint = {given['checkpoint']!r}: must be the path of a file, or None"
        )


def settings_of(given: Mapping[str, Any]) -> Settings:
    """Return how to train; no shrinkages where they are to be chosen."""
    return Settings(
        bond_dimension=int(given["bond_dimension"]),
        shrinkages=() if given["shrinkage"] == "auto" else (float(given["shrinkage"]),),
        learning_rate=float(given["learning_rate"]),
        clip=float(given["clip"]),
        max_sweeps=int(given["max_sweeps"]),
        patience=int(given["patience"]),
        tol=float(given["tol"]),
        sweeps=given["sweeps"],
        complex_amplitudes=given["dtype"] == "complex128",
        batch_size=None if given["batch_size"] is None else int(given["batch_size"]),
    )


def decisive(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that decide how training goes, as JSON has them.

    All but the number of sweeps, which may grow, and what comes after training or beside it.
    """
    state, order = given["random_state"], given["order"]
    settings = settings_of(given)
    found = {
        name: getattr(settings, name)
        for name in ("bond_dimension", "learning_rate", "clip", "patience", "tol", "batch_size")
    }
    return found | {
        "sweeps": given["sweeps"],
        "dtype": given["dtype"],
        "shrinkage": given["shrinkage"] if given["shrinkage"] == "auto" else settings.shrinkages[0],
        "order": order if isinstance(order, str) else np.asarray(order).tolist(),
        "random_state": None if state is None else str(state if is_number(state) else type(state)),
    }


def _require_number(
    name: str, value: Any, low: float, high: float = np.inf, *, also: str = ""
) -> None:
    """Refuse what is no finite number from ``low`` to ``high``; steps of length 0 lead nowhere."""
    strict = name == "learning_rate"
    if (
        not is_number(value)
        or not low <= value <= high
        or value == np.inf
        or (strict and value == low)
    ):
        most = f" to {high:g}" if high < np.inf else " on"
        raise InvalidProblemError(
            f"{name} = {value!r}: must be a finite number "
            + (f"above {low:g}, at most {high:g}" if strict else f"from {low:g}{most}")
            + also
        )
