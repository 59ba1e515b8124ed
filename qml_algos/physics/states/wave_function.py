"""The seam between representations of a state: amplitudes of configurations."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qml_algos.physics.configurations import Bits


class WaveFunction(Protocol):
    """A state whose amplitudes can be read, up to one factor for all of them.

    Whoever has a cheaper way to ratios of amplitudes than two amplitudes also has ``flip_ratios``.
    """

    @property
    def qubits(self) -> int:
        """Number of qubits."""
        ...

    @property
    def parameters(self) -> int:
        """Number of its free parameters, a complex one counted twice."""
        ...

    def log_amplitudes(self, bits: Bits) -> NDArray[Any]:
        """Logarithms of the amplitudes of rows of bits, real or complex; shape ``(samples,)``."""
        ...

    def sample(self, count: int, generator: np.random.Generator) -> Bits:
        """Draw configurations by squared amplitude; shape ``(count, qubits)``."""
        ...

    def statevector(self) -> NDArray[Any]:
        """All amplitudes, normalised, qubit 0 the least significant bit; shape ``(2**qubits,)``.

        Raises
        ------
        TooLargeError
            If there are too many qubits.
        """
        ...
