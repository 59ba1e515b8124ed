"""A trained model on the loopback service: bought once, found again, and as good as promised."""

import numpy as np
import pytest

from qml_algos.errors import RequestRefusedError, TooLargeError
from qml_algos.generative import MPSBornMachine
from qml_algos.generative.deployment.deploy import deploy

SHOTS = 2000
# Three and two categories, and two bits: five qubits.
DATA = np.random.default_rng(0).integers(0, [3, 2, 2, 2], size=(60, 4))


def trained(data: np.ndarray) -> MPSBornMachine:
    return MPSBornMachine(2, order="natural", max_sweeps=2).fit(data)


def test_a_deployment_whose_results_did_not_come_is_finished_without_a_second_job(world) -> None:
    """Without gate noise; the limit of shot noise is exceeded once in 100 times."""
    world.server.fail("GET", "/jobs/[^/]+/results", status=400)
    with pytest.raises(RequestRefusedError):
        deploy(trained(DATA), world.open(), SHOTS, fidelity=1.0)
    assert world.posts == 1
    # Trained again, as in the next run of a program.
    found = deploy(trained(DATA), world.open(), SHOTS, fidelity=1.0, X_test=DATA)
    assert found.resources.shots == SHOTS
    assert found.valid_share > 0.99
    assert found.total_variation < found.shot_noise.limit
    again = deploy(trained(DATA), world.open(), SHOTS, fidelity=1.0)
    np.testing.assert_array_equal(again.samples, found.samples)
    assert world.posts == 1
    world.require_once()


def test_what_a_device_cannot_take_is_refused_before_anything_is_sent(world) -> None:
    with pytest.raises(TooLargeError, match="needs 7 qubits"):
        deploy(trained(DATA[:, [0, 1, 2, 3, 1, 2]]), world.open(), SHOTS)
    with pytest.raises(TooLargeError, match="shots"):
        deploy(trained(DATA), world.open(), 10**8)
    assert world.posts == 0
