"""Right-hand sides that are products."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike
from qiskit import QuantumCircuit

from circuits.state_preparation import state_preparation
from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.right_hand_side.base import Preparation, Vector
from qml_algos.linear_systems.structures.base import require_storable
from qml_algos.validation import numeric_array


@dataclass(frozen=True, eq=False)
class ProductVector:
    """A Kronecker product of short vectors.

    Parameters
    ----------
    factors
        Each of shape ``(2**k,)`` for any k from 1 on, real or complex, not zero; the first is the
        most significant (C order).

    Raises
    ------
    InvalidProblemError
        If there is none, or one is no such vector.
    """

    factors: Sequence[ArrayLike] = field(repr=False)

    def __post_init__(self) -> None:
        factors = tuple(
            numeric_array(factor, f"factors[{place}]") for place, factor in enumerate(self.factors)
        )
        if not factors:
            raise InvalidProblemError("factors is empty: at least one is needed")
        for place, factor in enumerate(factors):
            if factor.ndim != 1 or factor.size < 2 or factor.size & (factor.size - 1):
                raise InvalidProblemError(
                    f"factors[{place}] has shape {factor.shape}: a vector of length 2**k is needed"
                )
            if not np.any(factor):
                raise InvalidProblemError(f"factors[{place}] is zero: b would be zero")
            factor.setflags(write=False)
        object.__setattr__(self, "factors", factors)

    @property
    def size(self) -> int:
        """Number of entries N, the product of the factors' lengths."""
        return math.prod(factor.size for factor in self._arrays)

    @property
    def real(self) -> bool:
        """Whether all factors are of real type."""
        return not any(np.iscomplexobj(factor) for factor in self._arrays)

    def norm(self) -> float:
        """Euclidean norm, positive: the product of the factors' norms."""
        return math.prod(float(scipy.linalg.norm(factor)) for factor in self._arrays)

    def total(self) -> complex:
        """Sum of all entries: the product of the factors' sums."""
        return complex(math.prod(complex(np.sum(factor)) for factor in self._arrays))

    def vector(self) -> Vector:
        """Write the vector down; shape ``(N,)``.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        require_storable(self.size, "b")
        return functools.reduce(np.kron, self._arrays)

    def prepare(self, layout: Layout, epsilon: float) -> Preparation:  # noqa: ARG002
        """Prepare every factor on its own qubits: exact, no CX between factors.

        Raises
        ------
        UnsuitableSolverError
            If an amplitude of the layout belongs to no unknown: the state is then no product.
        """
        if not layout.full:
            raise UnsuitableSolverError(
                f"b is a product of vectors of length 2**k: {layout.unknowns:,} unknowns on "
                f"{layout.total_qubits} qubits leave amplitudes unused, so its state is none; give "
                "it as an array or as a smooth function"
            )
        circuit = QuantumCircuit(layout.total_qubits, name="product_state_preparation")
        lowest = 0
        for factor in reversed(self._arrays):
            part = state_preparation(factor)
            circuit.compose(part, range(lowest, lowest + part.num_qubits), inplace=True)
            lowest += part.num_qubits
        return Preparation(circuit, 0.0)

    @property
    def _arrays(self) -> tuple[Vector, ...]:
        arrays: Any = self.factors
        return arrays
