"""What the solvers that invert by a polynomial take, at any size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from circuits.costs import GateCounts
from circuits.costs.banded_encoding import circulant_block_encoding_cost
from circuits.costs.block_encoding import BlockEncodingCost
from circuits.costs.chebyshev_lcu import chebyshev_lcu_cost
from circuits.costs.dense_encoding import dilation_block_encoding_bound
from circuits.costs.inversion import definite_inversion_degree, definite_inversion_scale
from circuits.costs.path_encoding import path_block_encoding_cost
from circuits.costs.qsvt import inverse_circuit_cost, qsvt_cost
from circuits.inversion import MARGIN
from qml_algos.linear_systems.deviation import allowed_deviation
from qml_algos.speedup.bills.bill import Source
from qml_algos.speedup.bills.system_families import SystemFamily, qubits_for


@dataclass(frozen=True)
class SolverCost:
    """What one run of a linear solver takes beside loading and reading.

    Attributes
    ----------
    algorithm
        Gates.
    success_probability
        In the mean over random b.
    kappa_exponent
        The gates grow as the condition number to this power.
    details
        Figures of the solver, by the names that its `Program` has them under.
    assumptions
        Whole sentences.
    source
        Of the gate counts.
    """

    algorithm: GateCounts
    success_probability: float
    kappa_exponent: float
    details: Mapping[str, float] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    source: Source = "closed form"


def qsvt_circuit_cost(family: SystemFamily, size: int, epsilon: float) -> SolverCost:
    r"""Bill `qml_algos.linear_systems.QSVTInversion`.

    Parameters
    ----------
    family
        Of definite matrices.
    size
        N; sizes that are no power of two are billed as the next one.
    epsilon
        Error of the polynomial.

    Returns
    -------
    SolverCost
        About :math:`\tfrac12 \sqrt\kappa \ln(2 / \epsilon)` uses of an encoding of
        :math:`O(\log N)` gates, or of :math:`O(N^2)` where all entries are loaded.
    """
    return _definite_cost(family, size, epsilon, qsvt_cost, 1.0)


def chebyshev_circuit_cost(family: SystemFamily, size: int, epsilon: float) -> SolverCost:
    r"""Bill `qml_algos.linear_systems.ChebyshevLCU`.

    Parameters
    ----------
    family, size, epsilon
        As for `qsvt_circuit_cost`.

    Returns
    -------
    SolverCost
        Of the same polynomial, whose degree is rounded up to where a register of indices ends. Its
        coefficients are all positive: their sum is the largest value.
    """
    return _definite_cost(family, size, epsilon, chebyshev_lcu_cost, 1 / (1 - MARGIN))


def _definite_cost(
    family: SystemFamily,
    size: int,
    epsilon: float,
    transformation: Callable[[BlockEncodingCost, int], GateCounts],
    factor: float,
) -> SolverCost:
    n = qubits_for(size)
    spectrum = family.spectrum(2**n)
    deviation = allowed_deviation(epsilon)
    kappa = spectrum.condition_number
    if family.access == "entries":
        # A dilation encodes the spectrum itself, from its centre.
        unit, contrast = (spectrum.largest + spectrum.smallest) / 2, (kappa - 1) / (kappa + 1)
    else:
        unit, contrast = family.diagonal, 2 * abs(family.neighbour / family.diagonal)
    degree = definite_inversion_degree(kappa, deviation)
    scale = definite_inversion_scale(kappa, deviation, max(0.0, 1 - contrast))
    centred, opposite = (_ENCODINGS[family.access](n, start, contrast / 2) for start in (0.0, 1.0))
    algorithm = inverse_circuit_cost(
        GateCounts(), transformation(centred, degree), centred, opposite
    )
    amplitude = factor * scale * unit / (1 + contrast)
    return SolverCost(
        algorithm=algorithm,
        success_probability=min(1.0, amplitude**2 * spectrum.mean_inverse_square),
        kappa_exponent=0.5,
        details={"degree": degree, "alpha": contrast},
        assumptions=(_DENSE,) if family.access == "entries" else (),
    )


_DENSE = (
    "The matrix is encoded by a dense unitary, whose gates are a bound; the solver itself takes a "
    "look-up table beyond 64 unknowns, and stops at 1,024."
)


def _ring_encoding(qubits: int, diagonal: float, neighbour: float) -> BlockEncodingCost:
    return circulant_block_encoding_cost(qubits, {0: diagonal, 1: neighbour, -1: neighbour})


_ENCODINGS: dict[str, Callable[[int, float, float], BlockEncodingCost]] = {
    "path": path_block_encoding_cost,
    "circulant": _ring_encoding,
    "entries": lambda qubits, *_: dilation_block_encoding_bound(qubits),
}
