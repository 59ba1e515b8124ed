"""Inversion of matrices that a Fourier, sine or cosine transform diagonalises."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.fourier_diagonal import FourierDiagonal, RingLayout
from circuits.index_amplitude import MAX_TABLE_QUBITS
from circuits.multiplexed import diagonal
from circuits.spectral_rotations import cheapest_rotation
from circuits.trigonometric import even_extension, odd_extension, truncated_qft, truncation_error


@dataclass(frozen=True, eq=False)
class SpectralInverse:
    r"""A circuit that applies ``scale * A**-1``.

    Attributes
    ----------
    circuit
        Registers ``system``, ``mirror``, ``workspace``, ``signal`` and ``flag`` in this order.
        All beside the system start in 0 and have to be found in 0, the flag in 1; the workspace
        always is.
    scale
        About the smallest singular value: the success probability is
        ``(scale * ||x|| / ||b||)**2``.
    method
        How the eigenvalues' reciprocals are found from their index.
    """

    circuit: QuantumCircuit = field(repr=False)
    scale: float
    method: str


def spectral_inverse(
    matrix: FourierDiagonal,
    smallest: float,
    deviation: float,
    tolerances: tuple[float, float] = (0.0, 0.0),
    max_qubits: int | None = None,
) -> SpectralInverse:
    r"""Invert by transform, reciprocal of each eigenvalue, and transform back.

    Parameters
    ----------
    matrix
        A. Where an eigenvalue is 0 the solution has no component.
    smallest
        Smallest singular value that is not 0, or a lower bound.
    deviation
        Largest relative deviation of any eigenvalue's reciprocal.
    tolerances
        Spectral-norm error allowed to the transform, and to the one back. Errors of the first
        are magnified by the condition number.
    max_qubits
        Within so many qubits the cheapest circuit is taken if there is one; else, or with
        ``None``, the cheapest of all.

    Returns
    -------
    SpectralInverse
        No phase estimation: the eigenvalue is a function of the index.

    Raises
    ------
    ValueError
        If there are more modes than fit into a table, and symbols are uneven or complex, or sums of
        several axes are of both signs.

    Notes
    -----
    *Cost* for a ring of m qubits: at most twice ``m (m - 1) / 2 + 2 m - 3`` CX for the transforms,
    plus extension (see `circuits.trigonometric.odd_extension`), plus the cheapest of

    - a table over all modes, at most ``2**m - 1``, for any matrix;
    - a table over modes up to their sign, with the sign folded away: about ``2**(m - 1)``, and
      ``10 m`` for folding, on each axis;
    - octaves (one even axis): about 60 an octave at a deviation of 1e-2;
    - a sum of J exponentials, J growing like the logarithms of condition number and 1 / deviation,
      whose terms are products over the axes (several even axes, sums of one sign): at a
      deviation of 1e-2, and 2D, about 25 J on each axis of 16 points, 90 J on 128, 330 J at most.
      See `circuits.separable_rotation.SeparableRotation`.

    Complex eigenvalues take a diagonal of ``2**m - 2`` CX more.
    """
    rotation = cheapest_rotation(matrix, smallest, deviation, max_qubits)
    layout = RingLayout.of(matrix, rotation.workspace_qubits, rotation.signal_qubits)
    circuit = layout.flagged("spectral_inverse")
    there, back = (_transform(matrix, layout, tolerance) for tolerance in tolerances)
    circuit.compose(there, there.qubits, inplace=True)
    index = layout.index
    work = layout.workspace[: rotation.workspace_qubits]
    qubits = [*index, *layout.flag, *layout.signal, *work]
    circuit.compose(rotation.circuit(), qubits, inplace=True)
    phases = _phases(matrix)
    if phases is not None:
        circuit.compose(diagonal(phases), index, inplace=True)
    circuit.compose(back.inverse(), back.qubits, inplace=True)
    return SpectralInverse(circuit, smallest * rotation.scale, rotation.method)


def transform_error(matrix: FourierDiagonal, tolerance: float) -> float:
    """Bound on the error of a transform along all axes: as much of the tolerance as is used."""
    share = tolerance / len(matrix.axes)
    return sum(truncation_error(axis.ring_qubits, share) for axis in matrix.axes)


def _phases(matrix: FourierDiagonal) -> NDArray[np.float64] | None:
    """Phases that reciprocals of complex eigenvalues have; ``None`` if they are real."""
    if sum(axis.ring_qubits for axis in matrix.axes) > MAX_TABLE_QUBITS:
        return None
    values = matrix.eigenvalues([np.arange(2**axis.ring_qubits) for axis in matrix.axes])
    return -np.angle(np.nan_to_num(values)) if np.iscomplexobj(values) else None


def _transform(matrix: FourierDiagonal, layout: RingLayout, tolerance: float) -> QuantumCircuit:
    """Continue to the rings and transform, bits of modes reversed."""
    circuit = layout.frame("transform")
    for axis, ring in zip(matrix.axes, layout.rings, strict=True):
        if axis.boundary == "dirichlet":
            extension = odd_extension(axis.qubits)
            work = layout.workspace[: extension.num_qubits - len(ring)]
            circuit.compose(extension, [*ring, *work], inplace=True)
        elif axis.boundary == "neumann":
            circuit.compose(even_extension(axis.qubits), ring, inplace=True)
        transform = truncated_qft(len(ring), tolerance / len(matrix.axes), conjugate=True)
        circuit.compose(transform, ring, inplace=True)
    return circuit
