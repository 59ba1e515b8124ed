"""Run a trained model on a backend, and say how well its samples are those of the model."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from circuits.tensor_network.preparation import Objective
from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_shots, seed_for
from qml_algos.backends.execution import execute
from qml_algos.errors import InvalidProblemError, NothingAcceptedError
from qml_algos.generative.checks import as_discrete, require_known
from qml_algos.generative.deployment.comparison import compare
from qml_algos.generative.deployment.deployed import Deployed
from qml_algos.generative.mps.state import ChainState
from qml_algos.generative.mps_born_machine import MPSBornMachine
from qml_algos.results import Resources, circuit_costs

LEAST = 2
"""Samples, and samples of test data: one has no standard error."""


def deploy(
    model: MPSBornMachine,
    backend: str | Path | Backend,
    shots: int,
    *,
    fidelity: float = 0.99,
    max_two_qubit_gates: int | None = None,
    objective: Objective = "gates",
    X_test: ArrayLike | None = None,
    random_state: int | np.random.Generator | None = None,
) -> Deployed:
    """Prepare the state of a trained model on a backend, measure it, and judge the samples.

    Parameters
    ----------
    model
        Fitted.
    backend
        Opened, its name, or the path of its description.
    shots
        How often the state is prepared and measured, in one job; 2 at least.
    fidelity, max_two_qubit_gates, objective
        Of the circuit; see `MPSBornMachine.to_circuit`.
    X_test
        Shape ``(any, variables)``, 2 rows at least: data that the model has not seen, for
        `Deployed.test_nll`.
    random_state
        Of the simulator, and of the samples of the model that those of the backend are compared
        with. On a device it names a repetition: the same one, or none, gives the recorded samples
        if there are some; another one is paid for anew.

    Returns
    -------
    Deployed
        Beside the circuit, the cost is that of the likelihoods of all samples; and of one of each
        configuration where these are at most 2**20.

    Raises
    ------
    NotFittedError, TypeError
        If the model is not fitted, or no `MPSBornMachine`.
    InvalidProblemError, ValueError
        If an argument is out of range, or the test data is none of this model.
    TooLargeError
        If the backend has too few qubits, or takes fewer shots. All these come before anything is
        run.
    NothingAcceptedError
        If fewer than 2 shots show categories.
    BudgetError, JobLostError, ServiceUnavailableError, LedgerError
        On a device: see `qml_algos.backends.jobs.recorder.Recorder`. Nothing that was paid for is
        lost; call again.
    """
    if not isinstance(model, MPSBornMachine):
        raise TypeError(f"model: {type(model).__name__} given, an MPSBornMachine is needed")
    check_is_fitted(model)
    device = open_backend(backend)
    require_shots(device.config, shots)
    if shots < LEAST:
        raise InvalidProblemError(f"shots = {shots}: at least {LEAST} are needed to judge them")
    test = None if X_test is None else _test_data(X_test, model)
    seed = seed_for(device, random_state)
    start = time.perf_counter()
    prepared = model.to_circuit(device, fidelity, max_two_qubit_gates, objective)
    build_seconds = time.perf_counter() - start
    executed = execute([prepared.measured()], device, int(shots), seed)
    X, valid = prepared.decode(executed.outcomes[0]["meas"])
    if valid.sum() < LEAST:
        raise NothingAcceptedError(
            f"of {shots:,} shots on backend {device.name!r} {valid.sum()} show categories, the "
            f"others bit patterns of none; at least {LEAST} are needed"
        )
    # A stream of its own: that of the seed itself has drawn the shots.
    generator = np.random.default_rng(np.random.SeedSequence(seed).spawn(1)[0])
    state = ChainState(model.cores_, model.order_)
    return Deployed(
        **vars(compare(state, model.categories_, X[valid], test, generator)),
        backend=device.name,
        samples=X[valid],
        valid_share=float(valid.mean()),
        circuit=prepared,
        resources=Resources(
            classical_seconds=0.0,
            **circuit_costs(executed.compiled[0]),
            shots=executed.shots,
            build_seconds=build_seconds,
            compile_seconds=executed.compile_seconds,
            run_seconds=executed.run_seconds,
            classically_diagonalised=None,
        ),
        smoothing=float(model.smoothing_),
    )


def _test_data(X_test: ArrayLike, model: MPSBornMachine) -> NDArray[np.int64]:
    rows = as_discrete(X_test, "X_test")
    require_known(rows, model.categories_, "X_test")
    if len(rows) < LEAST:
        raise InvalidProblemError(f"X_test has one row: at least {LEAST} are needed")
    return rows
