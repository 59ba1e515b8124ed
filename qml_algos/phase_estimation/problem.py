"""The problem: a state, an evolution, and the time that phases refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from qiskit import QuantumCircuit

from circuits.evolution import Evolution
from circuits.unitary_evolution import PaddedEvolution, UnitaryEvolution
from qml_algos.errors import InvalidProblemError


@dataclass(frozen=True, eq=False)
class PhaseProblem:
    """A state prepared by a circuit, and an evolution whose eigenphases it has a share in.

    Attributes
    ----------
    preparation
        Prepares the state from 0: on the qubits of the evolution, which are the lowest; those
        above purify a mixed state and are left alone.
    evolution
        Acts on all qubits of ``preparation``.
    time
        Phases are those of ``exp(i H time)``.
    """

    preparation: QuantumCircuit
    evolution: Evolution
    time: float

    @classmethod
    def of(cls, preparation: Any, evolution: Any, time: float) -> PhaseProblem:
        """Take what `estimate_phases` accepts.

        Raises
        ------
        InvalidProblemError
            If an argument is of the wrong kind, not unitary, or the qubits do not match.
        """
        if not isinstance(preparation, QuantumCircuit):
            raise InvalidProblemError(
                f"preparation is a {type(preparation).__name__}: a QuantumCircuit is needed"
            )
        if not isinstance(time, int | float | np.number) or not np.isfinite(time) or time == 0:
            raise InvalidProblemError(f"time = {time!r}: must be a finite number other than 0")
        for name, circuit in (("preparation", preparation), ("evolution", evolution)):
            if isinstance(circuit, QuantumCircuit) and circuit.num_clbits:
                raise InvalidProblemError(f"{name} has classical bits: it must not measure")
        evolved = _evolution(evolution)
        idle = preparation.num_qubits - evolved.system_qubits
        if idle < 0:
            raise InvalidProblemError(
                f"preparation acts on {preparation.num_qubits} qubits, the evolution on "
                f"{evolved.system_qubits}: at least as many are needed"
            )
        if isinstance(evolved, UnitaryEvolution) and float(time) != round(float(time)):
            raise InvalidProblemError(f"time = {time}: a unitary has whole powers only")
        return cls(preparation, PaddedEvolution(evolved, idle) if idle else evolved, float(time))


def _evolution(given: Any) -> Evolution:
    if isinstance(given, QuantumCircuit):
        return UnitaryEvolution(given)
    if isinstance(given, list | tuple | np.ndarray):
        try:
            return UnitaryEvolution.of_matrix(given)
        except (TypeError, ValueError) as error:
            raise InvalidProblemError(f"evolution: {error}") from None
    needed = ("system_qubits", "classically_diagonalised", "enter", "leave", "controlled_powers")
    if not all(hasattr(given, name) for name in needed):
        raise InvalidProblemError(
            f"evolution is a {type(given).__name__}: a circuits.Evolution, a QuantumCircuit or a "
            "unitary matrix is needed"
        )
    found: Evolution = given
    return found
