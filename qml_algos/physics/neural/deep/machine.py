"""Deep Boltzmann machines with complex weights as wave functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.configurations import Bits, every_configuration, require_bits, spins
from qml_algos.physics.neural.deep.summation import log_sums, width_of_sum
from qml_algos.physics.neural.rbm import MAX_STATEVECTOR_QUBITS


@dataclass(frozen=True, eq=False)
class DeepBoltzmannMachine:
    r"""A wave function of visible spins v, with hidden spins h and deep spins d summed over.

    .. math:: \psi(v) = e^{c} \sum_{d, h} \exp\left(a \cdot v + g \cdot d + b \cdot h
        + h \cdot W v + h \cdot U d\right)

    All spins are +-1. Hidden units are joined to visible and deep ones; no other two are joined.
    Without deep units it is a restricted Boltzmann machine. With real weights every amplitude is
    positive, and the amplitudes are the marginals of a classical factor graph with a factor for
    each weight.

    Attributes
    ----------
    W
        Weights of hidden and visible units, shape ``(hidden, qubits)``.
    U
        Weights of hidden and deep units, shape ``(hidden, deep)``.
    a, b, g
        Biases of visible, hidden and deep units.
    log_scale
        Logarithm c of a factor of all amplitudes.

    References
    ----------
    X. Gao and L.-M. Duan, Nature Communications 8, 662 (2017).
    """

    W: NDArray[Any]
    U: NDArray[Any]
    a: NDArray[Any]
    b: NDArray[Any]
    g: NDArray[Any]
    log_scale: complex = 0.0

    def __post_init__(self) -> None:
        shapes = [np.shape(values) for values in (self.W, self.U, self.a, self.b, self.g)]
        qubits, hidden, deep = (sum(shape[:1]) for shape in shapes[2:])
        if shapes != [(hidden, qubits), (hidden, deep), (qubits,), (hidden,), (deep,)]:
            raise InvalidProblemError(
                f"W, U, a, b, g have shapes {shapes}: (hidden, qubits), (hidden, deep), (qubits,), "
                "(hidden,), (deep,) are needed"
            )
        values = (self.W, self.U, self.a, self.b, self.g, self.log_scale)
        if not all(np.all(np.isfinite(value)) for value in values):
            raise InvalidProblemError("W, U, a, b, g and log_scale must be finite")

    def __repr__(self) -> str:
        hidden, deep = self.U.shape
        return f"DeepBoltzmannMachine({self.qubits} qubits, {hidden} hidden and {deep} deep units)"

    @property
    def qubits(self) -> int:
        """Number of qubits, the visible units."""
        return len(self.a)

    @property
    def parameters(self) -> int:
        """Number of weights and biases that are not 0, a complex one counted twice."""
        every = [self.W, self.U, self.a, self.b, self.g]
        count = sum(int(np.count_nonzero(values)) for values in every)
        return count * (2 if any(map(np.iscomplexobj, every)) else 1)

    @property
    def width(self) -> int:
        """Width of the order in which deep units are summed: `log_amplitudes` says what it costs.

        At least 1 with deep units, and far less than their number where each is joined to few
        others.
        """
        return width_of_sum(self.U)

    def log_amplitudes(self, bits: Bits) -> NDArray[Any]:
        """Logarithms of ``psi(v)`` for rows of bits; shape ``(samples,)``.

        Hidden and deep units are summed one at a time, in an order found by the min-fill rule. This
        takes O((hidden + deep) * 2^width) for each row, `width` being that of the order, not
        2^deep.

        Raises
        ------
        TooLargeError
            If the width is above 22.
        InvalidProblemError
            If the rows are no bits, one for each qubit.
        """
        v = spins(require_bits("bits", bits, self.qubits))
        sums = log_sums(v @ self.W.T + self.b, self.U, self.g)
        return np.asarray(sums + v @ self.a + self.log_scale)

    def sample(self, count: int, generator: np.random.Generator) -> Bits:
        """Draw configurations by squared amplitude, from all amplitudes.

        Raises
        ------
        TooLargeError
            Above 20 qubits.
        """
        weights = np.abs(self.statevector()) ** 2
        drawn = generator.choice(len(weights), size=count, p=weights / weights.sum())
        return every_configuration(self.qubits)[drawn]

    def statevector(self) -> NDArray[Any]:
        """All amplitudes, normalised, qubit 0 the least significant bit.

        Raises
        ------
        TooLargeError
            Above 20 qubits, or as `log_amplitudes`.
        """
        if self.qubits > MAX_STATEVECTOR_QUBITS:
            raise TooLargeError(
                f"{self.qubits} qubits: all amplitudes are written down for at most "
                f"{MAX_STATEVECTOR_QUBITS}"
            )
        logs = self.log_amplitudes(every_configuration(self.qubits))
        amplitudes = np.exp(logs - logs.real.max())
        return np.asarray(amplitudes / np.linalg.norm(amplitudes))
