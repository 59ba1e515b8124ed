"""What quantum principal components of data take, up to 1e30 features."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from circuits.costs import GateCounts
from circuits.costs.density_matrix import walk_powers_cost
from circuits.costs.evolution import diagonalised_evolution_cost
from circuits.costs.gates import MEASUREMENT, ROTATION, layer
from circuits.costs.measurement import pair_interference_cost
from circuits.costs.multiplexed import multiplexed_state_cost
from circuits.costs.phase_estimation import phase_estimation_cost
from qml_algos.errors import InvalidProblemError, UnknownNameError, UnsuitableSolverError
from qml_algos.pca.clock import Clock, LinearClock, WalkClock
from qml_algos.pca.families import DATASETS, FAMILIES
from qml_algos.speedup.bills.bill import Bill
from qml_algos.speedup.bills.law import BillLaw, BillRequest, Check
from qml_algos.speedup.bills.readout import ReadOut, vector_readout
from qml_algos.speedup.bills.system_families import qubits_for
from qml_algos.speedup.bills.union_bound import confidence_of_each
from qml_algos.speedup.bills.variance_shares import samples_of, variance_shares
from qml_algos.validation import require_count, require_epsilon

Evolution = Literal["walk", "eigenbasis"]
"""By the circuit that loads the data and its inverse; or in a basis of eigenvectors, which are
computed classically."""

_FEWEST_CLOCK_QUBITS, _MOST_CLOCK_QUBITS = 3, 200
_LEAK = (
    "What leaks from one eigenvalue to the outcomes of another is filtered out, as the solver does "
    "it; the shots that this costs are not billed."
)
_LOADED = (
    "All {rows:,} x {features:,} entries are loaded by one rotation each, whenever the state is "
    "used, and centring the data is not billed. The circuits that were simulated load what a "
    "classical decomposition leaves of the samples."
)
_SHARES = (
    "The components have the shares {shares} of the variance, and the next one {next:.2g}: by the "
    "limit of the family, or of the whole data set."
)
_WALK = (
    "The evolution is a walk of {uses:,} uses of the loading circuit and its inverse, which takes "
    "no eigenvectors; the circuits that were simulated are built from these."
)
_BASIS = "The circuit is built from eigenvectors, which were computed classically."


def pca_bill(
    shares: Sequence[float],
    features: int,
    rows: int,
    *,
    evolution: Evolution = "walk",
    epsilon: float = 1e-2,
    confidence: float = 0.95,
) -> Bill:
    r"""Bill the leading components of data by phase estimation.

    Parameters
    ----------
    shares
        Of the components wanted in the variance, the largest first, and at the end that of the next
        one, 0 if there is none.
    features
        d, at least 2 and up to 1e30. What is no power of two is billed as the next one.
    rows
        m that are loaded: the samples; or the rank of the data, if a classical decomposition has
        left so many.
    evolution
        How the clock gets its phases.
    epsilon, confidence
        Angle between the subspaces in radians, and the probability that it is kept to.

    Returns
    -------
    Bill
        Of loading, :math:`m d - 1` rotations for each use of the state, of which a walk takes
        :math:`2^{c + 1} - 1` for c clock qubits: so many that half of epsilon moves the clock by an
        outcome, and that the last component is an outcome away from the next, as the solver has
        them. Gates of the walk are those of the solver's circuit, of the eigenbasis an upper bound.
        Read are all d entries of each component, about :math:`d \log_2 d\, k / (4 \epsilon^2)`
        shots for k of them, in the runs that show its eigenvalue.

    Raises
    ------
    UnknownNameError
        If there is no such evolution.
    UnsuitableSolverError
        If the clock cannot tell the last component from the next.
    InvalidProblemError, ValueError
        If another argument is out of range.

    References
    ----------
    S. Lloyd, M. Mohseni, P. Rebentrost, Nat. Phys. 10, 631 (2014), arXiv:1307.0401: the task; the
    walk is that of `circuits.density_matrix.WalkEvolution`.
    """
    require_count("features", features)
    require_count("rows", rows)
    require_epsilon(epsilon)
    if evolution not in _PARTS:
        raise UnknownNameError("evolution", evolution, _PARTS)
    *wanted, following = shares
    if not wanted or not 0 < wanted[-1] <= 1:
        raise InvalidProblemError(f"shares = {list(shares)}: components of no variance are asked")
    n = qubits_for(features)
    copy = multiplexed_state_cost(0, n + (rows - 1).bit_length())
    clock = _clock_qubits(evolution, shares, epsilon)
    preparation, algorithm, flag = _PARTS[evolution](copy, n, clock)
    # Half of the circuits turn the clock by half an outcome.
    algorithm += layer(ROTATION, clock)
    qubits = copy.qubits + flag + clock
    reading = pair_interference_cost(n, n) + layer(MEASUREMENT, n + flag + clock)
    kept = 0.5 if evolution == "walk" else 1.0
    read = _read_out([kept * share for share in wanted], features, epsilon, confidence)
    sentences = (
        _LOADED.format(rows=rows, features=features),
        _SHARES.format(shares=", ".join(f"{share:.2g}" for share in wanted), next=following),
        _WALK.format(uses=2 ** (clock + 1) - 1) if evolution == "walk" else _BASIS,
        _LEAK,
        *read.assumptions,
    )
    return Bill(
        size=features,
        preparation=replace(preparation, qubits=qubits),
        algorithm=replace(algorithm, qubits=qubits),
        readout=replace(reading, qubits=qubits),
        success_probability=kept * wanted[-1],
        shots=read.shots,
        estimation_uses=read.estimation_uses,
        assumptions=sentences,
    )


def bill_law(request: BillRequest) -> BillLaw:
    """Bill phase estimation on the data of a comparison: `pca_bill` by the walk.

    Returns
    -------
    BillLaw
        Of drawn data with as many samples as the family draws. Without bills, and with the reason,
        of other solvers and of data whose shares of variance are not known.
    """
    if request.solver != "phase-estimation":
        reason = f"There are no bills for {request.solver!r}, only for 'phase-estimation'."
        return BillLaw(None, reason)
    if request.family not in (*FAMILIES, *DATASETS):
        reason = (
            f"There are no bills for {request.family!r}: of families and data sets alone it is "
            "known how the variance is shared at other sizes."
        )
        return BillLaw(None, reason)
    options = request.settings.get("options")
    components = options.get("components") if isinstance(options, dict) else None
    if not isinstance(components, int):
        return BillLaw(None, "The comparison does not say how many components were asked for.")

    def make(size: int) -> Bill:
        return pca_bill(
            variance_shares(request.family, size, components + 1),
            size,
            samples_of(request.family, size),
            epsilon=request.epsilon,
            confidence=request.confidence,
        )

    return BillLaw(make, None, _checks(request.family, components), _STRUCTURED)


_STRUCTURED = ("randomised", "lanczos", "dequantised")
"""Classical solvers that use that few components hold the variance."""


def _read_out(
    chances: Sequence[float], features: int, epsilon: float, confidence: float
) -> ReadOut:
    """Read each component within its share of the angle, from the runs that show its eigenvalue."""
    count = len(chances)
    # A sine of the angle is at most the root of the sum of squared distances.
    each = epsilon / math.sqrt(count)
    one = confidence_of_each(confidence, count)
    reads = [vector_readout(float(features), each, one, chance) for chance in chances]
    uses = sum(read.estimation_uses or 0.0 for read in reads)
    return replace(reads[-1], estimation_uses=uses)


def _clock_qubits(evolution: Evolution, shares: Sequence[float], epsilon: float) -> int:
    """Fewest clock qubits that resolve epsilon and tell the last component from the next."""
    last, following = shares[-2], shares[-1]
    for qubits in range(_FEWEST_CLOCK_QUBITS, _MOST_CLOCK_QUBITS):
        clock: Clock = WalkClock(qubits)
        finest = 4 * epsilon
        if evolution == "eigenbasis":
            # The solver knows the Frobenius norm, of which the leading shares are most.
            clock = LinearClock.up_to(min(1.0, math.hypot(*shares)), qubits)
            finest = epsilon / 2
        if clock.cell(0.0) <= finest and last - following >= clock.cell(last):
            return qubits
    raise UnsuitableSolverError(
        f"phase-estimation: components of the shares {last:.2g} and {following:.2g} of the "
        "variance are not told apart by any clock"
    )


def _walk(copy: GateCounts, n: int, clock: int) -> tuple[GateCounts, GateCounts, int]:
    """Return all loading, the rest of the walk and of the clock, and the qubits that flag it."""
    width = int(copy.qubits)
    steps = walk_powers_cost(GateCounts(qubits=width), n, clock)
    uses = 2 ** (clock + 1) - 1
    return uses * copy, phase_estimation_cost(steps, clock), width


def _eigenbasis(copy: GateCounts, n: int, clock: int) -> tuple[GateCounts, GateCounts, int]:
    """Return loading and, up to the same frame, the clock; nothing flags it."""
    evolution = diagonalised_evolution_cost(n, clock)
    estimation = phase_estimation_cost(evolution.powers, clock)
    return copy, evolution.enter + estimation + evolution.leave, 0


_PARTS: dict[str, Callable[[GateCounts, int, int], tuple[GateCounts, GateCounts, int]]] = {
    "walk": _walk,
    "eigenbasis": _eigenbasis,
}


def _checks(family: str, components: int) -> tuple[Check, ...]:
    *wanted, following = variance_shares(family, 10**30, components + 1)
    gap = wanted[-1] - following
    share = sum(wanted)
    return (
        Check(
            "output",
            f"{components} components, all entries",
            float(components),
            "bad",
            "Read are all N entries of each component: the runs grow in proportion to N, and a "
            "classical solver has written them down when it is done.",
        ),
        Check(
            "rank",
            f"{share:.0%} of the variance in {components}",
            share,
            "neutral",
            f"The components hold {share:.0%} of the variance whatever N is, and the last stands "
            f"out by {gap:.2g} of it: the clock is as long at any N. Solvers that sample, or "
            "iterate on few vectors, profit by the same.",
        ),
    )
