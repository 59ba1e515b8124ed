"""Kernels on a noisy model and over the loopback service: bought once, and how wrong they are."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from drivers.kernels import (
    FEATURE_MAP,
    PAIRS,
    POINTS,
    SHOTS,
    fit_in_process,
    fitted,
)

from qml_algos import backend
from qml_algos.backends import Ledger, Recorder
from qml_algos.backends.jobs.records import State
from qml_algos.backends.noisy import NoisySampler
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.kernels.projected import ProjectedKernel
from qml_algos.kernels.sampled import gram_error

RESULTS = "/jobs/[^/]+/results"
JOBS = 3


def require_near(found, bias: float) -> None:
    """What shots leave, five standard errors, and the bias of noise."""
    exact = FidelityKernel(FEATURE_MAP)(POINTS)
    error = gram_error(found, exact)
    shots_alone = np.linalg.norm(found.standard_errors) / np.linalg.norm(exact)
    assert 0 < error.standard_error < shots_alone
    assert error.value < shots_alone + 5 * error.standard_error + bias


@pytest.fixture
def in_three_jobs(world, write_config):
    """The world, where two pairs are a job."""
    limits = {"max_shots": str(SHOTS), "default_shots": str(SHOTS)}
    world.config = write_config(max_executions=str(SHOTS * PAIRS // JOBS), **limits)
    return world


def on_second_time(world, method: str, path: str, action) -> None:
    """Do something before the second request of a kind."""
    seen = threading.Semaphore(1)
    world.server.on(
        method,
        path,
        "before",
        lambda request: None if seen.acquire(blocking=False) else action(request),
        times=2,
    )


def test_a_classifier_takes_one_job_to_fit_and_one_to_predict_and_buys_both_once(world) -> None:
    def once() -> tuple[np.ndarray, np.ndarray]:
        classifier = fitted(world.open())
        # The service simulates without gate noise.
        require_near(classifier.gram_, 0.0)
        return classifier.gram_.values, classifier.decision_function(POINTS[:2] + 0.1)

    first = once()
    assert world.posts == 2
    training, prediction = (job.executions for job in world.ledger.jobs())
    assert training == PAIRS * SHOTS
    assert prediction <= 2 * len(POINTS) * SHOTS
    for found, known in zip(once(), first, strict=True):
        assert (found == known).all()
    assert world.posts == 2
    world.require_once(jobs=2)


def test_killed_half_way_a_fit_is_finished_without_running_a_circuit_again(in_three_jobs) -> None:
    world = in_three_jobs
    program = world.start("killed", fit_in_process, world.config, world.ledger_path)
    on_second_time(world, "GET", RESULTS, program.kill)
    program.process.join()
    assert not (program.folder / "outcome").exists()
    assert world.states.count(State.DONE) == 1
    [done] = [job for job in world.ledger.jobs() if job.state is State.DONE]
    found = fitted(world.open())
    require_near(found.gram_, 0.0)
    assert world.posts == JOBS
    assert world.server.count("GET", f"/jobs/{done.provider_id}/results") == 1
    world.require_once(jobs=JOBS)
    assert (fitted(world.open()).gram_.values == found.gram_.values).all()
    assert world.posts == JOBS


def test_killed_while_jobs_are_sent_a_fit_sends_the_others_once(in_three_jobs) -> None:
    world = in_three_jobs
    program = world.start("killed", fit_in_process, world.config, world.ledger_path)
    on_second_time(world, "POST", "/jobs", program.kill)
    program.process.join()
    assert not (program.folder / "outcome").exists()
    require_near(fitted(world.open()).gram_, 0.0)
    world.require_once(jobs=JOBS)


def test_corrections_and_projected_kernels_are_bought_once_too(world) -> None:
    def once() -> list[np.ndarray]:
        device = world.open()
        projected = ProjectedKernel(FEATURE_MAP, backend=device, shots=SHOTS, random_state=0)
        corrected = [fitted(device, way).gram_.values for way in ("depolarising", "readout")]
        return [projected(POINTS), *corrected]

    first = once()
    # The calibration of readout is a job of its own.
    assert world.posts == 4
    for found, known in zip(once(), first, strict=True):
        assert (found == known).all()
    world.require_once(jobs=4)


def test_on_a_noisy_model_a_fit_is_simulated_once(tmp_path, monkeypatch) -> None:
    """Noise changes entries by less than 3 percent."""

    def opened():
        return backend("heron_r3", recorder=Recorder(Ledger(tmp_path / "ledger.sqlite")))

    first = fitted(opened())
    require_near(first.gram_, 0.03)
    monkeypatch.setattr(NoisySampler, "run", lambda *_, **__: pytest.fail("it is simulated again"))
    assert (fitted(opened()).gram_.values == first.gram_.values).all()
