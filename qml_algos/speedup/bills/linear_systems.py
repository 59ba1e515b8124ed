"""What quantum solvers of linear systems take, from small sizes to 1e30 unknowns."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from circuits.costs import GateCounts
from circuits.costs.state_preparation import state_preparation_cost
from qml_algos.errors import UnknownNameError
from qml_algos.speedup.bills.bill import Bill
from qml_algos.speedup.bills.classical_work import with_classical_work
from qml_algos.speedup.bills.fitted import fitted_law
from qml_algos.speedup.bills.hhl_circuits import hhl_circuit_cost
from qml_algos.speedup.bills.inversion_circuits import (
    SolverCost,
    chebyshev_circuit_cost,
    qsvt_circuit_cost,
)
from qml_algos.speedup.bills.law import BillLaw, BillRequest, Check
from qml_algos.speedup.bills.readout import (
    ReadOut,
    entry_readout,
    observable_readout,
    vector_readout,
)
from qml_algos.speedup.bills.spectral_circuits import (
    HEATED_LINES,
    heated_line_cost,
    resolution_check,
)
from qml_algos.speedup.bills.system_families import (
    SYSTEM_FAMILIES,
    Access,
    SystemFamily,
    family_named,
    qubits_for,
)
from qml_algos.validation import require_count, require_epsilon

OUTPUTS = ("observable", "entry", "vector")
"""The share of a region in ``||x||**2``, with an absolute error; the absolute value of one entry,
with an error relative to the largest; all entries, with an error relative to the norm."""

CIRCUIT_SHARE = 0.1
"""Part of epsilon that the circuit has, which costs its logarithm; reading has the rest."""

_CIRCUITS: dict[tuple[str, Access], Callable[[SystemFamily, int, float], SolverCost]] = {
    ("qsvt", "path"): qsvt_circuit_cost,
    ("qsvt", "circulant"): qsvt_circuit_cost,
    ("qsvt", "entries"): qsvt_circuit_cost,
    ("chebyshev", "path"): chebyshev_circuit_cost,
    ("chebyshev", "circulant"): chebyshev_circuit_cost,
    ("hhl", "circulant"): hhl_circuit_cost,
    ("hhl", "entries"): hhl_circuit_cost,
}
"""By solver and access; HHL on a path evolves by a product formula, whose steps are searched for
and have no closed form."""


def linear_system_bill(
    solver: str,
    family: str,
    size: int,
    *,
    output: str = "observable",
    epsilon: float = 1e-2,
    confidence: float = 0.95,
    loaded: bool = True,
) -> Bill:
    """Bill one answer about the solution of a linear system.

    Parameters
    ----------
    solver
        Name of a quantum solver.
    family
        Of `SYSTEM_FAMILIES`, with a random b, or of `HEATED_LINES`, with a smooth one.
    size
        N, at least 2 and up to 1e30. What is no power of two is billed as the next one.
    output
        What is read: see `OUTPUTS`.
    epsilon, confidence
        Error of the answer, and the probability that it is kept to. The circuit has a tenth of it.
    loaded
        Whether gates that load b are billed.

    Returns
    -------
    Bill
        Its ``preparation`` and ``algorithm`` are those of the circuit that the solver builds for
        ``filter_epsilon = 0.1 * epsilon``, gate by gate unless its ``assumptions`` say otherwise;
        the success probability is the mean over random b. No classical seconds.

    Raises
    ------
    UnknownNameError
        If there are no bills for the solver, the family, or both together.
    InvalidProblemError, ValueError
        If another argument is out of range.
    """
    require_count("size", size)
    require_epsilon(epsilon)
    if output not in OUTPUTS:
        raise UnknownNameError("output", output, OUTPUTS)
    prepared, cost = _parts(solver, family, size, CIRCUIT_SHARE * epsilon)
    read = _read_out(
        output, size, (1 - CIRCUIT_SHARE) * epsilon, confidence, cost.success_probability
    )
    qubits = cost.algorithm.qubits
    return Bill(
        size=size,
        preparation=replace(prepared if loaded else GateCounts(), qubits=qubits),
        algorithm=cost.algorithm,
        readout=GateCounts(qubits=qubits, measurements=qubits),
        success_probability=cost.success_probability,
        shots=read.shots,
        estimation_uses=read.estimation_uses,
        kappa_exponent=cost.kappa_exponent,
        source=cost.source,
        assumptions=(*cost.assumptions, *read.assumptions),
    )


def _parts(solver: str, family: str, size: int, epsilon: float) -> tuple[GateCounts, SolverCost]:
    """Gates that load b, and the rest."""
    if solver == "spectral" and family in HEATED_LINES:
        return heated_line_cost(family, size, epsilon)
    known = family_named(family)
    if (solver, known.access) not in _CIRCUITS:
        solvers = [name for name, access in _CIRCUITS if access == known.access]
        raise UnknownNameError(f"solver with bills for the family {family}", solver, solvers)
    cost = _CIRCUITS[solver, known.access](known, size, epsilon)
    return known.loading(qubits_for(size)), cost


def bill_law(request: BillRequest) -> BillLaw:
    """Bill the solver of a comparison: `linear_system_bill`, and the building of its circuits.

    Returns
    -------
    BillLaw
        For solvers and families that have no formulas, laws fitted to the circuits of the rows.
        Without bills, and with the reason, where there are too few of them, or for an output that
        is none of `OUTPUTS`.
    """
    if request.output not in OUTPUTS:
        known = ", ".join(OUTPUTS)
        return BillLaw(None, f"There are no bills for {request.output!r}, only for {known}.")

    def make(size: int) -> Bill:
        return linear_system_bill(
            request.solver,
            request.family,
            size,
            output=request.output,
            epsilon=request.epsilon,
            confidence=request.confidence,
        )

    if not _has_formulas(request):
        dense = request.family in _DENSELY_LOADED
        return fitted_law(request, partial(_read_share, request), _dense_loading if dense else None)
    checks: tuple[Check, ...]
    if request.family in HEATED_LINES:
        checks = (_sparsity(3), _RANK, resolution_check(request.family, request.epsilon))
    else:
        checks = (_sparsity(family_named(request.family).nonzeros), _RANK)
    billed = with_classical_work(make, request.rows, proportional=request.output == "vector")
    return BillLaw(billed, None, checks, STRUCTURED_RIVALS)


def _has_formulas(request: BillRequest) -> bool:
    if request.solver == "spectral" and request.family in HEATED_LINES:
        return True
    family = SYSTEM_FAMILIES.get(request.family)
    return family is not None and (request.solver, family.access) in _CIRCUITS


_RANK = Check(
    "rank",
    "full",
    None,
    "neutral",
    "The matrix has full rank: solvers that sample a matrix of low rank do not apply to it.",
)

STRUCTURED_RIVALS = ("direct", "cg", "minres", "gmres", "fft", "local", "local-sampling")
"""Classical solvers that use that a matrix is sparse, banded or diagonal in a known basis."""


def _sparsity(nonzeros: int | None) -> Check:
    if nonzeros is None:
        return Check(
            "sparsity",
            "none",
            None,
            "bad",
            "All entries of the matrix count: loading them takes N^2 gates.",
        )
    return Check(
        "sparsity",
        f"{nonzeros} entries a row",
        float(nonzeros),
        "good",
        f"{nonzeros} entries in a row of the matrix are not zero, whatever N is; a formula "
        "tells them, so that nothing of the matrix is loaded.",
    )


_DENSELY_LOADED = ("tridiagonal", "poisson", "spd", "general", "circulant")
"""Families whose b has random entries."""


def _dense_loading(size: int) -> GateCounts:
    return state_preparation_cost(qubits_for(size))


def _read_share(request: BillRequest, size: int, success_probability: float) -> ReadOut:
    epsilon = (1 - CIRCUIT_SHARE) * request.epsilon
    return _read_out(request.output, size, epsilon, request.confidence, success_probability)


def _read_out(
    output: str, size: int, epsilon: float, confidence: float, success_probability: float
) -> ReadOut:
    match output:
        case "observable":
            return observable_readout(epsilon, confidence, success_probability)
        case "entry":
            return _entry_of_many(size, epsilon, confidence, success_probability)
        case _:
            return vector_readout(float(size), epsilon, confidence, success_probability)


def _entry_of_many(
    size: int, epsilon: float, confidence: float, success_probability: float
) -> ReadOut:
    """Read an entry to an error relative to the largest of N: of random ones, in the mean.

    The largest of N normal numbers is about ``sqrt(2 ln N)`` standard deviations.
    """
    largest = min(1.0, math.sqrt(2 * math.log(size) / size)) if size > 1 else 1.0
    read = entry_readout(epsilon * largest, confidence, success_probability)
    sentence = (
        "The entries of x are about normally distributed: the largest is sqrt(2 ln(N) / N) of the "
        "norm, and an error relative to it takes runs in proportion to N."
    )
    return replace(read, assumptions=(*read.assumptions, sentence))
