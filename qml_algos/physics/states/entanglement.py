"""Entanglement of pure states: profiles of entropies, samples of the second one, Page's mean."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma

from qml_algos.errors import InvalidProblemError, SignalLostError, TooLargeError
from qml_algos.physics.configurations import require_bits
from qml_algos.physics.states.statevector import statevector_of
from qml_algos.physics.states.wave_function import WaveFunction
from qml_algos.physics.threads import one_thread
from qml_algos.results import Estimate
from qml_algos.validation import is_number, require_count

MAX_QUBITS = 20
"""Qubits up to which a statevector is divided at every cut."""
_MOST_PAGE_QUBITS = 1000


@runtime_checkable
class SchmidtDecomposed(Protocol):
    """A state that knows its Schmidt values without its amplitudes."""

    def schmidt_values(self) -> list[NDArray[np.float64]]:
        """Schmidt values of the cuts after 1, 2 .. n - 1 sites, of squares that add up to 1."""
        ...


def entropy_profile(
    state: WaveFunction | SchmidtDecomposed | ArrayLike, base: float = 2
) -> NDArray[np.float64]:
    """Entropy of entanglement of the first l sites with the rest, for l from 1 to n - 1.

    Parameters
    ----------
    state
        A wave function of any representation, or a statevector of any norm. One that has
        ``schmidt_values``, as matrix-product states do, may have any number of qubits.
    base
        Of the logarithm: 2 for bits.

    Returns
    -------
    numpy.ndarray
        Shape ``(n - 1,)``.

    Raises
    ------
    InvalidProblemError
        If it is no state, or the base is no number above 1.
    TooLargeError
        Above 20 qubits, for states given by amplitudes.

    Notes
    -----
    Cost, for amplitudes: singular values at each cut, O(2^(3n/2)) in all.
    """
    unit = _unit(base)
    if isinstance(state, SchmidtDecomposed):
        values = state.schmidt_values()
    else:
        with one_thread():
            values = _schmidt_values(statevector_of("state", state))
    return np.array([_entropy(found**2) for found in values]) / unit


def renyi2(
    state: WaveFunction, first: ArrayLike, second: ArrayLike, sites: ArrayLike, base: float = 2
) -> Estimate:
    r"""Estimate the second Renyi entropy of some sites from two sets of independent samples.

    The purity is the mean of ``psi(s'_A s_B) psi(s_A s'_B) / (psi(s) psi(s'))``, the swap operator
    on two copies of the state.

    Parameters
    ----------
    state
        Whose amplitudes can be read, normalised or not.
    first, second
        Configurations drawn by squared amplitude, the sets independent of each other; shape
        ``(samples, qubits)``.
    sites
        The part A, at least one site and not all.
    base
        Of the logarithm: 2 for bits.

    Returns
    -------
    Estimate
        Entropy, and its standard error by propagation from that of the purity.

    Raises
    ------
    InvalidProblemError
        If the samples are fewer than 2 or do not match, or the sites are no proper part.
    SignalLostError
        If the mean is not above 0: more samples are needed.

    Notes
    -----
    Cost: 4 amplitudes a sample; the samples needed grow with the exponential of the entropy. M. B.
    Hastings et al., Phys. Rev. Lett. 104, 157201 (2010).
    """
    unit = _unit(base)
    s = require_bits("first", first, state.qubits)
    t = require_bits("second", second, state.qubits)
    if s.shape != t.shape or len(s) < 2:
        raise InvalidProblemError(
            f"first has {len(s)} samples, second {len(t)}: as many are needed, at least 2"
        )
    part = _part(sites, state.qubits)
    mixed = [np.where(part, t, s), np.where(part, s, t)]
    logs = sum(state.log_amplitudes(bits) for bits in mixed)
    ratios = np.exp(logs - state.log_amplitudes(s) - state.log_amplitudes(t)).real
    purity = float(ratios.mean())
    if purity <= 0:
        raise SignalLostError(
            f"purity of {int(part.sum())} sites: {len(s)} samples gave {purity:.3g}, which has no "
            "logarithm; more are needed"
        )
    error = float(ratios.std(ddof=1) / np.sqrt(len(ratios)))
    return Estimate(-float(np.log(purity)) / unit, error / purity / unit)


def page_entropy(qubits: int, sites: int, base: float = 2) -> float:
    r"""Mean entropy of some sites of a random pure state.

    ``sum_{j=N+1}^{MN} 1/j - (M-1)/(2N)`` nats, for dimensions M of the smaller part and N of the
    larger one.

    Parameters
    ----------
    qubits, sites
        In all, and in the part: 0 to ``qubits``, of at most 1000.
    base
        Of the logarithm: 2 for bits.

    Raises
    ------
    InvalidProblemError, TooLargeError
        If the numbers do not match, or there are more than 1000 qubits.

    Notes
    -----
    D. N. Page, Phys. Rev. Lett. 71, 1291 (1993).
    """
    require_count("qubits", qubits)
    unit = _unit(base)
    if qubits > _MOST_PAGE_QUBITS:
        raise TooLargeError(f"qubits = {qubits}: at most {_MOST_PAGE_QUBITS}")
    if isinstance(sites, bool) or not isinstance(sites, int | np.integer):
        raise InvalidProblemError(f"sites = {sites!r}: must be an integer from 0 to {qubits}")
    if not 0 <= sites <= qubits:
        raise InvalidProblemError(f"sites = {sites}: must be an integer from 0 to {qubits}")
    smaller = min(int(sites), qubits - int(sites))
    few, many, total = (2.0**k for k in (smaller, qubits - smaller, qubits))
    mean = digamma(total + 1) - digamma(many + 1) - (few - 1) / (2 * many)
    return float(mean) / unit


def _schmidt_values(state: NDArray[Any]) -> list[NDArray[np.float64]]:
    qubits = len(state).bit_length() - 1
    if qubits > MAX_QUBITS:
        raise TooLargeError(
            f"{qubits} qubits: the entropies of a statevector are computed for at most "
            f"{MAX_QUBITS}; matrix-product states have no such limit"
        )
    # The first l sites are the lowest bits: the columns.
    return [scipy.linalg.svdvals(state.reshape(-1, 2**cut)) for cut in range(1, qubits)]


def _entropy(weights: NDArray[np.float64]) -> float:
    weights = weights[weights > 0]
    weights = weights / weights.sum()
    return max(float(-weights @ np.log(weights)), 0.0)


def _part(sites: ArrayLike, qubits: int) -> NDArray[np.bool_]:
    chosen = np.atleast_1d(np.asarray(sites))
    proper = (
        chosen.ndim == 1
        and chosen.dtype.kind in "iu"
        and len(np.unique(chosen)) == len(chosen)
        and 0 < len(chosen) < qubits
        and chosen.min() >= 0
        and chosen.max() < qubits
    )
    if not proper:
        raise InvalidProblemError(
            f"sites = {sites!r}: different integers from 0 to {qubits - 1}, not all of them"
        )
    found: NDArray[np.bool_] = np.zeros(qubits, dtype=bool)
    found[chosen] = True
    return found


def _unit(base: object) -> float:
    """Nats in one unit of entropy."""
    if not is_number(base) or not np.isfinite(base) or base <= 1:  # type: ignore[call-overload, operator]
        raise InvalidProblemError(f"base = {base!r}: must be a finite number above 1")
    return float(np.log(base))  # type: ignore[call-overload]
