"""The Fourier transform without the rotations outside its windows, as a matrix."""

import numpy as np

from circuits.fourier.approximation import controlled_phase


def banded_fourier_matrix(windows):
    """Bits of k reversed; of rotations left out, only the factor of two qubits is left out."""
    n = len(windows)
    x = np.arange(2**n)
    bits = (x[:, None] >> np.arange(n)) & 1
    angle = np.zeros((2**n, 2**n))
    for t in range(n):
        y = bits[:, t][:, None]
        angle += np.pi * y * bits[:, t]
        for c in range(t):
            theta = controlled_phase(t - c)
            if t - c <= windows[t]:
                angle += theta * y * bits[:, c]
            else:
                angle += theta * (y + bits[:, c] - 0.5) / 2
    return np.exp(1j * angle) / np.sqrt(2**n)
