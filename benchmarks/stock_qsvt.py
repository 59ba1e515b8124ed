"""QSVT inversion put together from the circuit library of Qiskit: a reference of the benchmark.

Two block encodings: the shift encoding, for tridiagonal Toeplitz matrices, whose cost grows
linearly in the number of qubits; and the dilation of a dense matrix to a unitary one, which is
synthesised as such and grows like 4^n.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from qiskit import AncillaRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit
from qiskit.circuit.library import StatePreparation, UnitaryGate
from scipy.optimize import root
from scipy.special import eval_chebyt

__all__ = ["dense_dilation", "inversion_polynomial", "shift_encoding", "stock_qsvt"]

# The phases of a polynomial that reaches 1 are not to be had by Newton's method.
MARGIN = 1.02


def inversion_polynomial(kappa: float, epsilon: float) -> NDArray[np.float64]:
    """Odd polynomial of least degree with ``|x p(x) - 1| <= epsilon`` on [1/kappa, 1].

    ``1 - x p(x)`` is even and 1 at 0: the least such polynomial is a Chebyshev one of x^2.

    Returns
    -------
    numpy.ndarray
        Chebyshev coefficients, scaled to a largest value on [-1, 1] just below 1.
    """
    gap = 1 / kappa**2
    centre = (1 + gap) / (1 - gap)
    order = int(np.ceil(np.arccosh(1 / epsilon) / np.arccosh(centre)))

    def p(x: Any) -> Any:
        falling = eval_chebyt(order, (1 + gap - 2 * x**2) / (1 - gap))
        return (1 - falling / eval_chebyt(order, centre)) / x

    coefficients = chebyshev.chebinterpolate(p, 2 * order - 1)
    coefficients[::2] = 0.0
    largest = np.max(np.abs(chebyshev.chebval(np.linspace(0, 1, 100 * order), coefficients)))
    return np.asarray(coefficients / (MARGIN * largest))


def _phases(coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Symmetric phases whose product has the odd polynomial as its real part.

    Those of Y. Dong, X. Meng, K. Whaley, L. Lin, arXiv:2002.11649, for the signal operator
    exp(i arccos(x) X), moved to the reflection convention that block encodings have (J. Martyn,
    Z. Rossi, A. Tan, I. Chuang, arXiv:2105.02859, Appendix A.2).
    """
    degree = len(coefficients) - 1
    half = (degree + 1) // 2
    x = np.cos(np.pi * (np.arange(half) + 0.5) / (2 * half))
    target = chebyshev.chebval(x, coefficients)
    c, s = x, 1j * np.sqrt(1 - x**2)

    def mismatch(reduced: NDArray[np.float64]) -> NDArray[np.float64]:
        phases = np.exp(1j * np.concatenate([reduced, reduced[::-1]]))
        upper, lower = np.full(half, phases[-1]), np.zeros(half, dtype=complex)
        for phase in phases[-2::-1]:
            upper, lower = phase * (c * upper + s * lower), (s * upper + c * lower) / phase
        return np.asarray(upper.real - target)

    start = np.zeros(half)
    start[0] = np.pi / 4
    found = root(mismatch, start, tol=1e-12)
    if np.max(np.abs(mismatch(found.x))) > 1e-9:
        raise RuntimeError(f"no phases found for the reference of degree {degree}")
    phases = np.concatenate([found.x, found.x[::-1]]) - np.pi / 2
    phases[0] += np.pi / 2 + (2 * degree - 1) * np.pi / 4
    phases[-1] += np.pi / 4
    return np.asarray(phases)


@dataclass(frozen=True, eq=False)
class StockEncoding:
    """A unitary with A / alpha where its signal qubits are 0.

    ``circuit`` has the registers system, signal and, if any, a workspace that returns to 0.
    """

    circuit: QuantumCircuit
    alpha: float
    system_qubits: int
    signal_qubits: int


def dense_dilation(a: NDArray[np.float64]) -> StockEncoding:
    """Encode a Hermitian matrix in the unitary ``[[A, S], [S, -A]]``, S^2 = 1 - A^2."""
    alpha = float(np.linalg.norm(a, 2))
    scaled = a / alpha
    values, vectors = np.linalg.eigh(scaled)
    root_of_rest = (vectors * np.sqrt(np.clip(1 - values**2, 0, None))) @ vectors.T
    unitary = np.block([[scaled, root_of_rest], [root_of_rest, -scaled]])
    qubits = len(a).bit_length()
    circuit = QuantumCircuit(qubits)
    circuit.append(UnitaryGate(scipy.linalg.polar(unitary)[0]), range(qubits))
    return StockEncoding(circuit, alpha, qubits - 1, 1)


def shift_encoding(qubits: int, diagonal: float, off_diagonal: float) -> StockEncoding:
    """Encode a tridiagonal Toeplitz matrix as a sum of the identity and two shifts.

    The shifts go over a register with one more bit, which tells what has left the matrix.
    """
    alpha = abs(diagonal) + 2 * abs(off_diagonal)
    system, overflow = QuantumRegister(qubits, "system"), QuantumRegister(1, "overflow")
    moved, down = QuantumRegister(1, "moved"), QuantumRegister(1, "down")
    carries = AncillaRegister(max(1, qubits - 1), "carries")
    circuit = QuantumCircuit(system, overflow, moved, down, carries)
    wide = [*system, *overflow]

    angle = 2 * np.arcsin(np.sqrt(2 * abs(off_diagonal) / alpha))
    circuit.ry(angle, moved)
    circuit.h(down)
    # One less is the complement of one more than the complement.
    circuit.cx(down, wide)
    _increment(circuit, moved[0], wide, list(carries))
    circuit.cx(down, wide)
    circuit.h(down)
    circuit.ry(-angle if diagonal * off_diagonal > 0 else angle, moved)
    if diagonal < 0:
        circuit.global_phase += np.pi
    return StockEncoding(circuit, alpha, qubits, 3)


def _increment(
    circuit: QuantumCircuit, control: Qubit, bits: list[Qubit], carries: list[Qubit]
) -> None:
    """Add 1 to the bits if the control is set."""
    chain = [control, *carries[: len(bits) - 2]]
    for k in range(len(chain) - 1):
        circuit.rccx(chain[k], bits[k], chain[k + 1])
    circuit.ccx(chain[-1], bits[-2], bits[-1])
    for k in reversed(range(len(chain) - 1)):
        circuit.cx(chain[k + 1], bits[k + 1])
        circuit.rccx(chain[k], bits[k], chain[k + 1])
    circuit.cx(control, bits[0])


def stock_qsvt(
    encoding: StockEncoding, b: NDArray[np.float64], smallest: float, epsilon: float
) -> QuantumCircuit:
    """Build the QSVT inversion circuit of a Hermitian matrix.

    Parameters
    ----------
    encoding
        Of the matrix.
    b
        Right-hand side.
    smallest
        Smallest absolute value of its eigenvalues.
    epsilon
        Relative error of the inverse.

    Returns
    -------
    qiskit.QuantumCircuit
        The solution is in the lowest qubits where all others are 0.
    """
    phases = _phases(inversion_polynomial(encoding.alpha / smallest, epsilon))
    circuit = QuantumCircuit(encoding.circuit.num_qubits + 1)
    *encoded, choice = circuit.qubits
    signal = encoded[encoding.system_qubits : encoding.system_qubits + encoding.signal_qubits]
    workspace = encoded[encoding.system_qubits + encoding.signal_qubits :]

    circuit.append(StatePreparation(b / np.linalg.norm(b)), range(encoding.system_qubits))
    # Phases of both signs at once, for the real part of the polynomial.
    circuit.h(choice)
    for k, phase in enumerate(phases[::-1]):
        if k:
            step = encoding.circuit if k % 2 else encoding.circuit.inverse()
            circuit.compose(step, encoded, inplace=True)
        _flip_where_zero(circuit, signal, workspace, choice)
        circuit.rz(2 * phase, choice)
        _flip_where_zero(circuit, signal, workspace, choice)
    circuit.h(choice)
    return circuit


def _flip_where_zero(
    circuit: QuantumCircuit, signal: list[Qubit], workspace: list[Qubit], target: Qubit
) -> None:
    """Flip the target where one or three signal qubits are 0."""
    circuit.x(signal)
    if len(signal) == 1:
        circuit.cx(signal[0], target)
    else:
        circuit.rccx(signal[0], signal[1], workspace[0])
        circuit.ccx(workspace[0], signal[2], target)
        circuit.rccx(signal[0], signal[1], workspace[0])
    circuit.x(signal)
