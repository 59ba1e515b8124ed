"""The Fourier transform that ends in measurement: no two-qubit gate, phases fed forward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Clbit, Qubit
from qiskit.transpiler import Target

from circuits.fourier.approximation import Windows, controlled_phase, kept_windows
from circuits.fourier.choice import fourier_design
from circuits.fourier.placement import connectivity
from circuits.fourier.validation import require_epsilon, require_qubits

FEED_FORWARD = frozenset({"if_else", "measure"})
"""Operations that a device needs for the semiclassical transform on n qubits."""


def measured_qft(
    n: int, target: Any = None, epsilon: float = 0.0, *, inverse: bool = False
) -> QuantumCircuit:
    r"""Fourier transform followed by the measurement of all qubits, in the cheapest form.

    Where the target can measure in the middle of a circuit and act on the result, that is
    `semiclassical_qft`, without any two-qubit gate. Elsewhere it is the cheapest unitary circuit
    of `circuits.fourier.qft` with measurements after it. Either way k is read in natural order from
    the classical register, and no swap is spent on that.

    It stands where a transform is *read*: phase estimation, period finding, sampling a spectrum.
    A transform that is undone later, as that of HHL's clock, must stay coherent.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    target
        As for `circuits.fourier.qft`.
    epsilon
        Bound on the process infidelity of the transform before the measurement.
    inverse
        Transform back instead.

    Returns
    -------
    QuantumCircuit
        ``n`` qubits and a classical register ``outcome`` whose bit i is bit i of k.

    Raises
    ------
    ValueError
        If ``n`` is less than 1, ``epsilon`` is not in [0, 1), or a target without feed-forward has
        no line of n qubits.
    TypeError
        If the target is of another kind.
    """
    if feeds_forward(target):
        return semiclassical_qft(n, epsilon=epsilon, inverse=inverse)
    design = fourier_design(n, target, epsilon, swaps=False, inverse=inverse)
    qubits, outcome = QuantumRegister(n, "q"), ClassicalRegister(n, "outcome")
    circuit = QuantumCircuit(qubits, outcome, name="measured_qft")
    order = design.permutation
    if inverse:
        # What the transform expects out of order comes in order, and the other way round.
        places = [qubits[bit] for bit in order]
        circuit.compose(design.circuit, places, inplace=True)
        circuit.measure(places, outcome)
    else:
        circuit.compose(design.circuit, qubits, inplace=True)
        circuit.measure(qubits, [outcome[bit] for bit in order])
    return circuit


def semiclassical_qft(n: int, *, epsilon: float = 0.0, inverse: bool = False) -> QuantumCircuit:
    r"""Fourier transform followed by measurement, by feed-forward on n qubits.

    After its Hadamard gate a qubit of the transform is only a control of phases, so it can be
    measured first: bit i of k comes from qubit ``n - 1 - i``, and where it is 1 all lower qubits
    get their phases, at once, under one condition.

    Parameters
    ----------
    n
        Number of qubits, at least 1. Qubit 0 is the least significant bit of x.
    epsilon
        Bound on the process infidelity that leaving out the smallest phases may cost, see
        `circuits.fourier.approximation`. 0 leaves out nothing.
    inverse
        Transform back instead: all phases change their sign.

    Returns
    -------
    QuantumCircuit
        ``n`` qubits and a classical register ``outcome`` whose bit i is bit i of k. *Cost*: no
        two-qubit gate, ``n`` Hadamards and measurements, and ``n - 1`` conditions (fewer if
        epsilon is large) with ``n (n - 1) / 2`` phases inside them; with epsilon about
        ``n log2(n / epsilon) / 2``.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is not in [0, 1).

    Notes
    -----
    The outcomes are distributed as those of the transform exactly if nothing is left out;
    otherwise within `distribution_error` in total variation for any input, and for a random input
    within ``sqrt(epsilon)`` on average.

    References
    ----------
    R. Griffiths, C.-S. Niu, Phys. Rev. Lett. 76, 3228 (1996), arXiv:quant-ph/9511007. E. Baeumer
    et al., Phys. Rev. Lett. 133, 150602 (2024), arXiv:2403.09514, for n qubits of a device.
    """
    windows = allowed_windows(n, epsilon)
    qubits, outcome = QuantumRegister(n, "q"), ClassicalRegister(n, "outcome")
    circuit = QuantumCircuit(qubits, outcome, name="semiclassical_qft")
    sign = -1 if inverse else 1
    for bit, place in enumerate(reversed(range(n))):
        _centre(circuit, qubits[place], windows, place, sign)
        circuit.h(qubits[place])
        circuit.measure(qubits[place], outcome[bit])
        if windows[place]:
            with circuit.if_test((outcome[bit], 1)):
                for distance in range(1, windows[place] + 1):
                    circuit.p(sign * controlled_phase(distance), qubits[place - distance])
    return circuit


def one_qubit_qft(
    arrivals: Sequence[QuantumCircuit], *, epsilon: float = 0.0, inverse: bool = False
) -> QuantumCircuit:
    r"""Fourier transform followed by measurement, of an input that arrives bit by bit.

    One qubit is prepared, transformed, measured and reset for one bit after another.

    Parameters
    ----------
    arrivals
        Circuit i prepares qubit ``n - 1 - i`` of the input from 0: the highest first. All act on
        the same number of qubits, the last of which is the one that is transformed; the others
        are a system that it may be entangled with, which is kept.
    epsilon, inverse
        As for `semiclassical_qft`.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` and ``clock`` (1) and a classical register ``outcome`` whose bit i is
        bit i of k. *Cost* beside the arrivals: no two-qubit gate, ``n`` measurements, ``n - 1``
        resets and one condition for each phase of `semiclassical_qft`.

    Raises
    ------
    ValueError
        If nothing arrives, arrivals act on different numbers of qubits, or ``epsilon`` is not in
        [0, 1).

    References
    ----------
    R. Griffiths, C.-S. Niu, Phys. Rev. Lett. 76, 3228 (1996), arXiv:quant-ph/9511007. S. Parker,
    M. B. Plenio, Phys. Rev. Lett. 85, 3049 (2000), arXiv:quant-ph/0001066, for one qubit.
    """
    widths = {arrival.num_qubits for arrival in arrivals}
    if len(widths) != 1 or 0 in widths:
        raise ValueError(
            f"arrivals on {sorted(widths)} qubits: one circuit a bit is needed, all on the same "
            "number of qubits"
        )
    n, width = len(arrivals), widths.pop()
    windows = allowed_windows(n, epsilon)
    system, clock = QuantumRegister(width - 1, "system"), QuantumRegister(1, "clock")
    outcome = ClassicalRegister(n, "outcome")
    circuit = QuantumCircuit(system, clock, outcome, name="one_qubit_qft")
    for bit, arrival in enumerate(arrivals):
        if bit:
            circuit.reset(clock)
        circuit.compose(arrival, [*system, *clock], inplace=True)
        read_bit(circuit, clock[0], outcome, bit, windows, inverse=inverse)
    return circuit


def read_bit(
    circuit: QuantumCircuit,
    qubit: Qubit,
    outcome: Sequence[Clbit],
    bit: int,
    windows: Windows,
    *,
    inverse: bool = False,
) -> None:
    """Transform and measure one qubit of the input, the bits of k below ``bit`` being known.

    Parameters
    ----------
    circuit
        Where to append the gates.
    qubit
        Holds bit ``n - 1 - bit`` of the input.
    outcome
        Classical bits of k, the lowest first; ``outcome[bit]`` is written.
    bit
        Which bit of k.
    windows
        To how many of the following qubits each bit is fed forward: bit i of k to
        ``windows[n - 1 - i]``, as in `circuits.fourier.approximation`.
    inverse
        Transform back instead.
    """
    sign = -1 if inverse else 1
    top = len(windows) - 1
    for known in range(bit):
        if bit - known <= windows[top - known]:
            with circuit.if_test((outcome[known], 1)):
                circuit.p(sign * controlled_phase(bit - known), qubit)
    _centre(circuit, qubit, windows, top - bit, sign)
    circuit.h(qubit)
    circuit.measure(qubit, outcome[bit])


def feeds_forward(target: Any) -> bool:
    """Tell whether a target can measure in the middle of a circuit and act on the result.

    Parameters
    ----------
    target
        As for `measured_qft`. A ``qiskit.transpiler.Target`` says so by its operations; a
        ``CouplingMap`` does not say it, and ``None`` stands for a device that can.

    Raises
    ------
    TypeError
        If the target is of another kind.
    """
    described = getattr(target, "target", target)
    if isinstance(described, Target):
        return set(described.operation_names) >= FEED_FORWARD
    # Nothing else tells more than which qubits may meet.
    return connectivity(target) is None


def allowed_windows(n: int, epsilon: float) -> Windows:
    """To how many lower qubits to feed the result of each qubit forward, for an infidelity.

    Parameters
    ----------
    n, epsilon
        As for `semiclassical_qft`.

    Raises
    ------
    ValueError
        As there.
    """
    require_qubits(n)
    require_epsilon(epsilon)
    return kept_windows(n, epsilon)


def distribution_error(windows: Windows) -> float:
    r"""Bound, for any input, on the total variation distance that truncated feed-forward costs.

    Parameters
    ----------
    windows
        To how many lower qubits the result of each qubit is fed forward, see
        `circuits.fourier.approximation`.

    Returns
    -------
    float
        At most 1; with D qubits fed forward to everywhere at most :math:`n \pi / (4 \cdot 2^D)`.

    Notes
    -----
    The phases left out of qubit c deviate by at most half of their sum, :math:`\phi_c`, from their
    mean, which is applied unconditionally. A turn by :math:`\phi` changes the distribution of one
    measurement, and of all that follow, by at most :math:`\sin(\phi / 2)`; steps add up.
    """
    turns = np.array([_mean_left_out(windows, c) for c in range(len(windows))])
    return float(min(1.0, np.sum(np.sin(turns / 2))))


def _mean_left_out(windows: Windows, c: int) -> float:
    """Half of the phases of qubit c that are not fed forward."""
    outputs = range(c + 1, len(windows))
    return sum(controlled_phase(t - c) for t in outputs if t - c > windows[t]) / 2


def _centre(circuit: QuantumCircuit, qubit: Qubit, windows: Windows, c: int, sign: int) -> None:
    """Apply the mean of the phases left out, so that only deviations from it are an error."""
    if mean := _mean_left_out(windows, c):
        circuit.p(sign * mean, qubit)
