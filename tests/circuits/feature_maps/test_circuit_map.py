from __future__ import annotations

import numpy as np
import pytest
from feature_map_states import same_state, state_of
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter, ParameterExpression, ParameterVector
from qiskit.circuit.library import PauliEvolutionGate, efficient_su2, zz_feature_map
from qiskit.quantum_info import SparsePauliOp, Statevector

from circuits.feature_maps import CircuitMap, ZZMap
from circuits.feature_maps.expressions import affine_form, derivative, evaluate

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)
A, B, C = (Parameter(name) for name in ("a b", "θ[0]", "v0"))


def _leaves() -> st.SearchStrategy[ParameterExpression]:
    return st.sampled_from([A, B, C])


def _grown(inner: st.SearchStrategy[ParameterExpression]) -> st.SearchStrategy[ParameterExpression]:
    constants = st.floats(0.1, 3)
    return st.one_of(
        st.builds(lambda x, y: x + y, inner, inner),
        st.builds(lambda x, y: x - y, inner, inner),
        st.builds(lambda x, y: x * y, inner, inner),
        st.builds(lambda x, c: c - x, inner, constants),
        st.builds(lambda x, c: x / c, inner, constants),
        st.builds(lambda x: (x * 0.1).sin() ** 2, inner),
        st.builds(lambda x: -((x * 0.1).arctan()), inner),
        st.builds(lambda x: abs(x), inner),
        st.builds(lambda x: 2.5 ** (x * 0.1).cos(), inner),
    )


EXPRESSIONS = st.recursive(_leaves(), _grown, max_leaves=6)


@SETTINGS
@given(EXPRESSIONS, st.lists(st.floats(0.2, 2.9), min_size=3, max_size=3))
def test_expressions_are_evaluated_as_qiskit_binds_them(expression, values):
    bound = dict(zip((A, B, C), values, strict=True))
    columns = {parameter: np.array([value]) for parameter, value in bound.items()}
    expected = float(expression.bind(bound, allow_unknown_parameters=True).numeric())
    form = affine_form(expression, (A, B, C))
    if form is not None:
        assert form[0] @ values + form[1] == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert evaluate(expression, columns)[0] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@SETTINGS
@given(EXPRESSIONS, st.lists(st.floats(0.2, 2.9), min_size=3, max_size=3))
def test_derivatives_are_those_of_differences(expression, values):
    columns = dict(zip((A, B, C), np.array(values)[:, None], strict=True))
    step = 1e-6
    ends = [evaluate(expression, {**columns, A: columns[A] + s}) for s in (step, -step)]
    expected = (ends[0] - ends[1]) / (2 * step)
    found = derivative(expression, A, columns)
    # Kinks of absolute values may lie between the two ends.
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-5) or "abs" in str(expression)


def test_a_circuit_with_expressions_prepares_its_state():
    n = 4
    row = np.random.default_rng(0).normal(size=n)
    peer = zz_feature_map(n)
    feature_map = CircuitMap(peer)
    assert same_state(state_of(feature_map, row), peer.assign_parameters(row))
    assert same_state(state_of(feature_map, row), state_of(ZZMap(), row))
    # Equal expressions are one parameter.
    assert feature_map.circuit(n).num_parameters == n + n * (n - 1) // 2


def test_weights_are_told_from_features():
    features, trained = zz_feature_map(3, 1), efficient_su2(3, reps=1, parameter_prefix="w")
    circuit = features.compose(trained)
    feature_map = CircuitMap(circuit, trained.parameters)
    row, weights = np.arange(3) / 3, np.linspace(-1, 1, 12)
    bound = circuit.assign_parameters(
        dict(zip([*features.parameters, *trained.parameters], [*row, *weights], strict=True))
    )
    assert feature_map.weights(3) == 12
    assert same_state(state_of(feature_map, row, weights), bound)


def test_gates_of_ones_own_are_replaced_by_their_definitions():
    x = ParameterVector("x", 3)
    inner = QuantumCircuit(2, name="inner")
    inner.rx(x[0] * 2, 0)
    inner.append(PauliEvolutionGate(SparsePauliOp(["XZ", "ZX"]), x[1] + 1), [0, 1])
    circuit = QuantumCircuit(3, global_phase=x[0])
    circuit.append(inner.to_gate(), [2, 0])
    circuit.barrier()
    circuit.append(inner.to_gate().control(1, ctrl_state=0), [0, 1, 2])
    circuit.cp(x[2], 1, 2)
    row = [0.4, -0.3, 1.2]
    state = state_of(CircuitMap(circuit), row)
    peer = circuit.assign_parameters(row).decompose(reps=4)
    assert same_state(state, peer)


def test_the_users_circuit_is_not_touched():
    x = Parameter("x")
    circuit = QuantumCircuit(1)
    circuit.rx(2 * x, 0)
    before = circuit.copy()
    feature_map = CircuitMap(circuit)
    circuit.h(0)
    assert feature_map.template == before
    feature_map.circuit(1).x(0)
    assert feature_map.circuit(1).size() == 1
    assert Statevector(circuit.assign_parameters([0.1]))


def _with(spoil) -> QuantumCircuit:
    circuit = QuantumCircuit(2, 1)
    circuit.rx(Parameter("x"), 0)
    spoil(circuit)
    return circuit


def _conditional(circuit: QuantumCircuit) -> None:
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(0)


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (lambda circuit: circuit.measure(0, 0), "measure"),
        (lambda circuit: circuit.reset(1), "reset"),
        (lambda circuit: circuit.initialize([1, 0], 1), "initialize"),
        (_conditional, "if_else"),
    ],
)
def test_what_is_not_unitary_is_refused_by_name(spoil, name):
    with pytest.raises(ValueError, match=f"template contains '{name}'"):
        CircuitMap(_with(spoil))


def test_wrong_arguments_are_refused():
    x, w = Parameter("x"), Parameter("w")
    circuit = QuantumCircuit(1)
    circuit.rx(x + w, 0)
    with pytest.raises(ValueError, match=r"trainable \['y'\]"):
        CircuitMap(circuit, Parameter("y"))
    with pytest.raises(ValueError, match="neither a parameter nor a vector"):
        CircuitMap(circuit, "w")
    with pytest.raises(ValueError, match="no parameter that is a feature"):
        CircuitMap(circuit, (x, w))
    with pytest.raises(ValueError, match="a circuit is needed"):
        CircuitMap(circuit.to_gate())
    with pytest.raises(ValueError, match="features = 2: the circuit takes 1"):
        CircuitMap(circuit, w).angles([[1.0, 2.0]], [0.5])


def test_an_angle_that_is_not_defined_for_a_row_is_named():
    x = Parameter("x")
    circuit = QuantumCircuit(1)
    circuit.rx(x.log(), 0)
    with pytest.raises(ValueError, match=r"the angle log\(x\) is not finite for row 1"):
        CircuitMap(circuit).angles([[1.0], [-1.0]])
