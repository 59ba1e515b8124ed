"""What HHL takes, at any size."""

from __future__ import annotations

from circuits.costs import GateCounts
from circuits.costs.evolution import EvolutionCost, diagonalised_evolution_cost
from circuits.costs.fourier_evolution import fourier_evolution_cost, laplacian_power_cost
from circuits.costs.hhl import hhl_cost
from circuits.fourier_diagonal import Axis, FourierDiagonal
from circuits.reciprocal import GUARD_QUBITS, reciprocal_filter
from qml_algos.linear_systems.deviation import allowed_deviation
from qml_algos.speedup.bills.inversion_circuits import SolverCost
from qml_algos.speedup.bills.system_families import SystemFamily, qubits_for

_DIAGONALISED = (
    "The circuit is built from eigenvectors, which take of order N^3 classical operations; its "
    "gates are a bound, and the solver itself stops at 1,024 unknowns."
)
_TABLES = (
    "The eigenvalues are in tables of 2^n angles; the solver itself stops at 12 qubits of them."
)


def hhl_circuit_cost(family: SystemFamily, size: int, epsilon: float) -> SolverCost:
    """Bill `qml_algos.linear_systems.HHL` where its evolution is exact.

    Parameters
    ----------
    family
        Whose matrix shifts encode, so that a Fourier transform diagonalises it, or whose entries
        are all loaded, so that it is diagonalised classically.
    size
        N; sizes that are no power of two are billed as the next one.
    epsilon
        Error of the filter.

    Returns
    -------
    SolverCost
        Twice the evolution by a clock of ``log2(kappa log(1 / epsilon))`` qubits, and its filter,
        which is designed here: a tenth of a second for each condition number.
    """
    n = qubits_for(size)
    spectrum = family.spectrum(2**n)
    found = reciprocal_filter(spectrum.condition_number, allowed_deviation(epsilon), definite=True)
    evolution = _evolution(family, n, found.clock_qubits - GUARD_QUBITS)
    amplitude = found.scale * spectrum.largest
    return SolverCost(
        algorithm=hhl_cost(GateCounts(), evolution, found.clock_qubits, definite=True),
        success_probability=min(1.0, amplitude**2 * spectrum.mean_inverse_square),
        kappa_exponent=1.0,
        details={"clock qubits": found.clock_qubits, "scale": found.scale},
        assumptions=(_DIAGONALISED if family.access == "entries" else _TABLES,),
    )


def _evolution(family: SystemFamily, qubits: int, time_qubits: int) -> EvolutionCost:
    if family.access == "entries":
        return diagonalised_evolution_cost(qubits, time_qubits)
    matrix = FourierDiagonal((Axis(qubits, "periodic", lambda mode: mode, True),))
    return fourier_evolution_cost(matrix, time_qubits, laplacian_power_cost(matrix))
