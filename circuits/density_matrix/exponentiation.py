"""Evolution under a density matrix, by partial swaps with copies of it."""

from __future__ import annotations

import math

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister

from circuits.density_matrix.copies import require_copy
from circuits.density_matrix.partial_swap import partial_swap


def density_matrix_exponentiation(
    copy: QuantumCircuit, system_qubits: int, time: float, copies: int, *, controlled: bool = False
) -> QuantumCircuit:
    r"""Evolve by :math:`e^{-i \rho t}`, with copies of :math:`\rho` and nothing else known of it.

    Each copy is prepared, swapped with the system in part, :math:`e^{-i S t / \mathrm{copies}}`
    with S the swap, and reset: one register serves for all copies.

    Parameters
    ----------
    copy
        Prepares :math:`\rho` from 0 on its lowest ``system_qubits`` = n qubits; further ones purify
        it, or are what its noise comes from. Resets are allowed: it is never inverted, and never
        controlled.
    system_qubits
        n, at least 1.
    time
        t; negative for the inverse evolution. The eigenvalues of :math:`\rho` are at most 1.
    copies
        Number of copies, at least 1; see `copies_needed`.
    controlled
        Whether a control chooses the direction: :math:`e^{-i Z \otimes \rho t}`, forward where it
        is 0 and backward where it is 1, a difference of 2t. This needs fewer copies and gates than
        a choice between 2t and nothing.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` (n), ``copy`` (as many qubits as ``copy`` has; 0 before and after) and
        one more qubit, ``control``, or ``parity`` (0 before and after), which is left out for n = 1
        without control. ``8 n - 2`` CX for each copy beside its preparation (3 for n = 1 without
        control): only the partial swap knows of the control.

    Raises
    ------
    ValueError
        If the copy does not fit, the time is not finite, or the number of copies is not positive.

    References
    ----------
    S. Lloyd, M. Mohseni, P. Rebentrost, Nature Physics 10, 631 (2014), arXiv:1307.0401, Eq. 1.
    """
    require_copy(copy, system_qubits)
    _require_time(time)
    _require_copies(copies)
    n = system_qubits
    swap = partial_swap(n, time / copies, controlled=controlled or n > 1)
    system, workspace = QuantumRegister(n, "system"), QuantumRegister(copy.num_qubits, "copy")
    last = QuantumRegister(swap.num_qubits - 2 * n, "control" if controlled else "parity")
    registers = [system, workspace, last] if last.size else [system, workspace]
    step = QuantumCircuit(*registers)
    step.compose(copy, workspace, inplace=True)
    step.compose(swap, [*system, *workspace[:n], *last], inplace=True)
    step.reset(workspace)
    circuit = QuantumCircuit(*registers, name="density_matrix_exponentiation")
    for _ in range(copies):
        circuit.compose(step, inplace=True)
    return circuit


def copies_needed(time: float, epsilon: float, *, controlled: bool = False) -> int:
    r"""Count the copies that make `density_matrix_exponentiation` right within ``epsilon``.

    The smallest number for which `exponentiation_error` is at most ``epsilon``:
    :math:`\lceil 5 t^2 / 4 \epsilon \rceil`, or :math:`\lceil 2 t^2 / \epsilon \rceil` if
    controlled. At least :math:`0.032\, t^2 / \epsilon` are needed by any method (reference of
    `exponentiation_error`).

    Raises
    ------
    ValueError
        If the time is not finite or ``epsilon`` is not between 0 and 1.
    """
    _require_time(time)
    if not 0 < epsilon <= 1:
        raise ValueError(f"epsilon = {epsilon}: must be above 0 and at most 1")
    # A bound that is met up to rounding counts as met.
    return max(1, math.ceil(_constant(controlled) * time**2 / epsilon * (1 - 1e-12)))


def exponentiation_error(time: float, copies: int, *, controlled: bool = False) -> float:
    r"""Bound the normalised diamond distance of `density_matrix_exponentiation` from the evolution.

    Returns
    -------
    float
        :math:`5 t^2 / 4n` for n copies, or :math:`2 t^2 / n` if controlled; 1 if that is more. No
        outcome of any measurement, of the system or of others entangled with it, changes its
        probability by more.

    Raises
    ------
    ValueError
        If the time is not finite or the number of copies is not positive.

    Notes
    -----
    One step of angle :math:`\theta = t/n` maps X to
    :math:`\mathrm{tr}_2\, e^{-i\theta\, \mathrm{ad}_H}(X \otimes \rho)` with H = S, the swap, in
    place of :math:`e^{-i\theta\, \mathrm{ad}_K} X` with :math:`K = \rho`. Both have the same first
    order, since :math:`\mathrm{tr}_2 [S, X \otimes \rho] = [\rho, X]`, so they differ by the two
    second-order remainders: at most :math:`\frac{\theta^2}{2} (\|\mathrm{ad}_H\|^2 +
    \|\mathrm{ad}_K\|^2)`, the diamond norm of :math:`\mathrm{ad}` being the difference of the
    largest and smallest eigenvalues. That is 2 for S and at most 1 for :math:`\rho`; for
    :math:`Z \otimes S` and :math:`Z \otimes \rho` it is 2 and at most 2. Half of it counts, and
    errors of n channels add up. The published bound is :math:`4 t^2 / n`, 3.2 times as large; the
    largest errors found numerically are close to :math:`t^2 / n`.

    References
    ----------
    B. Go, H. Kwon, S. Park, D. Patel, M. Wilde, arXiv:2412.02134, for the published bounds.
    """
    _require_time(time)
    _require_copies(copies)
    return min(1.0, _constant(controlled) * time**2 / copies)


def _constant(controlled: bool) -> float:
    return 2.0 if controlled else 1.25


def _require_time(time: float) -> None:
    if not np.isfinite(time):
        raise ValueError(f"time = {time}: must be finite")


def _require_copies(copies: int) -> None:
    if copies < 1:
        raise ValueError(f"copies = {copies}: at least 1 is needed")
