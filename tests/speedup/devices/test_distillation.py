"""T factories."""

import math

import numpy as np
import pytest

from circuits.costs import GateCounts
from qml_algos.speedup.devices import FaultTolerantDevice, device_model
from qml_algos.speedup.devices.distillation import (
    LEAST_ERROR,
    Factory,
    _units_needed,
    best_factory,
    factories,
)


def known(name: str) -> tuple[Factory, ...]:
    model = device_model(name)
    assert isinstance(model, FaultTolerantDevice)
    return factories(model.constants)


@pytest.mark.parametrize("name", ["superconducting_e3", "trapped_ion_e4"])
def test_factories_are_ordered_and_none_surpasses_another(name: str) -> None:
    found = known(name)
    volumes = [factory.qubits * factory.seconds for factory in found]
    assert volumes == sorted(volumes)
    assert min(factory.error for factory in found) < 1e3 * LEAST_ERROR
    for index, factory in enumerate(found):
        for other in found[:index]:
            assert (
                other.error > 1.01 * factory.error
                or other.seconds > factory.seconds
                or other.distance > factory.distance
            )


def test_one_round_of_the_small_unit_is_what_was_published() -> None:
    found = [factory for factory in known("superconducting_e3") if factory.distance == 13]
    [single] = [factory for factory in found if factory.qubits == 2 * 20 * 2 * 13**2]
    assert single.error == pytest.approx(35 * 1e-9 + 7.1 * 3e-9)
    assert single.seconds == pytest.approx(13 * 5.2e-6)


def test_the_best_factory_keeps_all_three_limits() -> None:
    found = known("superconducting_e3")
    for error, seconds, distance in ((1e-9, math.inf, 99), (1e-9, 2e-4, 99), (1e-9, math.inf, 17)):
        best = best_factory(found, error, seconds, distance)
        assert best is not None
        assert best.error <= error
        assert best.seconds <= seconds
        assert best.distance <= distance
    assert best_factory(found, 1e-9, 1e-9, 99) is None


def test_so_many_units_that_too_few_succeed_rarely_and_not_one_more() -> None:
    rng = np.random.default_rng(3)
    states = rng.integers(1, 60, size=40)
    failure = 10 ** rng.uniform(-4, -0.3, size=40)

    def too_few(number: int, needed: int, fails: float) -> float:
        return sum(
            math.comb(number, k) * (1 - fails) ** k * fails ** (number - k) for k in range(needed)
        )

    for number, needed, fails in zip(
        _units_needed(states, failure, 0.005), states, failure, strict=True
    ):
        assert too_few(number, needed, fails) < 0.005
        assert number == needed or too_few(number - 1, needed, fails) >= 0.005


def test_gates_that_err_almost_at_the_threshold_are_tried_in_coarse_steps() -> None:
    model = device_model("superconducting_e3")
    assert isinstance(model, FaultTolerantDevice)
    poor = model.constants.errors.model_copy(update={"clifford": 9e-3})
    own = FaultTolerantDevice(model.constants.model_copy(update={"errors": poor}))
    run = GateCounts(qubits=10, t_gates=10**6)
    done = own.execution(run, 1)
    assert done.feasible
    assert done.qubits > 2 * model.execution(run, 1).qubits


def test_states_too_bad_to_distil_are_said_to_be_so() -> None:
    model = device_model("superconducting_e3")
    assert isinstance(model, FaultTolerantDevice)
    poor = model.constants.errors.model_copy(update={"t_gate": 0.4})
    own = FaultTolerantDevice(model.constants.model_copy(update={"errors": poor}))
    done = own.execution(GateCounts(qubits=10, t_gates=10**6), 1)
    assert not done.feasible
    assert "no T factory" in str(done.reason)
