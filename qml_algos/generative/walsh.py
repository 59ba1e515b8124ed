"""Walsh-Hadamard transforms of distributions and states of bits."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

_BITS = 6
"""Bits that one matrix product transforms."""


def walsh_transform(values: NDArray[Any]) -> NDArray[Any]:
    r"""Return :math:`\sum_x (-1)^{|x \cap s|} v_x` for every set s of bits.

    Parameters
    ----------
    values
        Shape ``(2**n,)``, real or complex; bit k of an index is variable k.

    Returns
    -------
    ndarray
        Of the same shape: of probabilities the expectation values of all parities. Applied twice
        it is the identity times ``2**n``.

    Notes
    -----
    As products with Hadamard matrices of six bits: about ``11 n 2**n`` multiplications, but by
    BLAS; at 16 bits 2.5 times as fast as by butterflies of arrays.
    """
    if np.iscomplexobj(values):
        return walsh_transform(values.real) + 1j * walsh_transform(values.imag)
    bits = values.size.bit_length() - 1
    transformed = values
    while bits:
        taken = min(bits, _BITS)
        # The highest bits are transformed and go to the end, until all are in order again.
        transformed = transformed.reshape(2**taken, -1).T @ _hadamard(taken)
        bits -= taken
    return transformed.reshape(-1)


@cache
def _hadamard(bits: int) -> NDArray[np.float64]:
    return scipy.linalg.hadamard(2**bits, dtype=np.float64)
