"""Eigenphases from the counts of a clock register, off the grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.errors import InvalidProblemError
from qml_algos.phase_estimation.kernel import PhaseKernel
from qml_algos.phase_estimation.mixture import Data, Mixture, maximise, polish
from qml_algos.phase_estimation.selection import score_process
from qml_algos.phase_estimation.spectrum import PhaseSpectrum
from qml_algos.validation import numeric_array

SIGNIFICANCE = 1e-3
"""Probability, at most, of reporting an eigenphase too many."""

_COARSE = 1e-3
# Starts lie off the grid of outcomes, on which the likelihood is stationary.
_OFF_GRID = 0.13
_FIRST_STARTS = (-0.45, -0.15, 0.15, 0.45)


def fit_phases(
    counts: ArrayLike,
    clock_qubits: int,
    *,
    guard_qubits: int = 0,
    max_components: int | None = None,
    significance: float = SIGNIFICANCE,
    background: bool = False,
) -> PhaseSpectrum:
    r"""Fit eigenphases and their weights to what the clock of phase estimation was found in.

    Maximum likelihood of the mixture :math:`\sum_j w_j K_k(\phi_j)` of the kernels of
    `PhaseKernel`. Phases are not bound to the grid of outcomes: with S shots on a weight w the
    standard error is about ``0.3 cell / sqrt(w S)``. How many there are is found by adding, where
    the residual score is largest, as long as the likelihood gains more than it would by chance,
    the phase being free (`selection`), and by taking away what later ones made unnecessary.

    Parameters
    ----------
    counts
        Shape ``(2**clock_qubits,)``: how often each k was read, k with qubit 0 of the clock as
        the least significant bit.
    clock_qubits, guard_qubits
        As in `circuits.phase_estimation`.
    max_components
        Stop adding there. An eigenstate has 1.
    significance
        Probability of a phase too many, at most.
    background
        Whether some outcomes, of a weight to be fitted, are uniformly distributed: what
        depolarising noise leaves.

    Returns
    -------
    PhaseSpectrum
        In descending order of weight. Two phases closer than the counts can tell apart are
        reported as one, at their mean. With a background there may be none.

    Raises
    ------
    InvalidProblemError
        If the counts have another shape, are negative, not whole, or all 0.
    ValueError
        If another argument is out of range.

    Notes
    -----
    O(J^2 M log M) for J phases and M outcomes: for J = 4 and M = 256 about 0.1 s on one core. One
    clock qubit does not tell a phase from its negative.
    """
    require_options(clock_qubits, guard_qubits, max_components, significance)
    kernel = PhaseKernel(clock_qubits, guard_qubits)
    data = Data(require_counts(counts, kernel.outcomes), kernel, background)
    limit = max(1, (kernel.outcomes - 1) // 2)
    if max_components is not None:
        limit = min(limit, max_components)
    mixture, value = _grown(data, significance, limit)
    mixture, value = _pruned(data, mixture, value, significance)
    mixture, value = polish(data, *maximise(data, mixture))
    return PhaseSpectrum.of(data, mixture, value)


def require_options(
    clock_qubits: int, guard_qubits: int, max_components: int | None, significance: float
) -> None:
    """Refuse sizes and levels out of range.

    Raises
    ------
    ValueError
        Naming the argument.
    """
    for name, given, least in (
        ("clock_qubits", clock_qubits, 1),
        ("guard_qubits", guard_qubits, 0),
        ("max_components", 1 if max_components is None else max_components, 1),
    ):
        if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < least:
            raise ValueError(f"{name} = {given!r}: must be an integer, at least {least}")
    if guard_qubits >= clock_qubits:
        raise ValueError(
            f"guard_qubits = {guard_qubits}: must be fewer than the {clock_qubits} clock qubits"
        )
    if not 0 < significance < 1:
        raise ValueError(f"significance = {significance}: must lie strictly between 0 and 1")


def require_counts(counts: ArrayLike, outcomes: int) -> np.ndarray:
    """Return counts as an array of floats.

    Raises
    ------
    InvalidProblemError
        If they are not one whole number from 0 for each outcome, or all 0.
    """
    found = numeric_array(counts, "counts")
    if found.shape != (outcomes,):
        raise InvalidProblemError(
            f"counts have shape {found.shape}: ({outcomes},) is needed, one for each outcome"
        )
    if np.iscomplexobj(found) or np.any(found < 0) or np.any(found != np.round(found)):
        raise InvalidProblemError("counts must be whole numbers, none below 0")
    if not np.any(found):
        raise InvalidProblemError("counts are all 0: nothing was measured")
    return np.asarray(found, dtype=float)


def _grown(data: Data, significance: float, limit: int) -> tuple[Mixture, float]:
    """Add components as long as each is significant."""
    mixture, value = _first(data)
    while mixture.size < limit:
        process = score_process(data, mixture)
        trial, reached = _added(data, mixture, process.peak, process.weight)
        if process.p_value(reached - value) > significance:
            break
        mixture, value = trial, reached
    return mixture, value


def _first(data: Data) -> tuple[Mixture, float]:
    """Nothing but background; or else the one component that there has to be."""
    if data.background:
        return maximise(data, Mixture(np.zeros(0), np.zeros(0), 1.0))
    spacing = 2 * np.pi / data.kernel.outcomes
    peak = float(np.argmax(data.counts))
    starts = [Mixture(np.array([spacing * (peak + x)]), np.ones(1)) for x in _FIRST_STARTS]
    climbed = [maximise(data, start) for start in starts]
    return max(climbed, key=lambda found: found[1])


def _added(data: Data, mixture: Mixture, phase: float, weight: float) -> tuple[Mixture, float]:
    spacing = 2 * np.pi / data.kernel.outcomes
    start = mixture.added(phase + _OFF_GRID * spacing, weight)
    return polish(data, *maximise(data, start, tolerance=_COARSE), tolerance=_COARSE)


def _pruned(
    data: Data, mixture: Mixture, value: float, significance: float
) -> tuple[Mixture, float]:
    """Take away components, the least significant first, as long as one is not significant."""
    least = 1 - int(data.background)
    while mixture.size > least:
        trials = []
        for component in range(mixture.size):
            fewer, reached = maximise(data, mixture.without(component), tolerance=_COARSE)
            trials.append((reached, fewer))
        reached, fewer = max(trials, key=lambda trial: trial[0])
        if score_process(data, fewer).p_value(value - reached) <= significance:
            break
        mixture, value = fewer, reached
    return mixture, value
