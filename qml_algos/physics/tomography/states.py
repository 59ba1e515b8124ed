"""A wave function of two real machines: one of moduli, one of phases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.configurations import Bits, every_configuration
from qml_algos.physics.neural.rbm import RBMState

_BLOCK = 2**14
"""Configurations whose phases are computed at a time."""


@dataclass(frozen=True, eq=False)
class ModulusPhaseState:
    r"""A wave function ``psi(s) = m(s) exp(i log f(s))`` of two real machines m and f.

    Not normalised.

    Attributes
    ----------
    modulus
        Its amplitude is the modulus.
    phase
        The logarithm of its amplitude is the phase.

    References
    ----------
    G. Torlai et al., Nature Physics 14, 447 (2018), arXiv:1703.05334: two machines as here, with
    square roots of their distributions.
    """

    modulus: RBMState
    phase: RBMState

    def __post_init__(self) -> None:
        if self.modulus.qubits != self.phase.qubits:
            raise InvalidProblemError(
                f"modulus has {self.modulus.qubits} qubits, phase {self.phase.qubits}: they need "
                "the same"
            )
        if self.modulus.is_complex or self.phase.is_complex:
            raise InvalidProblemError("modulus and phase must have real parameters")

    def __repr__(self) -> str:
        return (
            f"ModulusPhaseState({self.qubits} qubits, {len(self.modulus.b)} hidden units for the "
            f"modulus, {len(self.phase.b)} for the phase)"
        )

    @property
    def qubits(self) -> int:
        """Number of qubits."""
        return self.modulus.qubits

    @property
    def parameters(self) -> int:
        """Number of real parameters of both machines."""
        return self.modulus.parameters + self.phase.parameters

    def log_amplitudes(self, bits: Bits) -> NDArray[np.complex128]:
        """Logarithms of the amplitudes of rows of bits; shape ``(samples,)``."""
        found: NDArray[np.complex128] = self.modulus.log_amplitudes(
            bits
        ) + 1j * self.phase.log_amplitudes(bits)
        return found

    def sample(self, count: int, generator: np.random.Generator) -> Bits:
        """Draw configurations by squared amplitude, as the modulus does."""
        return self.modulus.sample(count, generator)

    def statevector(self) -> NDArray[Any]:
        """All amplitudes, normalised, qubit 0 the least significant bit.

        Raises
        ------
        TooLargeError
            Above 20 qubits.
        """
        moduli = self.modulus.statevector()
        every = every_configuration(self.qubits)
        blocks = np.split(every, range(_BLOCK, len(every), _BLOCK))
        phases = np.concatenate([self.phase.log_amplitudes(block) for block in blocks])
        return np.asarray(moduli * np.exp(1j * phases))
