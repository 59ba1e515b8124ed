"""Content identity: equal requests have equal keys, in any process; others do not."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter, ParameterVector
from qiskit.circuit.library import UnitaryGate, zz_feature_map
from qiskit.quantum_info import random_unitary

from qml_algos.backends.jobs.identity import compiled_key, content_key, logical_key

SHOW_KEYS = """
import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit.classical import expr
from qiskit.circuit.library import UnitaryGate, zz_feature_map
from qml_algos.backends.jobs.identity import compiled_key, logical_key
import sys
[QuantumCircuit(1) for _ in range(int(sys.argv[1]))]  # names count up within a process
ansatz = zz_feature_map(4, 2)
ansatz.measure_all()
print(logical_key(ansatz))
dynamic = QuantumCircuit(3, 3)
dynamic.h(0)
dynamic.measure(0, 0)
with dynamic.if_test(expr.logic_and(dynamic.clbits[0], expr.logic_not(dynamic.clbits[1]))):
    dynamic.x(1)
part = QuantumCircuit(2)
part.h(0)
part.cx(0, 1)
dynamic.append(part.to_gate(), [0, 1])
dynamic.append(part.to_gate().control(1), [0, 1, 2])
dynamic.append(UnitaryGate(np.eye(4)), [0, 1])
print(logical_key(dynamic))
print(compiled_key(ansatz.decompose(reps=3)))
"""


def bell(angle: float = 0.3) -> QuantumCircuit:
    circuit = QuantumCircuit(2)
    circuit.ry(angle, 0)
    circuit.cx(0, 1)
    circuit.measure_all()
    return circuit


def test_keys_are_the_same_in_every_process() -> None:
    """Hash seeds, counters of names and random identifiers of parameters do not count."""
    shown = {
        subprocess.run(
            [sys.executable, "-c", SHOW_KEYS, seed],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(shown) == 1


def test_names_metadata_layout_and_phase_do_not_count() -> None:
    first, second = bell(), bell()
    second.name, second.metadata, second.global_phase = "other", {"note": 1}, 1.0
    assert compiled_key(first) == compiled_key(second)
    angle, other = Parameter("a"), Parameter("a")
    assert logical_key(bell(angle)) == logical_key(bell(other))


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.x(0),
        lambda c: c.barrier(),
        lambda c: c.add_bits([]) or c.z(1),
        lambda c: c.data.pop(0),
    ],
)
def test_every_instruction_counts(change) -> None:
    changed = bell()
    change(changed)
    assert compiled_key(changed) != compiled_key(bell())


def test_angles_qubits_and_classical_registers_count() -> None:
    assert compiled_key(bell()) != compiled_key(bell(0.3 + 1e-15))
    assert compiled_key(QuantumCircuit(2)) != compiled_key(QuantumCircuit(3))
    measured, elsewhere = QuantumCircuit(1, 2), QuantumCircuit(1, 2)
    measured.measure(0, 0)
    elsewhere.measure(0, 1)
    assert compiled_key(measured) != compiled_key(elsewhere)


def test_formulas_of_parameters_count() -> None:
    """Formulas that agree at some points, or differ only in which parameter they take."""
    p = ParameterVector("p", 2)
    formulas = [p[0], p[1], p[0] + p[1], p[0] - p[1], p[0] * p[1], 2 * p[0], p[0].sin(), p[0] ** 2]
    keys = set()
    for formula in formulas:
        circuit = bell(formula)
        circuit.rz(1e-3 * (p[0] + 3 * p[1]), 0)  # both occur everywhere
        keys.add(compiled_key(circuit))
    assert len(keys) == len(formulas)


def test_circuits_with_parameters_within_control_flow_have_keys() -> None:
    keys = set()
    for factor in (1, 2, 2):
        angle = Parameter("angle")
        circuit = QuantumCircuit(2, 2)
        circuit.h(0)
        circuit.measure(0, 0)
        with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
            circuit.rx(factor * angle, 1)
        with otherwise, circuit.switch(circuit.clbits[1]) as case, case(1):
            circuit.ry(angle, 1)
        keys |= {compiled_key(circuit), compiled_key(circuit.copy()), logical_key(circuit)}
    assert len(keys) == 4


def test_composite_gates_are_known_by_what_they_do() -> None:
    first, second = QuantumCircuit(2), QuantumCircuit(2)
    first.append(UnitaryGate(random_unitary(4, seed=1)), [0, 1])
    second.append(UnitaryGate(random_unitary(4, seed=2)), [0, 1])
    assert logical_key(first) != logical_key(second)
    assert logical_key(zz_feature_map(3, 1)) != logical_key(zz_feature_map(3, 2))


@settings(max_examples=50, derandomize=True, deadline=None)
@given(st.lists(st.floats(-10, 10), min_size=1, max_size=6), st.integers(0, 5))
def test_a_changed_value_changes_the_key(values: list[float], place: int) -> None:
    array = np.array(values)
    changed = array.copy()
    changed[place % len(values)] = np.nextafter(changed[place % len(values)], np.inf)
    assert content_key({"shots": 1}, [array]) != content_key({"shots": 1}, [changed])
    assert content_key({"shots": 1}, [array]) == content_key({"shots": 1}, [array.copy()])
    assert content_key({"shots": 1}, [array]) != content_key({"shots": 2}, [array])


def test_shape_and_type_of_values_count() -> None:
    array = np.zeros((2, 3))
    assert content_key({}, [array]) != content_key({}, [array.reshape(3, 2)])
    assert content_key({}, [array]) != content_key({}, [array.astype(np.float32)])
