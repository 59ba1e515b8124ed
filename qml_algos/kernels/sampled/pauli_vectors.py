"""Expectation values of few-qubit Paulis from shots, for projected kernels."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.primitives.containers import BitArray

from circuits.measurement import PAULI_TURNS, append_turns
from qml_algos.backends.base import Backend, require_shots
from qml_algos.backends.execution import execute_broadcast
from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.paulis import local_paulis
from qml_algos.kernels.sampled.bases import measurement_bases
from qml_algos.kernels.sampled.parameters import numbered, places_left
from qml_algos.kernels.sampled.points import checked_angles
from qml_algos.kernels.sampled.proportions import mean_and_error
from qml_algos.kernels.sampled.rotations import with_rotations_only

Array = NDArray[np.float64]

REGISTER = "pauli"


def sampled_pauli_vectors(
    circuit: QuantumCircuit,
    angles: ArrayLike,
    locality: int,
    *,
    backend: Backend,
    shots: int,
    seed: int,
) -> tuple[Array, Array]:
    """Measure all Paulis on at most one or two qubits in the states of a circuit.

    One compiled circuit, whose last rotations choose the basis: each state in each basis of
    `measurement_bases` is one set of parameters of one PUB. A Pauli is averaged over all bases that
    measure it.

    Parameters
    ----------
    circuit
        Prepares the state of n qubits; with P plain parameters, unmeasured.
    angles
        Values of the parameters, in the order of ``circuit.parameters``; shape ``(N, P)``.
    locality
        1 or 2. Circuits run: ``3 N``, or ``N`` times about ``6 log_3 n``.
    backend
        Where it runs.
    shots
        Of each circuit.
    seed
        Of a simulator; on a device it counts repetitions, see `seed_for`.

    Returns
    -------
    values, standard_errors
        Shape ``(N, K)``, in the order of `local_paulis`. Errors are those of `mean_and_error`.
        Paulis measured in the same shots have covariances, which are not given.

    Raises
    ------
    InvalidProblemError
        If the circuit measures or has no parameters, the locality is another, or angles have
        another shape or are not finite.
    ValueError, TooLargeError
        If shots are no positive integer, or more than the backend takes, or the circuit has too
        many qubits; nothing is run then.
    """
    _require(circuit, locality)
    require_shots(backend.config, shots)
    given = checked_angles(angles, circuit.num_parameters, "angles")
    bases = measurement_bases(circuit.num_qubits, locality)
    measured, is_state, places = _with_free_basis(circuit)
    [compiled] = backend.compile([measured])
    left = places_left(measured, compiled)
    turns = PAULI_TURNS[bases].reshape(len(bases), -1)
    paulis = local_paulis(circuit.num_qubits, locality)
    supports = list(dict.fromkeys(tuple(qubit for qubit, _ in pauli) for pauli in paulis))

    def values(some: range) -> Array:
        state, basis = np.divmod(np.asarray(some), len(bases))
        return np.where(
            is_state,
            given[state][:, np.where(is_state, places, 0)],
            turns[basis][:, np.where(is_state, 0, places)],
        )[:, left]

    def read(data: Mapping[str, BitArray]) -> Array:
        return _odd_parities(data[REGISTER], supports)

    sets = len(given) * len(bases)
    odd = execute_broadcast(compiled, sets, values, read, backend, shots, seed)
    odd = odd.reshape(len(given), len(bases), len(supports))
    found = np.empty((2, len(given), len(paulis)))
    for column, pauli in enumerate(paulis):
        qubits, letters = zip(*pauli, strict=True)
        [used] = np.nonzero((bases[:, qubits] == ["XYZ".index(c) for c in letters]).all(axis=1))
        count = odd[:, used, supports.index(qubits)].sum(axis=1)
        share, error = mean_and_error(count, count, shots * len(used))
        found[:, :, column] = 1 - 2 * share, 2 * error
    return found[0], found[1]


def _require(circuit: QuantumCircuit, locality: int) -> None:
    if isinstance(locality, bool) or locality not in (1, 2):
        raise InvalidProblemError(f"locality = {locality!r}: must be 1 or 2")
    if circuit.num_clbits:
        raise InvalidProblemError(
            f"circuit {circuit.name!r} has classical bits: a preparation without measurements is "
            "needed"
        )
    if not circuit.num_parameters:
        raise InvalidProblemError("circuit has no parameters: all states would be the same")


def _with_free_basis(
    circuit: QuantumCircuit,
) -> tuple[QuantumCircuit, NDArray[np.bool_], NDArray[np.int64]]:
    """Measure each qubit along an axis that two parameters choose.

    Returns
    -------
    circuit, is_state, places
        For each parameter of the circuit, whether it is one of the preparation, and which of its or
        of the two for each qubit.
    """
    n = circuit.num_qubits
    state = ParameterVector("state", circuit.num_parameters)
    basis = ParameterVector("basis", 2 * n)
    measured = QuantumCircuit(n, name="pauli_vectors")
    names = dict(zip(circuit.parameters, state, strict=True))
    measured.compose(with_rotations_only(circuit).assign_parameters(names), inplace=True)
    append_turns(measured, basis)
    register = ClassicalRegister(n, REGISTER)
    measured.add_register(register)
    measured.measure(range(n), register)
    places = {parameter: i for vector in (state, basis) for i, parameter in enumerate(vector)}
    is_state = np.array([parameter in set(state) for parameter in measured.parameters])
    found = np.array([places[parameter] for parameter in measured.parameters])
    return numbered(measured), is_state, found


def _odd_parities(bits: BitArray, supports: list[tuple[int, ...]]) -> Array:
    """How many shots of each set have an odd number of ones on each support."""
    by_qubit = np.moveaxis(bits.to_bool_array(order="little"), -1, 0)
    return np.stack(
        [
            np.count_nonzero(np.logical_xor.reduce(by_qubit[list(support)]), axis=-1)
            for support in supports
        ],
        axis=-1,
    ).astype(float)
