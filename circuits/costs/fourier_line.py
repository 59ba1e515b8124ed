"""Costs of the Fourier transform on a line of qubits."""

from __future__ import annotations

from circuits.costs.counts import GateCounts
from circuits.fourier.approximation import Windows, kept_windows
from circuits.fourier.pipelined import Step, pipelined_steps
from circuits.fourier.validation import require_epsilon, require_qubits


def line_qft_cost(n: int, epsilon: float = 0.0, *, swaps: bool = True) -> GateCounts:
    """Count `circuits.qft` for a target on which n qubits meet along a line only.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    epsilon
        Process infidelity to stay within, 0 <= epsilon < 1.
    swaps
        Whether the bits of k stand in natural order.

    Returns
    -------
    GateCounts
        That of `twine_qft_cost` with swaps. Without them that of `ladder_qft_cost`, or for windows
        of at most three that of `pipelined_qft_cost` where it takes fewer CX.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is out of range.
    """
    require_qubits(n)
    require_epsilon(epsilon)
    windows = kept_windows(n, epsilon)
    if swaps:
        return twine_qft_cost(windows)
    candidates = [ladder_qft_cost(windows)]
    if max(windows) <= 3:
        candidates.append(pipelined_qft_cost(windows))
    return min(candidates, key=lambda cost: (cost.two_qubit_gates, cost.two_qubit_depth))


def ladder_qft_cost(windows: Windows) -> GateCounts:
    """Count `circuits.fourier.line.ladder_qft`.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.approximation`.

    Returns
    -------
    GateCounts
        ``n**2 - 2`` CX for full windows and n >= 2. The two-qubit depth is the number of gates,
        nearly all of which follow one another.
    """
    n = len(windows)
    reach = [t - kept if kept > 1 else t for t, kept in enumerate(windows)]
    waits = [any(reach[t] <= c for t in range(c + 2, n)) for c in range(n)]
    entangling = sum(waits)
    for t, kept in enumerate(windows):
        entangling += 2 * kept if kept else int(t > 0 and waits[t - 1])
    rotations = 2 * (n - 1) + sum(windows)
    return GateCounts(
        qubits=n,
        two_qubit_gates=entangling,
        rotations=rotations,
        two_qubit_depth=entangling,
        rotation_depth=rotations - (n - 1),
    )


def twine_qft_cost(windows: Windows) -> GateCounts:
    """Count `circuits.fourier.twine.twine_qft`.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.approximation`.

    Returns
    -------
    GateCounts
        About ``n**2 + 5 n`` CX, whatever the windows are. The bounds ``5 n - 4`` and ``2 n - 1`` on
        depths hold for all n up to 64, which were tried.
    """
    n = len(windows)
    entangling = _twine_cx(n, boundary=n - 1, plain_first=n // 4)
    rotations = 2 * (n - 1) + sum(windows)
    return GateCounts(
        qubits=n,
        two_qubit_gates=entangling,
        rotations=rotations,
        two_qubit_depth=min(entangling, 5 * n - 4),
        rotation_depth=min(rotations, 2 * n - 1),
    )


def pipelined_qft_cost(windows: Windows) -> GateCounts:
    """Count `circuits.fourier.pipelined.pipelined_qft`.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.approximation`.

    Returns
    -------
    GateCounts
        Of the plan that the builder finds: ``O(n w)`` steps for each of about ``3 n`` plans tried
        with windows up to w. The two-qubit depth is exact.
    """
    return _of_steps(windows, pipelined_steps(windows), 0)


def hybrid_qft_cost(windows: Windows, passing: int) -> GateCounts:
    """Count `circuits.fourier.hybrid.hybrid_qft`.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.hybrid.hybrid_windows`.
    passing
        How many outputs pass, 1 <= passing < n.

    Returns
    -------
    GateCounts
        That of the pipelined outputs, as for `pipelined_qft_cost`, and of the twine of m outputs
        below them. For these depths of ``5 m`` and ``2 m`` are allowed, enough for n up to 50.
    """
    upper = _of_steps(windows, pipelined_steps(windows, passing), passing)
    entangling = _twine_cx(passing, boundary=0, plain_first=0)
    rotations = 2 * passing - 1 + sum(windows[:passing])
    return upper + GateCounts(
        qubits=passing,
        two_qubit_gates=entangling,
        rotations=rotations,
        two_qubit_depth=min(entangling, 5 * passing),
        rotation_depth=min(rotations, 2 * passing),
    )


def _twine_cx(m: int, *, boundary: int, plain_first: int) -> int:
    """Count the CX of `circuits.fourier.twine.append_twine`."""
    plain_last = max(1, m // 5)
    entangling = 0
    for t in range(m - 1, 0, -1):
        wanted = m - 1 if t <= plain_last else max(0, plain_first - (m - 1 - t))
        entangling += abs(wanted - boundary) + 2 * t
        # One more for each site that is to be a plain bit again, or a difference.
        entangling += t if wanted >= t else max(0, wanted - 1)
        entangling += int(wanted <= t < m - 1)
        boundary = wanted if wanted >= t else max(0, wanted - 1)
    return entangling + m - 1 - boundary if m else 0


def _of_steps(windows: Windows, steps: list[Step], lowest: int) -> GateCounts:
    """Count the gates of steps and the phases on inputs and outputs from the lowest upwards."""
    n = len(windows)
    layers = [0] * n
    entangling = rotations = 0
    for kind, site, other, _ in steps:
        if kind == "parity":
            rotations += 1
        elif kind != "h":
            entangling += 1
            layers[site] = layers[other] = 1 + max(layers[site], layers[other])
    rotations += 2 * (n - 1 - lowest) + int(lowest > 0)
    return GateCounts(
        qubits=n,
        two_qubit_gates=entangling,
        rotations=rotations,
        two_qubit_depth=max(layers),
        rotation_depth=rotations,
    )
