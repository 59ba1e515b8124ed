"""The quantum Fourier transform: the cheapest circuit there is for a target and an error."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from qiskit import QuantumCircuit

from circuits.fourier.all_to_all import direct_qft, parity_qft
from circuits.fourier.approximation import (
    Windows,
    kept_windows,
    operator_norm_bound,
    process_infidelity,
)
from circuits.fourier.hybrid import hybrid_order, hybrid_qft, hybrid_windows
from circuits.fourier.line import ladder_qft
from circuits.fourier.pipelined import pipelined_qft
from circuits.fourier.placement import Connectivity, connectivity, find_line
from circuits.fourier.twine import twine_qft
from circuits.fourier.validation import require_epsilon, require_qubits

Metric = Literal["count", "depth", "balanced"]

# Two-qubit gates in CX, or in CZ, of those that are not one.
_COSTS = {"cp": 2, "swap": 3}

# Gates that a balanced design may have, over the fewest.
_TOLERANCE = 1.3


@dataclass(frozen=True)
class FourierDesign:
    """A circuit for the Fourier transform, and what there is to know before it is used.

    Parameters
    ----------
    circuit
        On n qubits.
    method
        ``"direct"``, ``"parity"``, ``"ladder"``, ``"pipelined"``, ``"twine"`` or ``"hybrid"``: the
        builder is ``direct_qft`` and so on.
    permutation
        Which bit of k stands on each qubit: bit ``permutation[i]`` on qubit i, after the transform
        or, for the inverse, before it.
    process_infidelity
        Bound on 1 - F against the exact transform.
    operator_norm_bound
        Bound on the spectral norm of the difference to the exact transform.
    layout
        Physical qubit for each qubit of the circuit, to be compiled with as ``initial_layout``;
        ``None`` if the target does not restrict which qubits may meet.
    two_qubit_gates
        CX, or CZ, of the circuit. A compiler may save a few more.
    two_qubit_depth
        Layers of them.
    """

    circuit: QuantumCircuit
    method: str
    permutation: tuple[int, ...]
    process_infidelity: float
    operator_norm_bound: float
    layout: tuple[int, ...] | None
    two_qubit_gates: int
    two_qubit_depth: int


def qft(
    n: int,
    target: Any = None,
    epsilon: float = 0.0,
    *,
    swaps: bool = True,
    inverse: bool = False,
) -> QuantumCircuit:
    r"""Quantum Fourier transform on ``n`` qubits with the fewest two-qubit gates.

    .. math:: |x\rangle \mapsto 2^{-n/2} \sum_k e^{2\pi i x k / 2^n} |k\rangle

    Parameters
    ----------
    n
        Number of qubits, at least 1. Qubit 0 is the least significant bit of x and of k.
    target
        Where it will run: ``None`` if any two qubits may meet; or a ``qiskit.transpiler.Target``,
        a ``CouplingMap``, or what has one as its attribute ``target`` or ``coupling_map``, such as
        a backend. The circuit then fits a line of its qubits: `fourier_design` says which.
    epsilon
        Process infidelity, 1 - F, against the exact transform to stay within, 0 <= epsilon < 1.
    swaps
        Whether the bits of k stand in natural order. Without it they are reversed (for the
        inverse: expected reversed), which a caller can often absorb by relabelling.
    inverse
        Build the inverse transform.

    Returns
    -------
    QuantumCircuit
        Exact, any two qubits: ``n (n - 1) / 2 + 2 n - 3`` CX and, with ``swaps``, ``n // 2``
        swaps, which compilers relabel away. Exact, on a line: ``n**2 - 2`` CX; about
        ``n**2 + 5 n`` with ``swaps``. With an error allowed about
        ``n log2(n / epsilon) / 2`` rotations are kept, one CX each between any qubits and two on
        a line.

    Raises
    ------
    ValueError
        If ``n`` is less than 1, ``epsilon`` is out of range, or the target has no line of n qubits.
    TypeError
        If the target is of another kind.

    See Also
    --------
    fourier_design : The same with the errors, the costs and the layout told.
    """
    design = _design(n, target, epsilon, "count", _orders(n, swaps=swaps), inverse=inverse)
    return design.circuit


def fourier_design(
    n: int,
    target: Any = None,
    epsilon: float = 0.0,
    *,
    metric: Metric = "count",
    swaps: bool = True,
    inverse: bool = False,
) -> FourierDesign:
    """Choose a circuit for the Fourier transform, and say what it costs and how far off it is.

    Parameters
    ----------
    n, target, epsilon, inverse
        As for `qft`.
    metric
        What is to be small: ``"count"``, the two-qubit gates; ``"depth"``, their layers; or
        ``"balanced"``, their layers among designs with at most 1.3 times the fewest gates. Ties
        of either are decided by the other.
    swaps
        Whether the bits of k must stand in natural order. Without it they may stand in any, and
        ``permutation`` tells in which.

    Returns
    -------
    FourierDesign
        The cheapest that is known.

    Raises
    ------
    ValueError
        As for `qft`, or if the metric is none of them.
    TypeError
        If the target is of another kind.

    Notes
    -----
    Derivations of the bounds are in `circuits.fourier.approximation`, lower bounds known from the
    literature and the gaps to them in `circuits.fourier.line` and `circuits.fourier.twine`.
    """
    if metric not in get_args(Metric):
        raise ValueError(f"metric = {metric!r}: known are {', '.join(map(repr, get_args(Metric)))}")
    orders = _orders(n, swaps=True) if swaps else None
    return _design(n, target, epsilon, metric, orders, inverse=inverse)


def _orders(n: int, *, swaps: bool) -> tuple[int, ...]:
    return tuple(range(n)) if swaps else tuple(reversed(range(n)))


def _design(
    n: int,
    target: Any,
    epsilon: float,
    metric: Metric,
    order: tuple[int, ...] | None,
    *,
    inverse: bool,
) -> FourierDesign:
    """Build what may be the best and leaves the order wanted, and take the best."""
    require_qubits(n)
    require_epsilon(epsilon)
    device = connectivity(target)
    layout = _layout(device, n)
    if layout is None:
        designs = list(_anywhere(n, epsilon, order))
    else:
        designs = list(_on_a_line(n, epsilon, metric, order))
        if metric == "balanced" and order is None:
            designs += _hybrids(n, epsilon, _limit(designs))
    best = min(designs, key=_measure(metric, designs))
    circuit = best.circuit.inverse() if inverse else best.circuit
    return replace(best, circuit=circuit, layout=layout)


def _measure(
    metric: Metric, designs: Sequence[FourierDesign]
) -> Callable[[FourierDesign], tuple[int, ...]]:
    """Return what is least for the best of these designs."""
    if metric == "count":
        return lambda design: (design.two_qubit_gates, design.two_qubit_depth)
    limit = None if metric == "depth" else _limit(designs)
    return lambda design: (
        limit is not None and design.two_qubit_gates > limit,
        design.two_qubit_depth,
        design.two_qubit_gates,
    )


def _limit(designs: Sequence[FourierDesign]) -> int:
    """Return how many gates a balanced design may have."""
    return int(_TOLERANCE * min(design.two_qubit_gates for design in designs))


def _described(
    method: str, circuit: QuantumCircuit, windows: Windows, order: tuple[int, ...]
) -> FourierDesign:
    """Say what there is to know of a circuit but for its layout."""
    gates, depth = _costs(circuit)
    return FourierDesign(
        circuit=circuit,
        method=method,
        permutation=order,
        process_infidelity=process_infidelity(windows),
        operator_norm_bound=operator_norm_bound(windows),
        layout=None,
        two_qubit_gates=gates,
        two_qubit_depth=depth,
    )


def _anywhere(n: int, epsilon: float, order: tuple[int, ...] | None) -> Iterator[FourierDesign]:
    """Build what lets any two qubits meet, with swaps if they are needed."""
    windows = kept_windows(n, epsilon)
    own = _orders(n, swaps=False)
    for method, build in (("parity", parity_qft), ("direct", direct_qft)):
        circuit = build(windows)
        if order not in (None, own):
            for low in range(n // 2):
                circuit.swap(low, n - 1 - low)
        yield _described(method, circuit, windows, order or own)


def _on_a_line(
    n: int, epsilon: float, metric: Metric, order: tuple[int, ...] | None
) -> Iterator[FourierDesign]:
    """Build what leaves the order wanted by itself; swaps along a line never pay."""
    windows = kept_windows(n, epsilon)
    natural, backward = _orders(n, swaps=True), _orders(n, swaps=False)
    if order in (None, backward):
        yield _described("ladder", ladder_qft(windows), windows, backward)
        # With wider windows it always takes more gates than the ladder.
        if metric != "count" or max(windows) <= 3:
            yield _described("pipelined", pipelined_qft(windows), windows, backward)
    if order in (None, natural):
        yield _described("twine", twine_qft(windows), windows, natural)


def _hybrids(n: int, epsilon: float, limit: int) -> list[FourierDesign]:
    """Build hybrids up to the one in which as many outputs pass as the gates allow, by bisection.

    Where letting outputs pass saves layers at all, it saves the more the more of them do.
    """
    tried = []
    kept = kept_windows(n, epsilon)
    low, high = 1, min(n - 1, math.isqrt(limit))
    while low <= high:
        passing = (low + high) // 2
        windows = hybrid_windows(kept, epsilon, passing)
        circuit = hybrid_qft(windows, passing)
        tried.append(_described("hybrid", circuit, windows, hybrid_order(n, passing)))
        if tried[-1].two_qubit_gates <= limit:
            low = passing + 1
        else:
            high = passing - 1
    return tried


def _layout(device: Connectivity | None, n: int) -> tuple[int, ...] | None:
    """Find a line for the circuit, unless none is needed."""
    if device is None:
        return None
    if n > device.qubits:
        raise ValueError(f"n = {n}: the target has {device.qubits} qubits")
    return None if device.complete else find_line(device, n)


def _costs(circuit: QuantumCircuit) -> tuple[int, int]:
    """Count two-qubit gates and their layers, in CX."""
    layers = [0] * circuit.num_qubits
    gates = 0
    for item in circuit.data:
        if item.operation.num_qubits == 2:
            cost = _COSTS.get(item.operation.name, 1)
            pair = [circuit.find_bit(qubit).index for qubit in item.qubits]
            gates += cost
            layers[pair[0]] = layers[pair[1]] = max(layers[place] for place in pair) + cost
    return gates, max(layers)
