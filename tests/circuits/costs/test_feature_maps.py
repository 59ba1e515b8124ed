import pytest
from cost_checks import check_closed_form

from circuits import (
    AmplitudeMap,
    AngleMap,
    CovariantMap,
    DiscreteLogMap,
    IQPMap,
    PauliMap,
    ReuploadingMap,
    ZMap,
    ZZMap,
)
from circuits.costs import count_gates
from circuits.costs.feature_maps import (
    amplitude_map_cost,
    angle_map_cost,
    covariant_map_cost,
    discrete_log_map_cost,
    pair_map_cost,
    pauli_map_cost,
    reuploading_map_cost,
    z_map_cost,
)

SIZES = (1, 2, 3, 4, 7, 10)


@pytest.mark.parametrize("features", SIZES)
def test_maps_to_product_states_have_the_gates_of_the_closed_forms(features):
    assert angle_map_cost(features) == count_gates(AngleMap().circuit(features))
    assert z_map_cost(features, 3) == count_gates(ZMap(3).circuit(features))


@pytest.mark.parametrize("features", [2, 3, 8, 17])
def test_amplitude_map_has_the_gates_of_the_closed_form(features):
    check_closed_form(amplitude_map_cost(features), AmplitudeMap().circuit(features))


@pytest.mark.parametrize("prime", [5, 11, 23])
def test_discrete_logarithm_map_has_the_gates_of_the_closed_form(prime):
    check_closed_form(discrete_log_map_cost(prime.bit_length()), DiscreteLogMap(prime).circuit())


@pytest.mark.parametrize("repetitions", [1, 2, 3])
@pytest.mark.parametrize(
    ("entanglement", "connectivity"),
    [("full", "all"), ("full", "line"), ("linear", "all"), ("linear", "line"), ("circular", "all")],
)
def test_maps_of_pairs_have_the_gates_and_layers_of_the_closed_form(
    entanglement, connectivity, repetitions
):
    for features in SIZES:
        cost = pair_map_cost(
            features, repetitions, entanglement=entanglement, connectivity=connectivity
        )
        circuit = ZZMap(repetitions, entanglement, connectivity).circuit(features)
        check_closed_form(cost, circuit)
        assert cost.two_qubit_depth == count_gates(circuit).two_qubit_depth


def test_both_maps_of_pairs_have_one_closed_form():
    check_closed_form(pair_map_cost(5, 2), IQPMap(2).circuit(5))


@pytest.mark.parametrize("entanglement", ["full", "linear", "circular"])
@pytest.mark.parametrize("features", [3, 4, 6])
def test_map_of_pauli_strings_has_the_gates_of_the_closed_form(features, entanglement):
    for paulis in (("Z", "ZZ"), ("X", "YZ", "ZXZ"), ("YY",)):
        cost = pauli_map_cost(features, [len(pauli) for pauli in paulis], 2, entanglement)
        check_closed_form(cost, PauliMap(paulis, 2, entanglement).circuit(features))


@pytest.mark.parametrize("layers", [1, 2, 4])
@pytest.mark.parametrize("width", [None, 1, 2, 5])
def test_reuploading_map_has_the_gates_and_layers_of_the_closed_form(width, layers):
    for features in SIZES:
        circuit = ReuploadingMap(layers, width).circuit(features)
        assert reuploading_map_cost(features, layers, width) == count_gates(circuit)


@pytest.mark.parametrize("features", [2, 6, 10])
def test_covariant_map_has_the_gates_of_the_closed_form(features):
    check_closed_form(covariant_map_cost(features), CovariantMap().circuit(features))
    star = tuple((0, leaf) for leaf in range(1, features // 2))
    check_closed_form(covariant_map_cost(features, len(star)), CovariantMap(star).circuit(features))


def test_hundred_qubits_are_counted_without_building_a_circuit():
    assert pair_map_cost(100, 2).two_qubit_gates == 100**2 + 100 - 2 - 99
    assert pauli_map_cost(100, [1, 2], 1).two_qubit_gates == 100 * 99
    assert amplitude_map_cost(2**100).rotations == 2**100 - 1
    assert discrete_log_map_cost(100).rotations == 2**100 - 1


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="features = 0"):
        angle_map_cost(0)
    with pytest.raises(ValueError, match="features = 3: this map takes two"):
        covariant_map_cost(3)
