"""A state that is held as the list of all its amplitudes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.configurations import Bits, bits_of, numbers_of
from qml_algos.physics.states.wave_function import WaveFunction
from qml_algos.validation import numeric_array


@dataclass(frozen=True, eq=False)
class StatevectorState:
    """All amplitudes of a state, as a `WaveFunction`.

    Attributes
    ----------
    amplitudes
        Any vector but 0 whose length is a power of 2, real or complex; kept as a normalised copy.
        Qubit 0 is the least significant bit.

    Raises
    ------
    InvalidProblemError
        If it has another shape, is 0, or holds what is no finite number.
    """

    amplitudes: NDArray[Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "amplitudes", normalised("amplitudes", self.amplitudes))

    def __repr__(self) -> str:
        kind = "complex" if np.iscomplexobj(self.amplitudes) else "real"
        return f"StatevectorState({self.qubits} qubits, {kind})"

    @property
    def qubits(self) -> int:
        """Number of qubits."""
        return len(self.amplitudes).bit_length() - 1

    @property
    def parameters(self) -> int:
        """Number of amplitudes, complex ones counted twice."""
        return len(self.amplitudes) * (2 if np.iscomplexobj(self.amplitudes) else 1)

    def log_amplitudes(self, bits: Bits) -> NDArray[Any]:
        """Logarithms of the amplitudes of rows of bits; shape ``(samples,)``.

        Real if no amplitude of the state is negative or complex; -inf where one is 0.
        """
        chosen = self.amplitudes[numbers_of(bits)]
        if np.iscomplexobj(chosen) or np.any(self.amplitudes < 0):
            chosen = chosen.astype(complex)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(chosen))

    def sample(self, count: int, generator: np.random.Generator) -> Bits:
        """Draw independent configurations by squared amplitude; shape ``(count, qubits)``."""
        levels = np.cumsum(np.abs(self.amplitudes) ** 2)
        numbers = np.searchsorted(levels, generator.random(count) * levels[-1], side="right")
        return bits_of(numbers, self.qubits)

    def statevector(self) -> NDArray[Any]:
        """Return a copy of all amplitudes; shape ``(2**qubits,)``."""
        return self.amplitudes.copy()


def normalised(name: str, given: ArrayLike) -> NDArray[Any]:
    """Return a statevector of norm 1.

    Raises
    ------
    InvalidProblemError
        If it is no vector of a power of 2 of finite numbers, or is 0.
    """
    state = numeric_array(given, name)
    if state.ndim != 1 or len(state) < 2 or len(state) & (len(state) - 1):
        raise InvalidProblemError(
            f"{name} has shape {state.shape}: a statevector is (2**qubits,), of at least one qubit"
        )
    norm = np.linalg.norm(state)
    if norm == 0:
        raise InvalidProblemError(f"{name} is zero")
    return np.asarray(state / norm)


def statevector_of(name: str, state: WaveFunction | ArrayLike) -> NDArray[Any]:
    """Return the amplitudes of a state of any representation, of norm 1.

    Raises
    ------
    InvalidProblemError
        If it is neither a `WaveFunction` nor a statevector.
    TooLargeError
        If it has too many qubits.
    """
    made: Any = getattr(state, "statevector", None)
    given: Any = state if made is None else made()
    return normalised(name, given)
