"""The quantum Fourier transform: the cheapest circuit there is for a target and an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from qiskit import QuantumCircuit

from circuits.fourier.all_to_all import direct_qft, parity_qft
from circuits.fourier.approximation import (
    Windows,
    kept_windows,
    operator_norm_bound,
    process_infidelity,
)
from circuits.fourier.line import ladder_qft
from circuits.fourier.pipelined import pipelined_qft
from circuits.fourier.placement import Connectivity, connectivity, find_line
from circuits.fourier.twine import twine_qft
from circuits.fourier.validation import require_epsilon, require_qubits

Metric = Literal["count", "depth", "balanced"]

# Two-qubit gates in CX, or in CZ, of those that are not one.
_COSTS = {"cp": 2, "swap": 3}


@dataclass(frozen=True)
class FourierDesign:
    """A circuit for the Fourier transform, and what there is to know before it is used.

    Parameters
    ----------
    circuit
        On n qubits.
    method
        ``"direct"``, ``"parity"``, ``"ladder"``, ``"pipelined"`` or ``"twine"``: the builder is
        ``direct_qft`` and so on.
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


@dataclass(frozen=True)
class _Method:
    """A builder, and whether what it builds leaves the bits of k reversed."""

    build: Callable[[Windows], QuantumCircuit]
    reverses: bool


_ANYWHERE = {"parity": _Method(parity_qft, True), "direct": _Method(direct_qft, True)}
_ON_A_LINE = {
    "ladder": _Method(ladder_qft, True),
    "pipelined": _Method(pipelined_qft, True),
    "twine": _Method(twine_qft, False),
}
_MEASURES: dict[Metric, Callable[[FourierDesign], tuple[int, int]]] = {
    "count": lambda design: (design.two_qubit_gates, design.two_qubit_depth),
    "depth": lambda design: (design.two_qubit_depth, design.two_qubit_gates),
    "balanced": lambda design: (design.two_qubit_gates * design.two_qubit_depth, 0),
}


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
        ``"balanced"``, the product of both. Ties of either are decided by the other.
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
    if metric not in _MEASURES:
        raise ValueError(f"metric = {metric!r}: known are {', '.join(map(repr, _MEASURES))}")
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
    """Build every method and take the best that leaves the order wanted."""
    require_qubits(n)
    require_epsilon(epsilon)
    device = connectivity(target)
    layout = _layout(device, n)
    windows = kept_windows(n, epsilon)
    designs = []
    for name, method in (_ANYWHERE if layout is None else _ON_A_LINE).items():
        built = _ordered(method, windows, order, on_a_line=layout is not None)
        if built is None:
            continue
        circuit, permutation = built
        gates, depth = _costs(circuit)
        designs.append(
            FourierDesign(
                circuit=circuit.inverse() if inverse else circuit,
                method=name,
                permutation=permutation,
                process_infidelity=process_infidelity(windows),
                operator_norm_bound=operator_norm_bound(windows),
                layout=layout,
                two_qubit_gates=gates,
                two_qubit_depth=depth,
            )
        )
    return min(designs, key=_MEASURES[metric])


def _ordered(
    method: _Method, windows: Windows, order: tuple[int, ...] | None, *, on_a_line: bool
) -> tuple[QuantumCircuit, tuple[int, ...]] | None:
    """Build a circuit with the order wanted, or none if that takes swaps along a line.

    They never pay: the other method delivers the order for less.
    """
    n = len(windows)
    own = _orders(n, swaps=not method.reverses)
    if order in (None, own):
        return method.build(windows), own
    if on_a_line:
        return None
    circuit = method.build(windows)
    for low in range(n // 2):
        circuit.swap(low, n - 1 - low)
    return circuit, _orders(n, swaps=True)


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
