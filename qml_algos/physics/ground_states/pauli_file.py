"""Hamiltonians in text files: a Pauli operator and its coefficient on each line."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import numpy as np
from qiskit.quantum_info import SparsePauliOp

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians import SpinHamiltonian

LETTERS = frozenset("IXYZ")


def read_hamiltonian(path: str | PathLike[str]) -> SpinHamiltonian:
    """Read a Hamiltonian from a text file.

    Parameters
    ----------
    path
        Each line is a real coefficient and a string of the letters I, X, Y and Z, one for each
        qubit, that of qubit 0 last: ``-0.5 ZZII``. What follows a ``#`` is a remark.

    Returns
    -------
    SpinHamiltonian
        Named after the file; its layers are commuting terms, greedily collected. Nothing else is
        known of it.

    Raises
    ------
    InvalidProblemError
        Naming the line that is malformed; or if there is none.
    OSError
        If the file cannot be read.
    """
    place = Path(path)
    try:
        lines = place.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise InvalidProblemError(f"{place}: is no UTF-8 text") from None
    terms = [
        _term(text, f"{place}, line {number}")
        for number, line in enumerate(lines, start=1)
        if (text := line.partition("#")[0].strip())
    ]
    if not terms:
        raise InvalidProblemError(f"{place}: holds no terms: a coefficient and a Pauli string each")
    lengths = sorted({len(paulis) for paulis, _ in terms})
    if len(lengths) > 1:
        raise InvalidProblemError(
            f"{place}: Pauli strings of {', '.join(map(str, lengths))} letters: all need one for "
            "each qubit"
        )
    operator = SparsePauliOp.from_list(terms).simplify()
    layers = tuple(operator.group_commuting())
    return SpinHamiltonian(operator, name=place.name, layers=layers)


def _term(text: str, where: str) -> tuple[str, float]:
    parts = text.split()
    if len(parts) != 2:
        raise InvalidProblemError(
            f"{where}: {text!r}: a coefficient and a Pauli string are needed, such as -0.5 ZZII"
        )
    coefficient, paulis = parts
    try:
        value = float(coefficient)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise InvalidProblemError(f"{where}: {coefficient!r} is no finite number")
    if set(paulis) - LETTERS:
        raise InvalidProblemError(f"{where}: {paulis!r} has letters other than I, X, Y and Z")
    return paulis, value
