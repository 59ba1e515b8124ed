"""Traces of powers of a density matrix, by shifting copies of it round."""

from __future__ import annotations

from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from circuits.density_matrix.copies import append_copy, require_copy
from circuits.density_matrix.partial_swap import controlled_swap, to_bell_basis
from circuits.density_matrix.two_copy import bell_measurement, measure_pairs
from circuits.measurement import pauli_basis_change


def cyclic_shift_test(copy: QuantumCircuit, system_qubits: int, copies: int) -> QuantumCircuit:
    r"""Measure :math:`\mathrm{tr}\,\rho^k` with k copies, two of them at a time.

    Parameters
    ----------
    copy
        Prepares :math:`\rho` from 0 on its lowest ``system_qubits`` = n qubits; resets are allowed.
    system_qubits
        n, at least 1.
    copies
        k, at least 2.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` (n), ``copy`` (as many qubits as ``copy`` has) and, for k > 2, ``test``
        (1); classical registers ``left`` and ``right`` (n each) and ``test``. The mean of
        `swap_signs`, times -1 where the test is 1, is :math:`\mathrm{tr}\,\rho^k`.
        ``8 n (k - 2) + n`` CX beside k preparations; for k = 2 it is `bell_measurement`.

    Raises
    ------
    ValueError
        If the copy does not fit or there are less than two.

    Notes
    -----
    The cyclic shift of k registers swaps the first with each other one in turn. A copy that has had
    its turn is reset, and the next takes its place; the last swap commutes with what is read of
    the test, and is measured instead of controlled.

    References
    ----------
    A. Ekert et al., Phys. Rev. Lett. 88, 217901 (2002), arXiv:quant-ph/0203016. J. Yirka,
    Y. Subasi, Quantum 5, 535 (2021), arXiv:2010.03080, for the resets.
    """
    _require_two(copies)
    if copies == 2:
        return bell_measurement(copy, system_qubits)
    circuit = _shifted(copy, system_qubits, copies - 2)
    system, workspace, _ = circuit.qregs
    circuit.compose(copy, workspace, inplace=True)
    for pair in zip(system, workspace, strict=False):
        to_bell_basis(circuit, *pair)
    measure_pairs(circuit, system_qubits)
    _measure_test(circuit)
    return circuit


def power_measurement(
    copy: QuantumCircuit, system_qubits: int, copies: int, basis: str
) -> QuantumCircuit:
    r"""Measure every qubit in a Pauli basis in the state :math:`\rho^k / \mathrm{tr}\,\rho^k`.

    With growing k that state goes to the principal eigenvector, other eigenvectors having the k-th
    power of their share.

    Parameters
    ----------
    copy, system_qubits
        As for `cyclic_shift_test`.
    copies
        k, at least 2.
    basis
        One of X, Y, Z for each qubit, qubit 0 rightmost; I where it does not matter.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` (n), ``copy`` (as many qubits as ``copy`` has) and ``test`` (1),
        classical registers ``pauli`` (n) and ``test`` (1). With the sign s = -1 where the test is
        1: the mean of s is :math:`\mathrm{tr}\,\rho^k`, and that of s times the product of
        :math:`(-1)^{\mathrm{bit}}` over the qubits of a Pauli P made of the basis's letters is
        :math:`\mathrm{tr}\,P\rho^k`. ``8 n (k - 1)`` CX beside k preparations. For a single Pauli
        and k = 2 `distilled_pauli_measurement` is cheaper.

    Raises
    ------
    ValueError
        If the copy or the basis does not fit, or there are less than two copies.

    References
    ----------
    W. Huggins et al., Phys. Rev. X 11, 041036 (2021), arXiv:2011.07064.
    """
    _require_two(copies)
    if len(basis) != system_qubits:
        raise ValueError(f"basis = {basis!r}: one letter for each of {system_qubits} qubits")
    change = pauli_basis_change(basis)
    circuit = _shifted(copy, system_qubits, copies - 1)
    system, bits = circuit.qregs[0], ClassicalRegister(system_qubits, "pauli")
    circuit.add_register(bits)
    circuit.compose(change, system, inplace=True)
    circuit.measure(system, bits)
    _measure_test(circuit)
    return circuit


def _shifted(copy: QuantumCircuit, system_qubits: int, swaps: int) -> QuantumCircuit:
    """Prepare a copy and swap it with ``swaps`` more, one after another, where a test is 1."""
    require_copy(copy, system_qubits)
    system = QuantumRegister(system_qubits, "system")
    workspace = QuantumRegister(copy.num_qubits, "copy")
    test = QuantumRegister(1, "test")
    circuit = QuantumCircuit(system, workspace, test, name="cyclic_shift_test")
    append_copy(circuit, copy, [*system], workspace[system_qubits:])
    circuit.h(test)
    swap = controlled_swap(system_qubits)
    for _ in range(swaps):
        circuit.compose(copy, workspace, inplace=True)
        circuit.compose(swap, [*system, *workspace[:system_qubits], *test], inplace=True)
        circuit.reset(workspace)
    return circuit


def _measure_test(circuit: QuantumCircuit) -> None:
    bit = ClassicalRegister(1, "test")
    circuit.add_register(bit)
    circuit.h(circuit.qregs[-1])
    circuit.measure(circuit.qregs[-1], bit)


def _require_two(copies: int) -> None:
    if copies < 2:
        raise ValueError(f"copies = {copies}: at least 2 are needed")
