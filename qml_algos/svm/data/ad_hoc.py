"""Data that the ZZ feature map separates by construction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circuits.feature_maps import ZZMap
from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.kernels.states import state_program
from qml_algos.svm.data.drawing import (
    Drawn,
    RandomState,
    balanced,
    generator_of,
    require_at_least,
    require_sizes,
)
from qml_algos.validation import require_positive

_MOST_QUBITS = 6
_MAP = ZZMap(repetitions=2)


def make_ad_hoc(
    n_samples: int = 40,
    n_features: int = 2,
    *,
    gap: float = 0.3,
    random_state: RandomState = None,
) -> Drawn:
    """Draw points labelled by an observable of their ZZ feature states.

    A point x has the state ``U(x) H U(x) H |0>`` of `ZZMap`, with the diagonal ``U(x) =
    exp(-i sum_j x_j Z_j - i sum_{j<k} (pi - x_j)(pi - x_k) Z_j Z_k)``. Its label is the sign of the
    expected value of ``V^dagger Z...Z V``, with a random unitary V; points are left out whose value
    is not beyond the gap. So the fidelity kernel of that map separates the classes.

    Parameters
    ----------
    n_samples
        Number of points, half of each class.
    n_features
        Number of coordinates and of qubits n, from 2 to 6. Values shrink as ``2**(-n/2)``: at 7
        hardly any would pass the gap of 0.3.
    gap
        Least modulus of the expected value; the paper has 0.3.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Returns
    -------
    X : (n_samples, n_features) float64, angles in radians, uniform in ``[0, 2 pi)`` beyond the gap.
    y : (n_samples,) int64, -1 or +1.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range, or the gap leaves too few points.
    TooLargeError
        If there are more than 6 features.

    Notes
    -----
    V is drawn by the Haar measure. Other generators draw it otherwise (Qiskit's from a matrix of
    entries in the unit square) or take other observables (a majority instead of the parity for 3
    qubits), which changes how well classical kernels do.

    *Cost.* ``O(n_samples 4**n / p)`` where a share p of the points passes the gap.

    References
    ----------
    V. Havlicek et al., Nature 567, 209 (2019), arXiv:1804.11326, equations (2), (3) and the
    section "Training set".
    """
    require_at_least("n_features", n_features, 2)
    require_sizes(n_samples, n_features)
    if n_features > _MOST_QUBITS:
        raise TooLargeError(f"n_features = {n_features}: at most {_MOST_QUBITS}, a qubit for each")
    require_positive("gap", gap, zero=True)
    if gap >= 1:
        raise InvalidProblemError(f"gap = {gap}: must be below 1, the largest expected value")
    generator = generator_of(random_state)
    basis = _random_basis(2**n_features, generator)
    parity = (-1.0) ** np.bitwise_count(np.arange(2**n_features))
    program = state_program(_MAP.circuit(n_features))

    def draw(number: int) -> Drawn:
        X = generator.uniform(0, 2 * np.pi, size=(number, n_features))
        values = np.abs(program.states(_MAP.angles(X)) @ basis) ** 2 @ parity
        kept = np.abs(values) > gap
        return X[kept], np.sign(values[kept]).astype(np.int64)

    return balanced(draw, n_samples, generator, f"gap = {gap} at {n_features} qubits")


def _random_basis(dimension: int, generator: np.random.Generator) -> NDArray[np.complex128]:
    """Draw columns by the Haar measure, up to phases, which measuring does not see."""
    real, imaginary = generator.normal(size=(2, dimension, dimension))
    basis: NDArray[np.complex128] = np.linalg.qr(real + 1j * imaginary)[0]
    return basis
