"""When a polynomial speedup breaks even: the arithmetic of two papers.

A quantum computer calls a primitive M times where a classical one calls it M^d times: a speedup of
degree d. With t_Q and t_C seconds a call, and classical work spread so that it is S times as fast,
both take equally long at

    M* = (S t_Q / t_C)^(1 / (d - 1)),    T* = t_Q M*

(R. Babbush et al., PRX Quantum 2, 010103 (2021), arXiv:2011.04149, equations 1 to 5). T. Hoefler,
T. Haener and M. Troyer, CACM 66(5), 82 (2023), arXiv:2307.00523, turn that round: if a call takes m
operations, of rates r_Q and r_C per second, and T* may be T seconds at most, then

    m <= T r_Q (r_Q / r_C)^(1 / (d - 1)).

The numbers that the papers put in stand in `qml_algos.speedup.scaling.published`, and give the
papers' tables.
"""

from __future__ import annotations

from dataclasses import dataclass

from qml_algos.errors import InvalidProblemError
from qml_algos.validation import is_number, require_positive


@dataclass(frozen=True)
class Breakeven:
    """Where a quantum computer overtakes a classical one.

    Attributes
    ----------
    calls
        Calls of the quantum primitive, M*; the classical ones are this to the power of the degree.
    seconds
        Time that both take, T*.
    """

    calls: float
    seconds: float


def breakeven_point(
    quantum_seconds: float, classical_seconds: float, degree: float, parallelism: float = 1.0
) -> Breakeven:
    """Return where a speedup of some degree breaks even.

    Parameters
    ----------
    quantum_seconds, classical_seconds
        One call of the primitive, t_Q and t_C.
    degree
        d, above 1: 2 for a quadratic speedup.
    parallelism
        S, how many times as fast the classical work is when spread.

    Returns
    -------
    Breakeven
        ``calls`` is 1 at the least: one call is the smallest problem.

    Raises
    ------
    InvalidProblemError
        If a time or the parallelism is not positive and finite, or the degree is not above 1:
        without a speedup, nothing breaks even.
    """
    require_positive("quantum_seconds", quantum_seconds)
    require_positive("classical_seconds", classical_seconds)
    require_positive("parallelism", parallelism)
    _require_degree(degree)
    calls = (parallelism * quantum_seconds / classical_seconds) ** (1 / (degree - 1))
    calls = max(calls, 1.0)
    return Breakeven(calls, quantum_seconds * calls)


def affordable_operations(
    quantum_rate: float, classical_rate: float, degree: float, seconds: float = 1e6
) -> float:
    """Return how many operations a call may take for the speedup to break even in time.

    Parameters
    ----------
    quantum_rate, classical_rate
        Operations per second, all units of a chip together.
    degree
        Of the speedup, above 1.
    seconds
        Time that the calculation may take; a million is "a little more than two weeks" (Hoefler
        et al.).

    Returns
    -------
    float
        Less than 1 if there is no crossover in time, however simple the function.

    Raises
    ------
    InvalidProblemError
        As `breakeven_point`.
    """
    require_positive("quantum_rate", quantum_rate)
    require_positive("classical_rate", classical_rate)
    require_positive("seconds", seconds)
    _require_degree(degree)
    return float(seconds * quantum_rate * (quantum_rate / classical_rate) ** (1 / (degree - 1)))


def input_bandwidth(qubits: float, gate_seconds: float) -> float:
    """Return the bits per second that a quantum computer can be fed with, or read out.

    One gate is taken for each bit, on all qubits at once (Hoefler et al., "Determining I/O
    bandwidth"): an upper bound, as one gate takes up one bit at best.

    Parameters
    ----------
    qubits
        Logical ones.
    gate_seconds
        Time of one logical gate.

    Raises
    ------
    InvalidProblemError
        If one is not positive and finite.
    """
    require_positive("qubits", qubits)
    require_positive("gate_seconds", gate_seconds)
    return float(qubits / gate_seconds)


def _require_degree(degree: object) -> None:
    if not is_number(degree) or not 1 < degree < float("inf"):  # type: ignore[operator]
        raise InvalidProblemError(
            f"degree = {degree!r}: must be a finite number above 1; without a speedup, nothing "
            "breaks even"
        )
