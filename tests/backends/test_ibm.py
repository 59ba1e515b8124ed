"""Devices of IBM Quantum, through IBM's own client, at a service on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drivers.programs import FAST, PATTERNS, angles, pattern_circuit, pubs_of, show, shown
from ibm_loopback.program import executions
from ibm_quantum_schemas.executor.version_2_0.models import ParamsModel
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Parameter, ParameterVector
from qiskit.circuit.library import efficient_su2
from qiskit.quantum_info import SparsePauliOp, Statevector

from qml_algos.backends import Backend, Ledger, Recorder
from qml_algos.backends.config import load_config
from qml_algos.backends.ibm import IBMBackend
from qml_algos.backends.jobs.recorded import RecordedEstimator
from qml_algos.backends.jobs.records import State
from qml_algos.errors import (
    NotCompiledError,
    NotExactError,
    RequestRefusedError,
    TooLargeError,
    UnsupportedCircuitError,
)
from qml_algos.fourier import QFT, Signal
from qml_algos.fourier import solve as solve_spectrum
from qml_algos.linear_systems import HHL, LinearSystem, solve
from qml_algos.pca import QuantumPCA
from qml_algos.speedup.compare import compare

SHOTS = 2000
# The total variation distance between SHOTS samples and a distribution over k <= 8 outcomes has a
# mean below sqrt(k / (2 pi SHOTS)) = 0.026 and exceeds it by 0.05 with a probability of at most
# exp(-2 * SHOTS * 0.05**2) = 5e-5 (McDiarmid). The service's seed is fixed.
TOLERANCE = 0.08
EPSILON = 5e-2
MATRIX, RHS = np.array([[1.0, -1 / 3], [-1 / 3, 1.0]]), np.array([1.0, 0.5])


@pytest.fixture(scope="module")
def device_classes() -> tuple[str, ...]:
    return ("FakeBoston", "FakeMiami")


def requested(job: Any) -> Any:
    """The program that a job's request holds."""
    return ParamsModel.model_validate(job.params).quantum_program


def sole_job(world) -> Any:
    [job] = world.server.jobs.values()
    return job


def distance(found: dict[str, int], exact: dict[str, float]) -> float:
    shots = sum(found.values())
    return sum(
        abs(found.get(key, 0) / shots - exact.get(key, 0.0)) for key in {*found, *exact}
    ) / 2  # fmt: skip


def not_connected(config: Path, ledger: Path) -> IBMBackend:
    """The device, for somebody whose network is down."""

    def refuse() -> Any:
        raise AssertionError("somebody wants to connect")

    recorder = Recorder(Ledger(ledger), patience=FAST)
    return IBMBackend(load_config(config), recorder, refuse)


# -- opening --------------------------------------------------------------------------------------


def test_opening_connects_to_nothing(world) -> None:
    device = world.open()
    assert isinstance(device, Backend)
    assert (device.exact, device.noisy, device.name) == (False, True, "ibm_device")
    assert "ibm_boston" in repr(device)
    assert world.server.requests == []


def test_a_circuit_that_is_too_large_is_refused_before_connecting(world, write_config) -> None:
    device = world.open(write_config(max_qubits="5"))
    with pytest.raises(TooLargeError, match="needs 6 qubits"):
        device.compile([QuantumCircuit(6)])
    assert world.server.requests == []


def test_a_circuit_larger_than_the_device_is_refused(world, write_config) -> None:
    device = world.open(write_config(device='"ibm_miami"', max_qubits="156"))
    with pytest.raises(TooLargeError, match="ibm_miami has 120"):
        device.compile([QuantumCircuit(121)])


def test_a_device_that_the_account_has_not_is_named_with_those_it_has(world, write_config) -> None:
    with pytest.raises(RequestRefusedError, match="'ibm_elsewhere'; it has ibm_boston, ibm_miami"):
        show(world.open(write_config(device='"ibm_elsewhere"')))
    assert world.posts == 0


def test_there_is_no_statevector(world) -> None:
    with pytest.raises(NotExactError):
        world.open().statevector(QuantumCircuit(1))


# -- compiling ------------------------------------------------------------------------------------


def test_a_compiled_circuit_stays_when_the_device_is_calibrated_anew(world, monkeypatch) -> None:
    device = world.open()
    assert show(device) == [PATTERNS]
    [before] = device.compile([pattern_circuit()])
    [job] = world.ledger.jobs()
    boston = world.server.devices["ibm_boston"]
    later = {**boston.properties, "last_update_date": "2031-02-03T04:05:06+00:00"}
    monkeypatch.setattr(boston, "properties", later)
    again = world.open()
    assert again.compile([pattern_circuit()]) == [before]
    assert show(again) == [PATTERNS]
    assert world.posts == 1
    assert "2031" not in job.details["calibrated"]
    anew = world.open(refresh=True)
    assert show(anew) == [PATTERNS]
    assert anew.calibrated.isoformat() == "2031-02-03"
    assert world.posts == 2
    assert "2031-02-03" in world.ledger.jobs()[-1].details["calibrated"]
    # From now on the new one counts.
    assert show(world.open()) == [PATTERNS]
    assert world.posts == 2


def test_a_circuit_that_was_not_compiled_is_refused(world) -> None:
    device = world.open()
    with pytest.raises(NotCompiledError, match="'ry'"):
        device.sampler(0).run([(pattern_circuit(), angles([1]))], shots=4)
    assert world.posts == 0


def test_a_circuit_that_was_compiled_for_another_device_is_refused(world, write_config) -> None:
    entangled = QuantumCircuit(2)
    entangled.h(0)
    entangled.cx(0, 1)
    entangled.measure_all()
    for_boston = world.open().compile([entangled])
    miami = world.open(write_config("miami.toml", device='"ibm_miami"', max_qubits="120"))
    with pytest.raises(NotCompiledError, match="156 qubits"):
        miami.sampler(0).run(for_boston, shots=4)
    assert world.posts == 0


def test_dynamic_circuits_run_where_the_device_can_and_are_refused_elsewhere(
    world, write_config
) -> None:
    angle = 1.0
    first, last = ClassicalRegister(1, "first"), ClassicalRegister(2, "last")
    circuit = QuantumCircuit(QuantumRegister(2), first, last, name="dynamic")
    circuit.ry(angle, 0)
    circuit.measure(0, first[0])
    with circuit.if_test((first, 1)):
        circuit.ry(angle, 1)
    circuit.reset(0)
    circuit.measure([0, 1], last)
    boston = world.open()
    [result] = boston.sampler(0).run(boston.compile([circuit]), shots=SHOTS).result()
    both = zip(
        result.data.first.get_bitstrings(), result.data.last.get_bitstrings(), strict=True
    )  # fmt: skip
    found: dict[str, int] = {}
    for a, b in both:
        found[a + b] = found.get(a + b, 0) + 1
    one = np.sin(angle / 2) ** 2
    assert distance(found, {"000": 1 - one, "100": one * (1 - one), "110": one**2}) < TOLERANCE
    miami = world.open(write_config("miami.toml", device='"ibm_miami"', max_qubits="120"))
    with pytest.raises(UnsupportedCircuitError, match=r"'dynamic'.*ibm_miami"):
        miami.compile([circuit])
    resetting = QuantumCircuit(1, 1, name="resetting")
    resetting.h(0)
    resetting.reset(0)
    resetting.measure(0, 0)
    with pytest.raises(UnsupportedCircuitError, match=r"'resetting'.*ibm_miami"):
        miami.compile([resetting])
    assert world.posts == 1


# -- one job or several ---------------------------------------------------------------------------


def test_a_gram_matrix_is_one_pub_in_one_job(world) -> None:
    feature_map = efficient_su2(4, reps=1).measure_all(inplace=False)
    values = np.random.default_rng(0).uniform(0, np.pi, (190, feature_map.num_parameters))
    device = world.open()
    [compiled] = device.compile([feature_map])
    [result] = device.sampler(0).run([(compiled, values)], shots=100).result()
    assert result.data.meas.shape == (190,)
    assert world.posts == 1
    assert len(requested(sole_job(world)).items) == 1
    [job] = world.ledger.jobs()
    assert job.executions == 19_000


def test_pieces_of_a_large_request_come_back_in_order(world, write_config) -> None:
    """Shape (3, 4), two registers, and a second PUB: cut into pieces of five sets and fewer."""
    low, high = ClassicalRegister(2, "low"), ClassicalRegister(1, "high")
    circuit = QuantumCircuit(QuantumRegister(3), low, high)
    for qubit, turn in enumerate(ParameterVector("turn", 3)):
        circuit.ry(turn, qubit)
    circuit.measure([0, 1], low)
    circuit.measure(2, high)
    numbers = np.random.default_rng(1).integers(0, 8, (3, 4))
    device = world.open(write_config(max_executions="40", max_shots="8", default_shots="8"))
    [compiled] = device.compile([circuit])
    job = device.sampler(0).run([(compiled, angles(numbers)), (compiled, angles([6]))], shots=8)
    large, small = job.result()
    assert large.data.low.shape == large.data.high.shape == (3, 4)
    assert large.data.low.num_shots == 8
    assert (shown(large.data.low) + 4 * shown(large.data.high) == numbers).all()
    assert shown(small.data.low) + 4 * shown(small.data.high) == [6]
    assert world.posts == 3
    world.require_once(jobs=3)


def test_jobs_of_a_request_are_one_batch_which_is_closed(world, write_config) -> None:
    device = world.open(
        write_config(mode='"batch"', max_executions="8", max_shots="8", default_shots="8")
    )
    assert show(device, [1, 2]) == [[1, 2]]
    assert len(world.server.jobs) == 2
    assert len({job.session_id for job in world.server.jobs.values()} - {None}) == 1
    sessions = world.server.count("POST", "/sessions")
    closed = world.server.count("DELETE", "/sessions/[^/]+/close") + world.server.count(
        "PATCH", "/sessions/[^/]+"
    )
    assert sessions == closed == 1


# -- options --------------------------------------------------------------------------------------


def waiting_circuit() -> QuantumCircuit:
    """Qubit 0 waits while the others are entangled back and forth."""
    circuit = QuantumCircuit(3)
    circuit.h([0, 1])
    circuit.cx(0, 1)
    for _ in range(6):
        circuit.cx(1, 2)
        circuit.barrier(1, 2)
    circuit.cx(0, 1)
    circuit.measure_all()
    return circuit


def test_time_limit_tag_decoupling_and_twirling_are_in_the_request(world, write_config) -> None:
    plain, mitigated = (
        write_config(f"{decoupling}.toml", dynamical_decoupling=f'"{decoupling}"',
                     twirl_gates=twirl, twirl_measurements=twirl, max_execution_time="77")
        for decoupling, twirl in (("off", "false"), ("XY4", "true"))
    )  # fmt: skip
    programs = []
    for config in (plain, mitigated):
        device = world.open(config)
        device.sampler(0).run(device.compile([waiting_circuit()]), shots=64).result()
        job = list(world.server.jobs.values())[-1]
        assert job.max_execution_time == 77
        assert job.tags == [world.ledger.jobs()[-1].tag]
        programs.append(requested(job))
    kinds = [program.items[0].item_type for program in programs]
    assert kinds == ["circuit", "samplex"]
    delays = [program.circuits.to_python()[0].count_ops().get("delay", 0) for program in programs]
    assert delays[0] == 0 < delays[1]
    assert world.ledger.jobs()[-1].details["mitigation"]["dynamical_decoupling"] == "XY4"


@pytest.mark.parametrize(("shots", "paid"), [(1, 64), (50, 64), (64, 64), (100, 128)])
def test_twirling_rounds_shots_up_and_returns_what_was_asked_for(
    world, write_config, shots, paid
) -> None:
    device = world.open(write_config(twirl_measurements="true"))
    job = device.sampler(0).run(pubs_of(device, [1, 6]), shots=shots)
    [result] = job.result()
    assert result.data.meas.num_shots == shots
    assert shown(result.data.meas).tolist() == [1, 6]
    [known] = world.ledger.jobs()
    assert known.executions == executions(sole_job(world).params) == 2 * paid
    world.require_once()


@pytest.mark.parametrize(
    "mitigation",
    [
        {"measurement_mitigation": "false"},
        {"measurement_mitigation": "true"},
        {"zero_noise_extrapolation": "true"},
        {"twirl_gates": "true", "measurement_mitigation": "false"},
    ],
)
@pytest.mark.parametrize("labels", [["XX", "ZZ", "IZ"], [["XX"], ["ZZ"], ["YY"]], ["II"]])
def test_estimates_are_billed_with_their_mitigation(
    world, write_config, mitigation, labels
) -> None:
    circuit = QuantumCircuit(2)
    circuit.ry(Parameter("angle"), 0)
    circuit.cx(0, 1)
    device = world.open(write_config(**mitigation))
    [compiled] = device.compile([circuit])

    def mapped(label: str) -> SparsePauliOp:
        return SparsePauliOp(label).apply_layout(compiled.layout)

    if isinstance(labels[0], str):
        observables = sum((mapped(label) for label in labels[1:]), mapped(labels[0]))
    else:
        observables = [[mapped(label)] for [label] in labels]
    device.estimator(0).run([(compiled, observables, [[0.1], [0.2]])], precision=0.1)
    [known] = world.ledger.jobs()
    assert known.executions >= executions(sole_job(world).params)
    assert known.executions <= 2 * executions(sole_job(world).params)


def test_estimates_with_mitigation_are_recorded(world, write_config) -> None:
    config = write_config(zero_noise_extrapolation="true", measurement_mitigation="true")
    circuit = QuantumCircuit(2)
    circuit.ry(Parameter("angle"), 0)
    circuit.cx(0, 1)
    # None of these is sure: of values without an error nothing can be extrapolated.
    observable = SparsePauliOp(["XX", "IZ"], [1.0, 0.5])
    values = np.array([[0.3], [1.2]])
    exact = [
        Statevector(circuit.assign_parameters(row)).expectation_value(observable).real
        for row in values
    ]
    found = []
    for _ in range(2):
        device = world.open(config)
        [compiled] = device.compile([circuit])
        estimator = device.estimator(0)
        assert isinstance(estimator, RecordedEstimator)
        pub = (compiled, observable.apply_layout(compiled.layout), values)
        [result] = estimator.run([pub], precision=0.02).result()
        found.append(result.data.evs)
        assert (result.data.stds > 0).all()
    # Extrapolation enlarges the error; the seed is fixed.
    assert np.allclose(found[0], exact, atol=0.3)
    assert (found[0] == found[1]).all()
    assert world.posts == 1
    world.require_once()


# -- which device ---------------------------------------------------------------------------------


def set_queues(world, boston: int, miami: int) -> None:
    world.server.devices["ibm_boston"].pending_jobs = boston
    world.server.devices["ibm_miami"].pending_jobs = miami


def test_the_least_busy_device_is_taken_and_kept(world, write_config) -> None:
    config = write_config(device='"least_busy"', max_qubits="120")
    set_queues(world, boston=9, miami=1)
    world.server.hold()
    device = world.open(config)
    device.sampler(0).run(pubs_of(device, PATTERNS), shots=8)
    assert sole_job(world).backend == "ibm_miami"
    set_queues(world, boston=1, miami=9)
    world.server.release()
    again = world.open(config)
    assert show(again) == [PATTERNS]
    assert world.posts == 1
    # What is new goes where the rest is.
    assert show(again, [1]) == [[1]]
    assert [job.backend for job in world.server.jobs.values()] == ["ibm_miami"] * 2
    assert {job.device for job in world.ledger.jobs()} == {"ibm_miami"}


def test_circuits_kept_for_different_devices_go_to_one_that_all_are_compiled_for(
    world, write_config
) -> None:
    config = write_config(device='"least_busy"', max_qubits="120")
    circuits = []
    for qubits, queues in ((2, (9, 1)), (3, (1, 9))):
        circuit = QuantumCircuit(qubits)
        circuit.x(range(qubits))
        circuit.measure_all()
        set_queues(world, *queues)
        device = world.open(config)
        device.sampler(0).run(device.compile([circuit]), shots=4).result()
        circuits.append(circuit)
    assert [job.backend for job in world.server.jobs.values()] == ["ibm_miami", "ibm_boston"]
    device = world.open(config)
    compiled = device.compile(circuits)
    assert len({circuit.num_qubits for circuit in compiled}) == 1
    for result, circuit in zip(
        device.sampler(1).run(compiled, shots=4).result(), circuits, strict=True
    ):
        assert set(result.data.meas.get_counts()) == {"1" * circuit.num_qubits}
    assert len({job.backend for job in list(world.server.jobs.values())[2:]}) == 1
    # Each of the first two programs still finds its own.
    posts = world.posts
    for circuit in circuits:
        device = world.open(config)
        device.sampler(0).run(device.compile([circuit]), shots=4).result()
    assert world.posts == posts


# -- what is recorded -----------------------------------------------------------------------------


def test_what_is_recorded_is_read_without_a_connection(world) -> None:
    assert show(world.open(), [1], [2]) == [[1], [2]]
    offline = not_connected(world.config, world.ledger_path)
    assert show(offline, [1], [2]) == [[1], [2]]
    assert show(offline, [2]) == [[2]]
    offline.recorder.ledger.close()


def test_a_seed_counts_repetitions(world) -> None:
    circuit = QuantumCircuit(4)
    circuit.h(range(4))
    circuit.measure_all()

    def bits(seed: int | None) -> list[str]:
        device = world.open()
        job = device.sampler(seed).run(device.compile([circuit]), shots=64)
        return job.result()[0].data.meas.get_bitstrings()

    # Equal by chance with a probability of 16**-64.
    assert bits(0) == bits(0) != bits(1)
    assert bits(None) == bits(None) != bits(0)
    assert world.posts == 3
    world.require_once(jobs=3)


def test_the_job_says_what_it_is(world) -> None:
    world.server.hold()
    device = world.open()
    job = device.sampler(0).run(pubs_of(device, PATTERNS), shots=8)
    assert job.running()
    assert not job.done()
    assert not job.in_final_state()
    job.cancel()
    assert job.cancelled()
    assert job.in_final_state()
    assert sole_job(world).status == "Cancelled"
    world.require_consistent()


def test_what_was_perhaps_sent_is_cancelled_too(world) -> None:
    world.server.hold()
    program = world.start_showing("killed")
    world.server.on("POST", "/jobs", "answer", program.kill)
    program.process.join()
    assert world.states == [State.SUBMITTING]
    device = world.open(wait=False)
    [job] = world.ledger.jobs()
    assert device.recorder.cancel(device.service, [job]) == [State.CANCELLED]
    assert sole_job(world).status == "Cancelled"
    world.require_consistent()


# -- algorithms -----------------------------------------------------------------------------------


@pytest.fixture
def system() -> LinearSystem:
    return LinearSystem(MATRIX, RHS)


def test_a_linear_system_is_solved_and_read_again(world, system) -> None:
    exact = np.linalg.solve(MATRIX, RHS)
    solutions = [
        solve(system, HHL(epsilon=EPSILON), backend=world.open(), shots=20_000, random_state=3)
        for _ in range(2)
    ]
    assert np.allclose(solutions[0].x, np.abs(exact), rtol=3 * EPSILON)
    assert (solutions[0].x == solutions[1].x).all()
    assert world.posts == 1


def test_a_comparison_runs_on_a_device(world, write_config, tmp_path) -> None:
    result = compare(
        "linear-systems",
        sizes=(2,),
        solvers=["hhl", "direct"],
        backend=world.open(write_config(budget="100.0")),
        epsilon=EPSILON,
        shots=2_000,
        random_state=0,
    )
    page = result.save(tmp_path / "report")
    assert page.exists()
    assert world.posts >= 1
    world.require_once(jobs=world.posts)


def test_spectra_and_components_are_bought_once(world, write_config) -> None:
    """Done again, both tasks read the ledger; the transform takes no two-qubit gate there."""
    signal = Signal.of_tones(8, [0.25], [1.0])

    def once() -> tuple[float, float, int]:
        device = world.open(write_config(budget="100.0"))
        spectrum = solve_spectrum(signal, QFT(epsilon=0.1), device, shots=200, random_state=0)
        pca = QuantumPCA(1, backend=device, shots=200, clock_qubits=3)
        pca.fit_density_matrix(np.diag([0.8, 0.2]))
        assert spectrum.transform_gates == 0
        return spectrum.frequencies[0], pca.explained_variance_ratio_[0], world.posts

    frequency, share, posts = once()
    assert posts >= 2
    assert once() == (frequency, share, posts)
    # Five standard errors of 200 shots, and what the device's noise adds, which is less.
    assert frequency == pytest.approx(0.25, abs=0.05)
    assert share == pytest.approx(0.8, abs=0.1)
    world.require_once(jobs=posts)
