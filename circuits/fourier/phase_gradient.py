"""The Fourier transform for error-corrected machines: phases by additions to a phase gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Clbit, Qubit
from qiskit.circuit.library import SdgGate, SGate

from circuits.fourier.validation import require_epsilon, require_qubits


@dataclass(frozen=True)
class FaultTolerantCount:
    """What a circuit costs where Clifford gates and measurements are cheap.

    Attributes
    ----------
    toffoli
        ANDs of two qubits into a clean third, each undone by a measurement.
    t
        T gates if each of them is made of four; no other T gates occur.
    rotations
        Single-qubit rotations other than Clifford and T gates. They are those of
        `phase_gradient_state`, which survives and need not be prepared again.
    qubits
        Qubits, those of the gradient and the workspace included.
    """

    toffoli: int
    t: int
    rotations: int
    qubits: int


def phase_gradient_qft(
    n: int, epsilon: float = 0.0, *, swaps: bool = True, inverse: bool = False
) -> QuantumCircuit:
    r"""Fourier transform of Clifford gates and temporary ANDs, with the help of a phase gradient.

    All phases that the transform applies together, those of one qubit and all lower ones, are one
    addition to the register ``gradient``, which must be in `phase_gradient_state` and returns to
    it.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    epsilon
        Bound on the process infidelity that leaving out the smallest phases may cost; 0 leaves
        out nothing.
    swaps
        As for `circuits.fourier.qft`.
    inverse
        Build the inverse transform.

    Returns
    -------
    QuantumCircuit
        Registers ``data`` (n), ``gradient`` (D of `gradient_qubits`), ``workspace`` (D, 0 before
        and after) and the classical register ``parity`` (D), which is of no further use. It has
        measurements and gates under their condition; what it does to the data does not depend on
        their results. *Cost*: `phase_gradient_count`.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is not in [0, 1).

    Notes
    -----
    A controlled phase is :math:`e^{i \theta x_t x_j} = e^{i \theta x_j / 2}
    e^{-i \theta x_j Z_t / 2}`. The second factors, for all j below t, *add or subtract* the
    number :math:`x_{t-1} x_{t-2} \ldots`, depending on :math:`x_t`: complementing the gradient
    before and after turns one into the other, without any AND. That halves the cost of making the
    addition itself controlled. The first factors add up to :math:`\pi / 2` for each
    :math:`x_j`, an S gate, minus one more number that is subtracted from the gradient once.

    The two highest bits of a full gradient state would only ever take a carry, which is worth a
    phase of :math:`i`; an S gate on the carry replaces them.

    References
    ----------
    C. Gidney, Quantum 2, 74 (2018), arXiv:1709.06648, for the adder and its measurements.
    Y. Nam, Y. Su, D. Maslov, npj Quantum Inf. 6, 26 (2020), arXiv:1803.04933, for the transform by
    phase gradients, with ``8 n log2(n / epsilon)`` T gates for an operator norm of epsilon.
    """
    reach = gradient_qubits(n, epsilon)
    data = QuantumRegister(n, "data")
    gradient, workspace = QuantumRegister(reach, "gradient"), QuantumRegister(reach, "workspace")
    parity = ClassicalRegister(reach, "parity")
    circuit = QuantumCircuit(data, gradient, workspace, parity, name="phase_gradient_qft")
    # The inverse is the complex conjugate, and without swaps also the circuit read from the other
    # end of the register.
    order = data[::-1] if inverse and not swaps else data[:]

    for qubit in order[:-1]:
        circuit.append(SdgGate() if inverse else SGate(), [qubit])
    for top, control in [(n - 1, None), *((top, order[top]) for top in reversed(range(n)))]:
        if control is not None:
            circuit.h(control)
        number = order[max(0, top - reach) : top]
        if number:
            places = gradient[reach - len(number) :]
            _turn(circuit, number, places, workspace, parity, control, inverse=inverse)
    if swaps:
        for low in range(n // 2):
            circuit.swap(data[low], data[n - 1 - low])
    return circuit


def phase_gradient_state(size: int) -> QuantumCircuit:
    r"""Prepare the state whose additions are phases.

    .. math:: 2^{-D/2} \sum_{k=0}^{2^D - 1} e^{-2 \pi i k / 2^{D + 2}} |k\rangle

    Parameters
    ----------
    size
        Number of qubits D, at least 0.

    Returns
    -------
    QuantumCircuit
        One Hadamard and one phase on each qubit: ``D - 1`` rotations and, on the highest, a T gate.

    Raises
    ------
    ValueError
        If ``size`` is negative.
    """
    if size < 0:
        raise ValueError(f"size = {size}: a number of qubits is needed")
    circuit = QuantumCircuit(QuantumRegister(size, "gradient"), name="phase_gradient_state")
    for place, qubit in enumerate(circuit.qubits):
        circuit.h(qubit)
        circuit.p(-np.pi * 0.5 ** (size + 1 - place), qubit)
    return circuit


def phase_gradient_count(n: int, epsilon: float = 0.0) -> FaultTolerantCount:
    r"""Cost of `phase_gradient_qft` in closed form.

    Parameters
    ----------
    n, epsilon
        As for `phase_gradient_qft`.

    Returns
    -------
    FaultTolerantCount
        ``D (2 n + 1 - D) / 2`` ANDs with D of `gradient_qubits`, four T gates each; ``n + 2 D``
        qubits.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is not in [0, 1).

    Notes
    -----
    The distance to the exact transform in operator norm is at most
    :math:`\delta = n \pi / 2^{D + 1}`, so that these are ``4 n log2(n / delta) + O(n)`` T gates:
    the leading term of the best count published, half of that of Nam, Su and Maslov. A process
    infidelity of epsilon, as asked for here, takes ``2 n log2(n / epsilon) + O(n)``.

    References
    ----------
    Sci. Rep. 15 (2025), doi:10.1038/s41598-025-21087-2, for the count of comparison.
    """
    reach = gradient_qubits(n, epsilon)
    ands = reach * (2 * n + 1 - reach) // 2
    return FaultTolerantCount(
        toffoli=ands, t=4 * ands, rotations=max(0, reach - 1), qubits=n + 2 * reach
    )


def gradient_qubits(n: int, epsilon: float) -> int:
    """Size D of the gradient: the distance up to which qubits turn each other.

    Parameters
    ----------
    n, epsilon
        As for `phase_gradient_qft`.

    Returns
    -------
    int
        The smallest D with a `gradient_infidelity_bound` of at most ``epsilon``; ``n - 1`` where
        that needs all. At most ``log2(n / epsilon) / 2 - 0.1``, rounded up.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    require_qubits(n)
    require_epsilon(epsilon)
    return next(size for size in range(n) if gradient_infidelity_bound(n, size) <= epsilon)


def gradient_infidelity_bound(n: int, size: int) -> float:
    r"""Bound on the process infidelity of a transform with a gradient of D qubits.

    Parameters
    ----------
    n
        Number of qubits of the transform.
    size
        Number of qubits D of the gradient.

    Returns
    -------
    float
        .. math:: \frac{\pi^2}{16} \sum_{d = D + 1}^{n - 1}
                  \left( (n - d) 4^{-d} + (2^{-D} - 2^{-d})^2 + 4^{-d} \right)
                  \le \frac{n \pi^2}{12 \cdot 4^D}

    Notes
    -----
    Over random x and k, exact and truncated transform differ by a phase :math:`\Phi`, a sum of
    products of signs of bits, and the process fidelity is
    :math:`|E e^{i \Phi}|^2 \ge 1 - Var \Phi`. The products are uncorrelated: variances add up.
    The first term is that of the pairs left out (`circuits.fourier.approximation`). Numbers are
    cut off, not rounded: leaving out :math:`x_j` at distance d also leaves out a turn of the other
    qubit by :math:`\theta_d / 4`, which adds up to the second term; the third is the number that
    is subtracted once.
    """
    distances = np.arange(size + 1, n)
    variances = (n + 1 - distances) * 0.25**distances + (0.5**size - 0.5**distances) ** 2
    return float(np.pi**2 / 16 * np.sum(variances))


def _turn(
    circuit: QuantumCircuit,
    number: Sequence[Qubit],
    gradient: Sequence[Qubit],
    workspace: Sequence[Qubit],
    parity: Sequence[Clbit],
    control: Qubit | None,
    *,
    inverse: bool,
) -> None:
    """Add a number to the gradient where a control is 1, else subtract it; conversely if inverse.

    Without a control it is 0.
    """
    _complement(circuit, gradient, control, inverse=inverse)
    carries = workspace[: len(number)]
    for i, carry in enumerate(carries):
        if i:
            circuit.cx(carries[i - 1], number[i])
            circuit.cx(carries[i - 1], gradient[i])
        _write_and(circuit, number[i], gradient[i], carry)
        if i:
            circuit.cx(carries[i - 1], carry)
    # The carry out of the gradient: a quarter of a turn, with the sign of the addition.
    circuit.append(SGate() if inverse else SdgGate(), [carries[-1]])
    if control is not None:
        circuit.cz(control, carries[-1])
    for i, carry in reversed(list(enumerate(carries))):
        if i:
            circuit.cx(carries[i - 1], carry)
        _forget_and(circuit, number[i], gradient[i], carry, parity[i])
        if i:
            circuit.cx(carries[i - 1], number[i])
        circuit.cx(number[i], gradient[i])
    _complement(circuit, gradient, control, inverse=inverse)


def _complement(
    circuit: QuantumCircuit, gradient: Sequence[Qubit], control: Qubit | None, *, inverse: bool
) -> None:
    """Flip all bits where the number is to be subtracted."""
    for qubit in gradient:
        if control is not None:
            circuit.cx(control, qubit)
        if not inverse:
            circuit.x(qubit)


def _write_and(circuit: QuantumCircuit, first: Qubit, second: Qubit, target: Qubit) -> None:
    """Write the AND of two qubits into a target in 0: four T gates (Gidney 2018, Fig. 3)."""
    circuit.h(target)
    circuit.t(target)
    circuit.cx(first, target)
    circuit.cx(second, target)
    circuit.cx(target, first)
    circuit.cx(target, second)
    circuit.tdg([first, second])
    circuit.t(target)
    circuit.cx(target, first)
    circuit.cx(target, second)
    circuit.h(target)
    circuit.s(target)


def _forget_and(
    circuit: QuantumCircuit, first: Qubit, second: Qubit, target: Qubit, parity: Clbit
) -> None:
    """Return a target that holds the AND of two qubits to 0: a measurement, no T gate."""
    circuit.h(target)
    circuit.measure(target, parity)
    with circuit.if_test((parity, 1)):
        circuit.cz(first, second)
        circuit.x(target)
