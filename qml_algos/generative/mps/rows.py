"""Rows of numbers, one for each sample, in single precision: what environments are made of.

They only enter gradients, of which two digits matter. Rows are real or complex, as the state is;
the squared length of a complex row is that of its real and imaginary parts side by side.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from qml_algos.generative.mps.chain import Core

Rows = NDArray[Any]
"""In float32 or complex64."""

SHORTEST = np.float32(1e-15)
"""Length that a row is divided by at least: the squares of shorter ones underflow."""


def single(core: Core) -> DTypeLike:
    """Type of the rows for a core: single precision, complex if the core is."""
    return np.complex64 if core.dtype.kind == "c" else np.float32


def row_sums(rows: Rows) -> Rows:
    """Sum each row; for rows this short a matrix product is twice as fast as a reduction."""
    sums: Rows = rows.dot(np.ones(rows.shape[1], dtype=rows.dtype))
    return sums


def normalise(rows: Rows) -> Rows:
    """Scale each row to length 1 in place; return the lengths.

    A row that vanished has no direction; it stays 0, and its sample has no say until it grows.
    """
    parts = rows.view(np.float32)
    lengths = np.sqrt(row_sums(parts * parts))
    np.maximum(lengths, SHORTEST, out=lengths)
    parts /= lengths[:, None]
    return lengths


def bounded(amplitudes: Rows, floor: np.float32) -> Rows:
    """Amplitudes whose modulus is at least ``floor``, with the sign or phase that they have."""
    moduli = np.maximum(np.abs(amplitudes), floor)
    if amplitudes.dtype.kind == "c":
        return np.asarray(moduli * np.exp(1j * np.angle(amplitudes)), dtype=amplitudes.dtype)
    return np.copysign(moduli, amplitudes)


def norm(matrix: Core) -> float:
    """Frobenius norm, without the detours that take longer than the sum for a small matrix."""
    return math.sqrt(np.vdot(matrix, matrix).real)


def mean_log_likelihood(weights: Rows, amplitudes: Rows, logs: Rows) -> float:
    """Mean over samples of the logarithm of the squared modulus.

    Parameters
    ----------
    weights
        Of the samples, with sum 1.
    amplitudes, logs
        Amplitude of each sample up to a factor, and the logarithm of the factor.
    """
    exact = np.log(np.abs(amplitudes) + np.finfo(np.float32).tiny) + logs
    return float(2 * weights @ exact)
