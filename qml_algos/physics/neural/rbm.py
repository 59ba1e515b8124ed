"""Restricted Boltzmann machines as wave functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.configurations import Bits, bits_of, every_configuration, spins
from qml_algos.physics.neural.sampler import Chains
from qml_algos.validation import require_count

MAX_STATEVECTOR_QUBITS = 20
"""Qubits up to which all amplitudes are written down."""
MAX_EXACT_SAMPLING_QUBITS = 14
"""Qubits up to which samples are drawn from all amplitudes."""
_CHAINS = 1000
"""From which samples are drawn."""
_WARM_UP = 5
"""Moves of the chains before the first sample, for each qubit."""
_BLOCK = 2**14
"""Configurations whose hidden angles are held at a time."""


@dataclass(frozen=True, eq=False)
class RBMState:
    r"""A wave function ``psi(s) = exp(a.s) prod_j 2 cosh(b_j + W_j.s)``, of spins s = +-1.

    The hidden units are spins, too, summed over. Not normalised. Real parameters make all
    amplitudes positive.

    Attributes
    ----------
    W
        Weights, shape ``(hidden, qubits)``, real or complex.
    a
        Visible biases, shape ``(qubits,)``.
    b
        Hidden biases, shape ``(hidden,)``.
    magnetisation
        Sum of the spins beyond which amplitudes vanish; ``None`` for no such rule.

    References
    ----------
    G. Carleo and M. Troyer, Science 355, 602 (2017), arXiv:1606.02318, Eq. (1) with its sum done.
    """

    W: NDArray[Any]
    a: NDArray[Any]
    b: NDArray[Any]
    magnetisation: int | None = None

    def __post_init__(self) -> None:
        shapes = np.shape(self.W), np.shape(self.a), np.shape(self.b)
        if len(shapes[0]) != 2 or shapes[1:] != (shapes[0][1:], shapes[0][:1]):
            raise InvalidProblemError(
                f"W, a, b have shapes {shapes}: (hidden, qubits), (qubits,), (hidden,) are needed"
            )
        if not all(np.all(np.isfinite(values)) for values in (self.W, self.a, self.b)):
            raise InvalidProblemError("W, a, b must be finite")
        up = None if self.magnetisation is None else self.qubits + self.magnetisation
        if up is not None and (up % 2 or not 0 <= up <= 2 * self.qubits):
            raise InvalidProblemError(
                f"magnetisation = {self.magnetisation}: no configuration of {self.qubits} qubits "
                "has it"
            )

    def __repr__(self) -> str:
        kind = "complex" if self.is_complex else "real"
        return f"RBMState({self.qubits} qubits, {len(self.b)} hidden units, {kind})"

    @property
    def qubits(self) -> int:
        """Number of qubits, the visible units."""
        return int(self.W.shape[1])

    @property
    def is_complex(self) -> bool:
        """Whether a parameter is complex."""
        return any(np.iscomplexobj(values) for values in (self.W, self.a, self.b))

    @property
    def parameters(self) -> int:
        """Number of parameters, a complex one counted twice."""
        return (self.W.size + self.a.size + self.b.size) * (2 if self.is_complex else 1)

    def log_amplitudes(self, bits: Bits) -> NDArray[Any]:
        """Logarithms of ``psi(s)`` for rows of bits, -inf for 0; shape ``(samples,)``."""
        s = spins(bits)
        logs = s @ self.a + log_two_cosh(s @ self.W.T + self.b).sum(axis=1)
        if self.magnetisation is None:
            return logs
        return np.where(s.sum(axis=1) == self.magnetisation, logs, -np.inf)

    def sample(self, count: int, generator: np.random.Generator) -> Bits:
        """Draw configurations by squared amplitude; shape ``(count, qubits)``.

        Independent and exact to 14 qubits, which takes O(2^qubits * qubits * hidden). Above, they
        come from Markov chains, which are only as good as they mix: those of states with many zero
        amplitudes may not.

        Raises
        ------
        InvalidProblemError
            If ``count`` is no positive integer.
        """
        require_count("count", count)
        if self.qubits <= MAX_EXACT_SAMPLING_QUBITS:
            chances = np.abs(self.statevector()) ** 2
            drawn = generator.choice(len(chances), size=count, p=chances / chances.sum())
            return bits_of(drawn, self.qubits)
        chains = Chains(
            self.qubits,
            min(count, _CHAINS),
            generator,
            magnetisation=self.magnetisation,
            complex_valued=self.is_complex,
        )
        chains.take(self.W, self.a, self.b)
        chains.run(_WARM_UP * self.qubits)
        rounds = []
        for _ in range(-(-count // _CHAINS)):
            chains.run(self.qubits)
            rounds.append((chains.spins.T < 0).astype(np.int8))
        return np.concatenate(rounds)[:count]

    def statevector(self) -> NDArray[Any]:
        """All amplitudes, normalised, qubit 0 the least significant bit.

        Takes O(2^qubits * qubits * hidden).

        Raises
        ------
        TooLargeError
            Above 20 qubits.
        """
        if self.qubits > MAX_STATEVECTOR_QUBITS:
            raise TooLargeError(
                f"{self.qubits} qubits: all amplitudes are written down for at most "
                f"{MAX_STATEVECTOR_QUBITS}"
            )
        every = every_configuration(self.qubits)
        blocks = np.split(every, range(_BLOCK, len(every), _BLOCK))
        logs = np.concatenate([self.log_amplitudes(block) for block in blocks])
        amplitudes = np.exp(logs - logs.real.max())
        return np.asarray(amplitudes / np.linalg.norm(amplitudes))


def log_two_cosh(angles: NDArray[Any]) -> NDArray[Any]:
    """Logarithm of ``2 cosh``, without overflow; -inf at the zeros of a complex cosh."""
    turned = np.where(angles.real < 0, -angles, angles)
    with np.errstate(divide="ignore"):
        return np.asarray(turned + np.log1p(np.exp(-2 * turned)))
