"""Fault-tolerant resources in closed form."""

import itertools
import math

import pytest

from circuits.costs import GateCounts
from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.speedup.devices import FaultTolerantDevice, device_model
from qml_algos.speedup.devices.surface_code import code_distance, logical_error, logical_work

QFT = GateCounts(
    qubits=16,
    two_qubit_gates=264,
    t_gates=45,
    rotations=315,
    measurements=16,
    two_qubit_depth=61,
    rotation_depth=55,
)
FAULT_TOLERANT = ["superconducting_e3", "superconducting_e4", "trapped_ion_e3", "trapped_ion_e4"]


def device(name: str = "superconducting_e3") -> FaultTolerantDevice:
    model = device_model(name)
    assert isinstance(model, FaultTolerantDevice)
    return model


def test_the_fourier_transform_of_sixteen_qubits_takes_what_was_published() -> None:
    found = device().estimate(QFT, estimator="formulas")
    assert (found.qubits, found.factory_qubits, found.factories) == (731_770, 716_560, 53)
    assert (found.code_distance, found.logical_qubits, found.cycles) == (13, 45, 1256)
    assert (found.t_states, found.t_states_per_rotation) == (5085, 16)
    assert found.seconds == pytest.approx(6.5312e-3)
    others = [device(name).estimate(QFT, estimator="formulas") for name in FAULT_TOLERANT[1:]]
    assert [found.qubits for found in others] == [108_290, 373_490, 108_290]
    assert [found.seconds for found in others] == pytest.approx([3.5168e-3, 9.7968, 5.2752])


@pytest.mark.parametrize("name", FAULT_TOLERANT)
def test_distance_is_the_smallest_odd_one_that_is_good_enough(name: str) -> None:
    constants = device(name).constants
    for exponent in range(3, 60):
        distance = code_distance(10.0**-exponent, constants)
        assert distance % 2 == 1
        assert logical_error(distance, constants) <= 10.0**-exponent
        assert distance == 1 or logical_error(distance - 2, constants) > 10.0**-exponent


def test_distance_grows_with_the_logarithm_of_the_gates() -> None:
    runs = [GateCounts(qubits=100, toffolis=10**power) for power in range(4, 41, 4)]
    found = [device().estimate(run, estimator="formulas") for run in runs]
    steps = {b.code_distance - a.code_distance for a, b in itertools.pairwise(found)}
    # Each factor of ten in the gates takes two: errors fall tenfold for two more.
    assert steps == {8}
    assert found[-1].code_distance < 100
    assert found[-1].seconds == pytest.approx(3e40 * found[-1].cycle_seconds)


def test_the_budget_of_a_run_is_split_over_all_that_must_succeed() -> None:
    constants = device().constants
    for run, parts in (
        (GateCounts(qubits=4, measurements=4), 1),
        (GateCounts(qubits=4, t_gates=9), 2),
        (GateCounts(qubits=4, toffolis=9), 2),
        (QFT, 3),
    ):
        work = logical_work(run, constants)
        assert work.share == pytest.approx(1e-3 / parts)
        found = device().estimate(run, estimator="formulas")
        logical = found.logical_qubits * found.cycles * logical_error(13, constants)
        if run is QFT:
            inexact = run.rotations * 2 ** -((found.t_states_per_rotation - 4.86) / 0.53)
            assert logical <= work.share
            assert inexact <= work.share


def test_toffoli_gates_take_four_t_states_and_three_cycles() -> None:
    work = logical_work(GateCounts(qubits=3, toffolis=10), device().constants)
    assert (work.t_states, work.cycles, work.qubits) == (40, 30, 2 * 3 + 5 + 1)


def test_an_execution_spends_its_seconds_on_its_parts() -> None:
    run = QFT + GateCounts(toffolis=100)
    done = device().execution(run, 1000)
    assert done.feasible
    assert done.seconds_by_part is not None
    assert sum(done.seconds_by_part.values()) == pytest.approx(done.seconds_per_run)
    assert done.fidelity == pytest.approx(1 - 1e-3)
    assert done.runs == pytest.approx(1000 / done.fidelity**2)
    assert done.seconds == pytest.approx(done.runs * done.seconds_per_run)


def test_a_circuit_shorter_than_its_factory_waits_for_it() -> None:
    done = device().execution(GateCounts(qubits=4, t_gates=3), 1)
    assert done.seconds_by_part is not None
    assert done.seconds_by_part["waiting for T states"] > done.seconds_by_part["T gates"]


def test_clifford_gates_alone_need_no_factory() -> None:
    found = device().estimate(GateCounts(qubits=4, two_qubit_gates=10**6), estimator="formulas")
    assert (found.factories, found.t_states, found.cycles) == (0, 0, 1)


def test_what_is_beyond_every_factory_is_said_not_raised() -> None:
    run = GateCounts(qubits=4, t_gates=10**60)
    done = device().execution(run, 1)
    assert not done.feasible
    assert math.isinf(done.seconds)
    assert "no T factory of superconducting_e3" in str(done.reason)
    beyond = device().execution(GateCounts(qubits=4, t_gates=10**400), 1)
    assert "more than 1e+100 t gates" in str(beyond.reason)
    with pytest.raises(TooLargeError, match="no T factory"):
        device().estimate(run, estimator="formulas")
    with pytest.raises(TooLargeError, match="more than"):
        device().estimate(GateCounts(qubits=10**101))


@pytest.mark.parametrize(
    ("run", "runs", "named"),
    [
        (QFT, 0, "runs = 0"),
        (QFT, float("nan"), "runs = nan"),
        (GateCounts(qubits=-1), 1, "run.qubits = -1"),
        (GateCounts(qubits=2, t_gates=float("nan")), 1, "run.t_gates = nan"),
        (17, 1, "run: int given"),
    ],
)
@pytest.mark.parametrize("name", ["superconducting_e3", "heron_r3", "idealised_1mhz"])
def test_nonsense_is_refused_by_name(name: str, run: GateCounts, runs: float, named: str) -> None:
    with pytest.raises(InvalidProblemError, match=named):
        device_model(name).execution(run, runs)


def test_estimate_refuses_what_is_no_circuit_and_no_estimator() -> None:
    with pytest.raises(ValueError, match="circuit: str given"):
        device().estimate("qft")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="estimator = 'guess'"):
        device().estimate(QFT, estimator="guess")  # type: ignore[arg-type]
