"""The clock that logarithms are read from: its window, its size and its error."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import Qubit

from circuits.feature_maps.discrete_log.orbit import Orbit
from circuits.feature_maps.discrete_log.residues import ones
from circuits.fourier import qft


def erasure_infidelity(orbit: Orbit, clock_qubits: int) -> float:
    r"""Return 1 - F of the state that `arithmetic_circuit` prepares, beside all else in 0.

    With :math:`q_i` the probability that a clock with phase :math:`i / (p - 1)` is rounded to i,
    :math:`F = (2^{-k} \sum_i q_i)^2`. With :math:`E = 2^{m - 1} / (p - 1)` that is at least
    :math:`1 - 2 / (3 \pi^2 (E - 1)^3)`, and 1 if ``p - 1`` is a power of two. Takes
    ``m 2**(m + k)`` steps.

    Raises
    ------
    ValueError
        If the clock is too small.

    Notes
    -----
    The bound: a clock with amplitudes :math:`\sin(\pi c / 2^m)` shows a number that is off by d
    with probability at most :math:`8 \cos^2(\pi d) / (\pi (1 - 4 d^2))^2`, summed from E on.
    """
    m = clock_size(orbit, clock_qubits)
    ticks = np.arange(2**m)
    if is_exact(orbit):
        window = np.ones(2**m, dtype=complex)
    else:
        half_residue = np.exp(1j * np.pi * ticks / orbit.order)
        window = np.sqrt(2) * np.sin(np.pi * ticks / 2**m) * half_residue
    rounded = ticks * orbit.order // 2**m % 2**orbit.k
    correct = 0.0
    for i in range(2**orbit.k):
        turns = np.exp(2j * np.pi * (i * ticks % orbit.order) / orbit.order)
        shown = np.abs(np.fft.fft(window * turns) / 2**m) ** 2
        correct += float(np.sum(shown[rounded == i])) / 2**orbit.k
    return 1 - correct**2


def default_clock(orbit: Orbit) -> int:
    """Return the clock with which the bound on the infidelity is at most 1e-2.

    No error is left, and n qubits are enough, if ``p - 1`` is a power of two.
    """
    if is_exact(orbit):
        return orbit.digits
    return math.ceil(math.log2(2 * orbit.order * (1 + (2 / (3 * np.pi**2 * 1e-2)) ** (1 / 3))))


def clock_size(orbit: Orbit, clock_qubits: int | None) -> int:
    """Return the number of qubits asked for, or the default.

    Raises
    ------
    ValueError
        If there are fewer than digits of the prime.
    """
    if clock_qubits is None:
        return default_clock(orbit)
    if clock_qubits < orbit.digits:
        raise ValueError(
            f"clock_qubits = {clock_qubits}: at least the {orbit.digits} digits of the prime are "
            "needed"
        )
    return clock_qubits


def is_exact(orbit: Orbit) -> bool:
    """Tell whether every logarithm is a whole number of steps of a clock."""
    return orbit.order.bit_count() == 1


def start_clock(circuit: QuantumCircuit, clock: Sequence[Qubit], orbit: Orbit) -> None:
    r"""Give the clock equal amplitudes, if it is exact; else :math:`\sin(\pi c / 2^m)`.

    The sine leaves the least tails: it is the transform of two neighbouring numbers, half a step
    off. The phase is that of half a residue, so that rounding down rounds to the nearest.
    """
    m = len(clock)
    if is_exact(orbit):
        circuit.h(clock)
        return
    circuit.x(clock[0])
    circuit.h(clock[0])
    for qubit in clock[1:]:
        circuit.cx(clock[0], qubit)
    circuit.compose(qft(m, swaps=False), clock[::-1], inplace=True)
    for place, qubit in enumerate(clock):
        circuit.p(np.pi * 2**place * (2.0**-m + 1 / orbit.order), qubit)


def rounding_places(orbit: Orbit, m: int) -> list[list[int]]:
    """Return where ``(p - 1) 2**j`` modulo ``2**(m + k)`` has ones, for each j that has some."""
    digits = [ones((orbit.order << j) % 2 ** (m + orbit.k)) for j in range(m)]
    return [places for places in digits if places]
