"""Variational diagonalisation of a density matrix, and singular values of a state, for devices."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from circuits.density_matrix.copies import require_copy


def diagonalisation_circuit(
    copy: QuantumCircuit, system_qubits: int, ansatz: QuantumCircuit
) -> QuantumCircuit:
    r"""Undo an ansatz on a copy and measure: trained, the ansatz prepares the eigenvectors.

    Parameters
    ----------
    copy
        Prepares :math:`\rho` from 0 on its lowest ``system_qubits`` = n qubits; resets are allowed.
    system_qubits
        n, at least 1.
    ansatz
        On n qubits, with parameters; `hardware_efficient_ansatz` for one.

    Returns
    -------
    QuantumCircuit
        On the copy's qubits, with the ansatz's parameters and classical register ``eigenvector``
        (n). z is read with the probability :math:`\langle z| V^\dagger \rho V |z\rangle`, V being
        the ansatz. The mean of `local_energies` or `global_energies` of z is smallest, over all V,
        where ``V|z>`` are eigenvectors in the order of their eigenvalues, the largest at the lowest
        energy; those probabilities are then the eigenvalues. No qubit and no gate more than the
        copy and the ansatz have: one copy for each shot.

    Raises
    ------
    ValueError
        If the copy does not fit, or the ansatz acts on another number of qubits.

    References
    ----------
    M. Cerezo, K. Sharma, A. Arrasmith, P. Coles, npj Quantum Inf. 8, 113 (2022), arXiv:2004.01372.
    """
    require_copy(copy, system_qubits)
    _require_size(ansatz, system_qubits, "ansatz")
    circuit = QuantumCircuit(copy.num_qubits, name="diagonalisation")
    circuit.compose(copy, inplace=True)
    circuit.compose(ansatz.inverse(), range(system_qubits), inplace=True)
    bits = ClassicalRegister(system_qubits, "eigenvector")
    circuit.add_register(bits)
    circuit.measure(range(system_qubits), bits)
    return circuit


def eigenvector_circuit(ansatz: QuantumCircuit, values: ArrayLike, outcome: int) -> QuantumCircuit:
    r"""Prepare the eigenvector that an outcome of `diagonalisation_circuit` stands for.

    Parameters
    ----------
    ansatz
        On n qubits.
    values
        Trained values of its parameters, in their order.
    outcome
        z, from 0 to ``2**n - 1``.

    Returns
    -------
    QuantumCircuit
        On n qubits: NOT gates, then the ansatz.

    Raises
    ------
    ValueError
        If the outcome does not fit n qubits, or the number of values is not that of parameters.
    """
    n, angles = ansatz.num_qubits, np.asarray(values, dtype=float)
    if not 0 <= outcome < 2**n:
        raise ValueError(f"outcome = {outcome}: must be between 0 and {2**n - 1}")
    if angles.shape != (ansatz.num_parameters,):
        raise ValueError(
            f"values has shape {angles.shape}: the ansatz has {ansatz.num_parameters} parameters"
        )
    circuit = QuantumCircuit(n, name="eigenvector")
    for qubit in range(n):
        if outcome >> qubit & 1:
            circuit.x(qubit)
    return circuit.compose(ansatz.assign_parameters(angles))


def local_energies(qubits: int, weights: ArrayLike | None = None) -> NDArray[np.float64]:
    r"""Energies of :math:`\sum_j r_j (1 - Z_j) / 2`, by which training gets started.

    Each qubit has a term of its own, so that gradients do not vanish exponentially in shallow
    circuits.

    Parameters
    ----------
    qubits
        n, at least 1.
    weights
        :math:`r_j`, shape ``(n,)``, positive; :math:`1 + j / n` by default, with which 0 and the n
        outcomes with a single 1 are lowest and all differ. Outcomes of equal energy are not told
        apart: their eigenvectors may stay mixed.

    Returns
    -------
    ndarray
        Shape ``(2**n,)``: energy of each outcome, 0 for the lowest.

    Raises
    ------
    ValueError
        If there is no qubit, or the weights do not fit or are not positive.

    References
    ----------
    M. Cerezo, K. Sharma, A. Arrasmith, P. Coles, npj Quantum Inf. 8, 113 (2022), arXiv:2004.01372.
    """
    if qubits < 1:
        raise ValueError(f"qubits = {qubits}: at least 1 is needed")
    r = 1 + np.arange(qubits) / qubits if weights is None else np.asarray(weights, dtype=float)
    if r.shape != (qubits,) or not np.all((r > 0) & np.isfinite(r)):
        raise ValueError(f"weights = {r}: {qubits} positive numbers are needed")
    bits = np.arange(2**qubits)[:, None] >> np.arange(qubits) & 1
    energies: NDArray[np.float64] = bits @ r
    return energies


def global_energies(qubits: int, outcomes: ArrayLike) -> NDArray[np.float64]:
    r"""Energies that single out one outcome for each of the largest eigenvalues.

    Parameters
    ----------
    qubits
        n, at least 1.
    outcomes
        The outcomes that are to stand for the largest eigenvalues, largest first: usually the most
        frequent ones so far. Mixing these energies into `local_energies` little by little is the
        adaptive cost of the reference.

    Returns
    -------
    ndarray
        Shape ``(2**n,)``: with m outcomes given, ``k / m`` for the k-th of them, from 0, and 1 for
        all others.

    Raises
    ------
    ValueError
        If there is no qubit, or the outcomes are not different numbers of n bits.

    References
    ----------
    M. Cerezo, K. Sharma, A. Arrasmith, P. Coles, npj Quantum Inf. 8, 113 (2022), arXiv:2004.01372.
    """
    if qubits < 1:
        raise ValueError(f"qubits = {qubits}: at least 1 is needed")
    chosen = np.asarray(outcomes)
    fits = chosen.ndim == 1 and chosen.size and np.issubdtype(chosen.dtype, np.integer)
    if not fits or np.unique(chosen).size < chosen.size or np.any(chosen >> qubits):
        raise ValueError(f"outcomes = {chosen}: different numbers of {qubits} bits are needed")
    energies = np.ones(2**qubits)
    energies[chosen] = np.arange(chosen.size) / chosen.size
    return energies


def singular_value_circuit(
    state: QuantumCircuit, left_ansatz: QuantumCircuit, right_ansatz: QuantumCircuit
) -> QuantumCircuit:
    r"""Undo an ansatz on each part of a pure state: trained, both read the same.

    Parameters
    ----------
    state
        Prepares from 0 a state of the right register (lower qubits) and the left one, such as
        `purified_data` does for the features and the samples.
    left_ansatz, right_ansatz
        On the qubits of each part. Parameters of the same name are one parameter.

    Returns
    -------
    QuantumCircuit
        Registers ``right`` and ``left``, classical registers of the same names. The cost is the
        mean number of bits in which the two numbers differ. Where it is 0, z is read with the
        probability :math:`\sigma_z^2`, the squares of the singular values of the matrix of
        amplitudes, and the ansätze prepare the singular vectors of both parts from ``|z>``. No gate
        between the parts.

    Raises
    ------
    ValueError
        If the numbers of qubits do not add up.

    References
    ----------
    C. Bravo-Prieto, D. Garcia-Martin, J. Latorre, Phys. Rev. A 101, 062310 (2020),
    arXiv:1905.01353.
    """
    sizes = right_ansatz.num_qubits, left_ansatz.num_qubits
    if state.num_qubits != sum(sizes):
        raise ValueError(
            f"state has {state.num_qubits} qubits, right_ansatz {sizes[0]} and left_ansatz "
            f"{sizes[1]}: theirs must add up to those of the state"
        )
    circuit = QuantumCircuit(
        *(QuantumRegister(size, name) for size, name in zip(sizes, ("right", "left"), strict=True)),
        name="singular_values",
    )
    circuit.compose(state, inplace=True)
    for register, ansatz in zip(circuit.qregs, (right_ansatz, left_ansatz), strict=True):
        bits = ClassicalRegister(register.size, register.name)
        circuit.compose(ansatz.inverse(), register, inplace=True)
        circuit.add_register(bits)
        circuit.measure(register, bits)
    return circuit


def _require_size(ansatz: QuantumCircuit, qubits: int, name: str) -> None:
    if ansatz.num_qubits != qubits:
        raise ValueError(f"{name} has {ansatz.num_qubits} qubits, the state {qubits}")
