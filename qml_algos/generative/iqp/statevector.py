"""Exact probabilities of an IQP circuit, and what derivatives by them are by its angles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.iqp.words import Words
from qml_algos.generative.objectives import Objective
from qml_algos.generative.walsh import walsh_transform

Floats = NDArray[np.float64]


def indices_of(words: Words) -> NDArray[np.int64]:
    """Return each word as a number, bit k standing for qubit k, of 62 at most."""
    numbers: NDArray[np.int64] = words @ (1 << np.arange(words.shape[1]))
    return numbers


def probabilities(words: Words, angles: Floats) -> Floats:
    r"""Probabilities of all outcomes of :math:`H \prod_j \exp(i \theta_j Z_{S_j}) H |0\rangle`.

    Parameters
    ----------
    words
        Sets :math:`S_j`, shape ``(m, n)``.
    angles
        Radians, shape ``(m,)``.

    Returns
    -------
    ndarray
        Shape ``(2**n,)``, bit k of an index being qubit k.

    Notes
    -----
    The phases are the Walsh-Hadamard transform of the angles, and the amplitudes that of
    ``exp(i phases)``: three real transforms whatever the number of words, about ``56 * 2**n``
    bytes.
    """
    return np.abs(_amplitudes(_phased(indices_of(words), angles, words.shape[1]))) ** 2


def loss_and_gradient(words: Words, angles: Floats, objective: Objective) -> tuple[float, Floats]:
    """Value of an objective of the probabilities, and its derivatives by the angles.

    Notes
    -----
    Three more transforms than `probabilities`, and those of the objective.
    """
    indices = indices_of(words)
    phased = _phased(indices, angles, words.shape[1])
    amplitudes = _amplitudes(phased)
    value, slope = objective(np.abs(amplitudes) ** 2)
    pulled = _amplitudes(amplitudes.conj() * slope)
    return value, -2 * walsh_transform((phased * pulled).imag)[indices]


def _phased(indices: NDArray[np.int64], angles: Floats, qubits: int) -> NDArray[np.complex128]:
    scattered = np.zeros(2**qubits)
    scattered[indices] = angles
    phased: NDArray[np.complex128] = np.exp(1j * walsh_transform(scattered))
    return phased


def _amplitudes(vector: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Walsh-Hadamard transform over ``2**n``."""
    return np.asarray(walsh_transform(vector) / vector.size, dtype=np.complex128)
