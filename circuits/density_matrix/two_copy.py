"""Measurements of two copies at once: what one copy after another tells only slowly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from circuits.density_matrix.copies import append_copy, require_copy
from circuits.density_matrix.partial_swap import to_bell_basis
from circuits.measurement import pauli_basis_change

Numbers = NDArray[np.integer]


def bell_measurement(copy: QuantumCircuit, system_qubits: int) -> QuantumCircuit:
    r"""Measure each qubit of one copy with its partner of another in the Bell basis.

    Parameters
    ----------
    copy
        Prepares :math:`\rho` from 0 on its lowest ``system_qubits`` = n qubits; resets are allowed.
    system_qubits
        n, at least 1.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` (n) and ``copy`` (as many qubits as ``copy`` has), classical registers
        ``left`` and ``right`` (n each). n CX beside two preparations. The mean of `swap_signs` is
        :math:`\mathrm{tr}\,\rho^2`, and that of `squared_pauli_signs` is
        :math:`(\mathrm{tr}\,P\rho)^2`, for every Pauli P from the same shots: ``O(n / epsilon**4)``
        shots for all ``4**n`` of them within ``epsilon`` of :math:`|\mathrm{tr}\,P\rho|`, where
        measuring single copies takes exponentially many.

    Raises
    ------
    ValueError
        If the copy does not fit.

    References
    ----------
    H.-Y. Huang et al., Science 376, 1182 (2022), arXiv:2112.00778. H.-Y. Huang, R. Kueng,
    J. Preskill, Phys. Rev. Lett. 126, 190505 (2021), arXiv:2101.02464, for the number of shots.
    """
    circuit = two_copies(copy, system_qubits, "bell_measurement")
    for pair in zip(circuit.qregs[0], circuit.qregs[1], strict=False):
        to_bell_basis(circuit, *pair)
    measure_pairs(circuit, system_qubits)
    return circuit


def distilled_pauli_measurement(
    copy: QuantumCircuit, system_qubits: int, label: str
) -> QuantumCircuit:
    r"""Measure a Pauli in the state :math:`\rho^2 / \mathrm{tr}\,\rho^2`, with two copies.

    That state is close to the principal eigenvector of :math:`\rho`: other eigenvectors have the
    square of their share.

    Parameters
    ----------
    copy, system_qubits
        As for `bell_measurement`.
    label
        The Pauli P, one of I, X, Y, Z for each qubit, qubit 0 rightmost; not the identity.

    Returns
    -------
    QuantumCircuit
        Registers as for `bell_measurement`; ``n + 2 w - 1`` CX beside two preparations, w the
        number of qubits P acts on. The mean of `distilled_pauli_values` is
        :math:`\mathrm{tr}\,P\rho^2`, that of `swap_signs` on the same shots
        :math:`\mathrm{tr}\,\rho^2`.

    Raises
    ------
    ValueError
        If the copy does not fit, or the label is not a Pauli of n qubits other than the identity.

    Notes
    -----
    The same Clifford circuit on both copies commutes with the swap S and turns P into Z of one
    qubit, the pivot. What is measured is :math:`(Z_1 + Z_2) S / 2`: on the pivot's pair it is 1 for
    00, -1 for 11 and 0 for the singlet and the triplet beside them; on other pairs it is S.

    References
    ----------
    W. Huggins et al., Phys. Rev. X 11, 041036 (2021), arXiv:2011.07064. B. Koczor, Phys.
    Rev. X 11, 031057 (2021), arXiv:2011.05942.
    """
    pivot = _pivot(label, system_qubits)
    circuit = two_copies(copy, system_qubits, "distilled_pauli_measurement")
    system, other = (register[:system_qubits] for register in circuit.qregs)
    others = [q for q, pauli in enumerate(reversed(label)) if pauli != "I" and q != pivot]
    for register in (system, other):
        circuit.compose(pauli_basis_change(label), register, inplace=True)
        for qubit in others:
            circuit.cx(register[qubit], register[pivot])
    for qubit, pair in enumerate(zip(system, other, strict=True)):
        if qubit == pivot:
            circuit.cx(*pair)
            circuit.ch(pair[1], pair[0])
        else:
            to_bell_basis(circuit, *pair)
    measure_pairs(circuit, system_qubits)
    return circuit


def swap_signs(left: Numbers, right: Numbers) -> NDArray[np.int64]:
    r"""Value of the swap of both copies in each shot.

    Parameters
    ----------
    left, right
        Numbers read from both classical registers, one of each a shot.

    Returns
    -------
    ndarray
        1 or -1 for each shot: minus where the number of singlets is odd.
    """
    return _signs(left & right)


def squared_pauli_signs(left: Numbers, right: Numbers, label: str) -> NDArray[np.int64]:
    r"""Value of :math:`P \otimes P` in each shot of `bell_measurement`.

    Parameters
    ----------
    left, right
        Numbers read from both classical registers, one of each a shot.
    label
        The Pauli P, one of I, X, Y, Z for each qubit, qubit 0 rightmost.

    Returns
    -------
    ndarray
        1 or -1 for each shot.

    Raises
    ------
    ValueError
        If another letter occurs.
    """
    x, z = (sum((p in kind) << q for q, p in enumerate(reversed(label))) for kind in ("XY", "ZY"))
    if set(label) - set("IXYZ"):
        raise ValueError(f"label = {label!r}: only I, X, Y and Z are Paulis")
    # XX is -1 where left is 1, ZZ where right is 1, and YY is minus their product.
    return _signs(left & x) * _signs(right & z) * (-1) ** label.count("Y")


def distilled_pauli_values(left: Numbers, right: Numbers, label: str) -> NDArray[np.int64]:
    r"""Value of :math:`(P \otimes 1 + 1 \otimes P) S / 2` in `distilled_pauli_measurement`.

    Parameters
    ----------
    left, right
        Numbers read from both classical registers, one of each a shot.
    label
        The Pauli the circuit was built for.

    Returns
    -------
    ndarray
        1, 0 or -1 for each shot.

    Raises
    ------
    ValueError
        If the label is not a Pauli other than the identity.
    """
    pivot = _pivot(label, len(label))
    known = 1 - (right >> pivot & 1)
    values: NDArray[np.int64] = swap_signs(left, right) * known * _signs(left & (1 << pivot))
    return values


def two_copies(copy: QuantumCircuit, system_qubits: int, name: str) -> QuantumCircuit:
    """Prepare a copy in register ``system`` and another in register ``copy``."""
    require_copy(copy, system_qubits)
    system = QuantumRegister(system_qubits, "system")
    workspace = QuantumRegister(copy.num_qubits, "copy")
    circuit = QuantumCircuit(system, workspace, name=name)
    append_copy(circuit, copy, [*system], workspace[system_qubits:])
    circuit.compose(copy, workspace, inplace=True)
    return circuit


def measure_pairs(circuit: QuantumCircuit, system_qubits: int) -> None:
    """Measure the registers ``system`` and ``copy`` into new ones, ``left`` and ``right``."""
    for register, name in zip(circuit.qregs, ("left", "right"), strict=False):
        bits = ClassicalRegister(system_qubits, name)
        circuit.add_register(bits)
        circuit.measure(register[:system_qubits], bits)


def _signs(numbers: Numbers) -> NDArray[np.int64]:
    return 1 - 2 * (np.bitwise_count(np.asarray(numbers)).astype(np.int64) & 1)


def _pivot(label: str, qubits: int) -> int:
    """Lowest qubit that a Pauli acts on."""
    if len(label) != qubits or set(label) - set("IXYZ") or not set(label) - {"I"}:
        raise ValueError(
            f"label = {label!r}: one of I, X, Y and Z is needed for each of {qubits} qubits, and "
            "not I for all"
        )
    return len(label) - 1 - max(q for q, pauli in enumerate(label) if pauli != "I")
