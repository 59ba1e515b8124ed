"""The measurements of |Q> that a gradient is made of: all bits, and some qubits off the Z axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.primitives.containers import BitArray

from circuits.measurement import PAULI_TURNS, append_turns
from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits, require_shots
from qml_algos.backends.execution import execute_broadcast
from qml_algos.errors import TooLargeError
from qml_algos.generative.factor_graph.preparation import Preparation
from qml_algos.generative.factor_graph.state import QuantumGenerativeState
from qml_algos.kernels.sampled.parameters import numbered, places_left
from qml_algos.results import Resources, circuit_costs

Integers = NDArray[np.int64]

MOST_QUBITS = 52
"""Most qubits whose outcome is one number, exact in double precision."""
PAULIS = "XYZ"
REGISTER = "outcome"

_REJECTED = -1


@dataclass(frozen=True)
class Setting:
    """Which qubits are measured along what; all others along Z.

    Attributes
    ----------
    turned
        Qubits measured along ``pauli``: none, all hidden ones, or one that is not hidden.
    pauli
        0, 1 or 2 for X, Y or Z.
    repetitions
        How often it is run, each time for as many shots as any.
    """

    turned: tuple[int, ...]
    pauli: int
    repetitions: int = 1


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What one setting gave.

    Attributes
    ----------
    setting
        How was measured.
    bits
        Distinct outcomes that passed post-selection, shape ``(K, m)``, column i being qubit i.
    shares
        Of all shots, those rejected included; shape ``(K,)``.
    shots
        Of this setting.
    """

    setting: Setting
    bits: Integers
    shares: NDArray[np.float64]
    shots: int


def settings_for(state: QuantumGenerativeState) -> tuple[Setting, ...]:
    """Return the settings that all derivatives of P(x) by all matrices take.

    Hidden qubits are traced out, so that one setting serves all of them; each other qubit has X
    and Y settings of its own, in which what is known of x are the bits of all others. The setting
    of all bits, which enters every derivative, comes as often as makes the sum of the variances
    least, if each kind of setting adds as much to them.

    Returns
    -------
    tuple
        With repetitions ``k + ceil(sqrt(k))`` of them, ``k = 2 (n + c)`` for n visible and c
        conditioned qubits; 2 more if any is hidden.

    Raises
    ------
    TooLargeError
        If there are more than `MOST_QUBITS` qubits.
    """
    if state.n_qubits > MOST_QUBITS:
        raise TooLargeError(
            f"{state.n_qubits} qubits: gradients are measured for at most {MOST_QUBITS}, and long "
            "before that no shot shows the values that the data has. Use exact gradients"
        )
    groups: list[tuple[int, ...]] = [(qubit,) for qubit in (*state.visible, *state.conditioned)]
    groups = [state.hidden, *groups] if state.hidden else groups
    own = state.n_variables + len(state.conditioned)
    plain = Setting((), 2, ceil(sqrt(2 * own)))
    return (plain, *(Setting(group, pauli) for group in groups for pauli in (0, 1)))


def measure(
    state: QuantumGenerativeState,
    settings: tuple[Setting, ...],
    prepared: Preparation,
    backend: Backend,
    shots: int,
    seed: int,
) -> tuple[list[Outcomes], Resources]:
    """Prepare and measure: one compiled circuit, whose last turns choose the setting.

    Parameters
    ----------
    state
        Its conditioned qubits have to be found in 0, unless they are turned.
    settings
        Each repetition is one set of parameters of one PUB.
    prepared
        The circuit of the state.
    backend
        Where it runs.
    shots
        Of each repetition of a setting.
    seed
        Of a simulator.

    Raises
    ------
    ValueError, TooLargeError
        If shots are no positive integer, or more than the backend takes, or the circuit has too
        many qubits; nothing is run then.
    """
    qubits = state.n_qubits
    require_shots(backend.config, shots)
    require_qubits(backend.config, prepared.circuit.num_qubits, "the preparation of the state")
    start = perf_counter()
    circuit = turned_circuit(prepared.circuit, qubits)
    built = perf_counter()
    [compiled] = backend.compile([circuit])
    compiled_at = perf_counter()
    repetitions = [setting.repetitions for setting in settings]
    bases = np.repeat([_bases(setting, qubits) for setting in settings], repetitions, axis=0)
    turns = PAULI_TURNS[bases].reshape(len(bases), -1)[:, places_left(circuit, compiled)]
    places = 2.0 ** np.arange(qubits)

    def read(data: Mapping[str, BitArray]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = data[REGISTER].to_bool_array(order="little") @ places
        failed = np.zeros(found.shape, dtype=bool)
        for name in prepared.post_selected:
            failed |= data[name].to_bool_array().any(axis=-1)
        found[failed] = _REJECTED
        return found

    numbers = execute_broadcast(
        compiled, len(bases), lambda some: turns[some], read, backend, shots, seed
    )
    resources = Resources(
        classical_seconds=0.0,
        shots=shots * len(bases),
        build_seconds=built - start,
        compile_seconds=compiled_at - built,
        run_seconds=perf_counter() - compiled_at,
        classically_diagonalised=None,
        **circuit_costs(compiled),
    )
    parts = np.split(numbers, np.cumsum(repetitions)[:-1])
    pairs = zip(settings, parts, strict=True)
    return [_outcomes(state, setting, part.ravel()) for setting, part in pairs], resources


def turned_circuit(preparation: QuantumCircuit, qubits: int) -> QuantumCircuit:
    """Append turns by parameters to a preparation, and measure the qubits of the state."""
    circuit = preparation.copy()
    angles = ParameterVector("setting", 2 * qubits)
    append_turns(circuit, angles)
    register = ClassicalRegister(qubits, REGISTER)
    circuit.add_register(register)
    circuit.measure(range(qubits), register)
    return numbered(circuit)


def _bases(setting: Setting, qubits: int) -> list[int]:
    turned = frozenset(setting.turned)
    return [setting.pauli if qubit in turned else 2 for qubit in range(qubits)]


def _outcomes(
    state: QuantumGenerativeState, setting: Setting, numbers: NDArray[np.float64]
) -> Outcomes:
    """Merge equal outcomes, and leave out those that post-selection rejects."""
    distinct, counts = np.unique(numbers.astype(np.int64), return_counts=True)
    bits = distinct[:, None] >> np.arange(state.n_qubits) & 1
    conditions = [qubit for qubit in state.conditioned if qubit not in setting.turned]
    kept = (distinct != _REJECTED) & ~bits[:, conditions].any(axis=1)
    return Outcomes(setting, bits[kept], counts[kept] / len(numbers), len(numbers))
