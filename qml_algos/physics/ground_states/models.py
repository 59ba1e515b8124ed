"""Hamiltonians by the name of their model and a number of spins."""

from __future__ import annotations

import math
from typing import get_args

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.physics.hamiltonians import (
    SpinHamiltonian,
    haldane_shastry,
    heisenberg,
    square,
    transverse_field_ising,
)
from qml_algos.physics.hamiltonians.lattice import Boundary
from qml_algos.validation import require_count, require_positive

MODELS = ("tfim", "heisenberg", "heisenberg-square", "haldane-shastry")
"""Names that the command line takes: Ising and Heisenberg chains, a square, and all pairs of a
ring."""

DEFAULT_FIELD = 1.0
"""In units of the coupling: where the chain is critical."""

DEFAULT_BOUNDARY: Boundary = "periodic"


def make_model(
    name: str, size: int, field: float | None = None, boundary: str | None = None
) -> SpinHamiltonian:
    """Make the Hamiltonian of a model.

    Parameters
    ----------
    name
        One of `MODELS`.
    size
        Number of spins; of ``"heisenberg-square"`` a square number.
    field
        Transverse field of ``"tfim"``, above 0, in units of its coupling; 1 by default.
    boundary
        ``"periodic"`` (default) or ``"open"``; all but ``"haldane-shastry"``, which is a ring.

    Raises
    ------
    UnknownNameError
        If there is no such model or boundary.
    InvalidProblemError
        If the size or the field does not suit the model, or it has no such option: a periodic
        Heisenberg lattice of odd length is frustrated, and its ground states are degenerate.
    """
    if name not in MODELS:
        raise UnknownNameError("model", name, MODELS)
    require_count("size", size)
    if field is not None and name != "tfim":
        raise InvalidProblemError(f"field = {field:g}: {name} has none; tfim has one")
    if boundary is not None and name == "haldane-shastry":
        raise InvalidProblemError(f"boundary = {boundary!r}: haldane-shastry is a ring")
    edges = DEFAULT_BOUNDARY if boundary is None else _boundary(boundary)
    if name == "tfim":
        strength = DEFAULT_FIELD if field is None else field
        require_positive("field", strength)
        return transverse_field_ising(size, strength, boundary=edges)
    if name == "haldane-shastry":
        return haldane_shastry(size)
    length = size if name == "heisenberg" else _side(size)
    if edges == "periodic" and length % 2:
        raise InvalidProblemError(
            f"size = {size}: a periodic {name} lattice needs an even number of spins along each "
            f"direction, not {length}; an odd one is frustrated"
        )
    if size % 2:
        raise InvalidProblemError(
            f"size = {size}: {name} needs an even number of spins; with an odd one the ground "
            "state is degenerate"
        )
    if name == "heisenberg":
        return heisenberg(size, edges)
    return heisenberg(square(length, boundary=edges))


def _boundary(name: str) -> Boundary:
    known: tuple[Boundary, ...] = get_args(Boundary)
    for boundary in known:
        if name == boundary:
            return boundary
    raise UnknownNameError("boundary", name, known)


def _side(size: int) -> int:
    side = math.isqrt(size)
    if side**2 != size:
        raise InvalidProblemError(
            f"size = {size}: a size of heisenberg-square is its number of spins, a square number "
            "such as 16"
        )
    return side
