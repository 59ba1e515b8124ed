"""Matrix-product states of qubits as wave functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.mps.chain import Core, Cores, moduli_and_phases, orthonormalised
from qml_algos.generative.mps.sampling import draw
from qml_algos.physics.configurations import Bits
from qml_algos.physics.tensor_networks.expectation import overlap, transferred

MAX_QUBITS = 24
"""Qubits up to which all amplitudes are listed."""


@dataclass(frozen=True, eq=False)
class MPSState:
    """A matrix-product state, as a `WaveFunction`; qubit 0 is the first core.

    Attributes
    ----------
    cores
        Shapes ``(left bond, 2, right bond)``, of any norm but 0; kept as copies of norm 1, the
        first core the orthogonality centre.

    Raises
    ------
    InvalidProblemError
        If the shapes do not fit together, an entry is not finite, or the state is 0.
    """

    cores: Cores = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cores", _centred(self.cores))

    def __repr__(self) -> str:
        widest = max(self.bond_dimensions, default=1)
        return f"MPSState({self.qubits} qubits, bonds up to {widest})"

    @property
    def qubits(self) -> int:
        """Number of qubits."""
        return len(self.cores)

    @property
    def parameters(self) -> int:
        """Number of entries of all cores, complex ones counted twice."""
        return sum(core.size * (2 if np.iscomplexobj(core) else 1) for core in self.cores)

    @property
    def bond_dimensions(self) -> tuple[int, ...]:
        """Dimension of the bond to the right of each core but the last."""
        return tuple(core.shape[2] for core in self.cores[:-1])

    def log_amplitudes(self, bits: Bits) -> NDArray[np.complex128]:
        """Logarithms of the amplitudes of rows of bits; -inf where one is 0.

        Cost: ``2 D^2`` operations for each qubit of each.
        """
        logs, phases = moduli_and_phases(self.cores, bits.astype(np.intp))
        found: NDArray[np.complex128] = logs + 1j * np.angle(phases)
        return found

    def sample(self, count: int, generator: np.random.Generator) -> Bits:
        """Draw independent configurations by squared amplitude; shape ``(count, qubits)``.

        Cost: ``4 D^2`` operations for each qubit of each.
        """
        return draw(self.cores, count, generator).astype(np.int8)

    def statevector(self) -> NDArray[Any]:
        """All amplitudes, qubit 0 the least significant bit; shape ``(2**qubits,)``.

        Raises
        ------
        TooLargeError
            Above 24 qubits.
        """
        if self.qubits > MAX_QUBITS:
            raise TooLargeError(
                f"{self.qubits} qubits: a statevector is listed for at most {MAX_QUBITS}"
            )
        found: Core = np.ones((1, 1))
        for core in self.cores[::-1]:  # Rows are the bits so far, the highest first.
            grown = np.einsum("asb,nb->nsa", core, found, optimize=True)
            found = grown.reshape(-1, core.shape[0])
        return found[:, 0]

    def schmidt_values(self) -> list[NDArray[np.float64]]:
        """Schmidt values of the cuts after 1, 2 .. n - 1 qubits, of squares that add up to 1.

        Cost: O(n D^3).
        """
        found = []
        carried: Core = np.ones((1, 1))
        for core in self.cores[:-1]:
            moved = np.tensordot(carried, core, 1)
            _, values, basis = np.linalg.svd(moved.reshape(-1, core.shape[2]), full_matrices=False)
            found.append(values)
            carried = values[:, None] * basis
        return found

    def fidelity(self, other: MPSState) -> float:
        """Squared overlap with another matrix-product state, however many the qubits: O(n D^3).

        Raises
        ------
        InvalidProblemError
            If the other has another number of qubits.
        """
        if other.qubits != self.qubits:
            raise InvalidProblemError(
                f"other has {other.qubits} qubits, this state {self.qubits}: as many are needed"
            )
        return min(float(np.abs(overlap(self.cores, other.cores)) ** 2), 1.0)


def _centred(given: Sequence[Core]) -> Cores:
    cores = [np.asarray(core) for core in given]
    cores = [core.astype(np.result_type(core, float)) for core in cores]
    bonds = [1, *(core.shape[-1] for core in cores)]
    fit = all(
        core.ndim == 3 and core.shape[:2] == (bond, 2)
        for core, bond in zip(cores, bonds, strict=False)
    )
    if not cores or not fit or bonds[-1] != 1:
        raise InvalidProblemError(
            f"cores of shapes {[core.shape for core in cores]}: (left bond, 2, right bond) each, "
            "neighbours with the same bond, the outermost bonds 1"
        )
    if not all(np.all(np.isfinite(core)) for core in cores):
        raise InvalidProblemError("cores have entries that are not finite")
    if _is_zero(cores):
        raise InvalidProblemError("cores are of the state zero")
    return orthonormalised(cores, max(bonds))


def _is_zero(cores: Cores) -> bool:
    left: Core = np.ones((1, 1))
    for core in cores:
        left = transferred(left, core, core)
        largest = np.abs(left).max()
        if largest == 0:
            return True
        left = left / largest  # The norm of many cores may exceed any number.
    return False
