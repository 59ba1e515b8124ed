"""Checks of what callers of the Fourier transforms pass."""

from __future__ import annotations


def require_qubits(n: int) -> None:
    """Refuse a transform of nothing."""
    if n < 1:
        raise ValueError(f"n = {n}: the Fourier transform needs at least 1 qubit")


def require_epsilon(epsilon: float) -> None:
    """Refuse what is no process infidelity to stay within."""
    if not 0 <= epsilon < 1:
        raise ValueError(
            f"epsilon = {epsilon}: a process infidelity to stay within is at least 0 and below 1"
        )
