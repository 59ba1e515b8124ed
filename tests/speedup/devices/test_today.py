"""Today's devices."""

import math

import numpy as np
import pytest
from qiskit import QuantumCircuit

import qml_algos
from circuits.costs import GateCounts, count_gates
from qml_algos.speedup.devices import TodayDevice, device_model

BELL = GateCounts(
    qubits=2, two_qubit_gates=1, measurements=2, two_qubit_depth=1, rotations=1, rotation_depth=1
)


def device(name: str = "heron_r3") -> TodayDevice:
    model = device_model(name)
    assert isinstance(model, TodayDevice)
    return model


def test_seconds_of_a_run_are_those_of_its_layers_its_readout_and_the_delay() -> None:
    done = device().execution(BELL, 1)
    assert done.seconds_by_part == pytest.approx(
        {
            "gates": 68e-9 + 2 * 32e-9 + 32e-9,
            "measurements": 2200e-9,
            "resets": 0,
            "repetition delay": 250e-6,
        }
    )
    again = device().execution(BELL + GateCounts(resets=3, measurements=2), 1)
    assert again.seconds_per_run - done.seconds_per_run == pytest.approx(2 * 2232e-9 + 2200e-9)


def test_fidelity_is_the_probability_that_nothing_errs() -> None:
    seconds = 68e-9 + 3 * 32e-9
    idle = 2 * seconds - 2 * 68e-9 - 3 * 32e-9
    expected = (1 - 1.2747e-3) * (1 - 1.447e-4) ** 3 * (1 - 5.127e-3) ** 2
    expected *= math.exp(-idle * (1 / (4 * 2.924e-4) + 1 / (2 * 3.530e-4)))
    assert device().execution(BELL, 1).fidelity == pytest.approx(expected, rel=1e-12)


def test_a_weaker_signal_takes_runs_by_the_inverse_square_of_the_fidelity() -> None:
    run = BELL * 100
    done = device().execution(run, 1000)
    assert 0.1 < done.fidelity < 0.5
    assert done.runs == pytest.approx(1000 / done.fidelity**2)
    assert done.seconds == pytest.approx(done.runs * done.seconds_per_run + 2.0)


def test_every_job_has_its_overhead() -> None:
    done = device().execution(BELL, 2.5e7)
    jobs = math.ceil(done.runs / 10_000_000)
    assert jobs == 3
    assert done.seconds == pytest.approx(done.runs * done.seconds_per_run + 2.0 * jobs)


def test_a_toffoli_gate_is_six_cx_gates_and_layers() -> None:
    toffoli = device().execution(GateCounts(qubits=3, toffolis=1, two_qubit_depth=1), 1)
    taken_apart = device().execution(GateCounts(qubits=3, two_qubit_gates=6, two_qubit_depth=6), 1)
    assert toffoli == taken_apart


@pytest.mark.parametrize("power", [6, 30, 90])
def test_hopeless_circuits_are_said_to_be_so_without_overflow(power: int) -> None:
    run = GateCounts(qubits=100, two_qubit_gates=10**power, two_qubit_depth=10**power)
    done = device().execution(run, 1e6)
    assert not done.feasible
    assert math.isinf(done.seconds)
    assert done.fidelity == 0.0
    assert math.isfinite(done.seconds_per_run)
    assert "has no error with probability 10^-" in str(done.reason)


def test_runs_of_more_than_a_century_are_not_feasible() -> None:
    done = device().execution(BELL, 1e14)
    assert not done.feasible
    assert math.isfinite(done.seconds)
    assert "more than a century" in str(done.reason)


def test_qubits_and_resets_that_a_device_lacks_are_named() -> None:
    wide = device().execution(GateCounts(qubits=157), 1)
    assert (wide.feasible, wide.reason) == (False, "It needs 157 qubits; heron_r3 has 156.")
    reset = device("nighthawk").execution(GateCounts(qubits=2, resets=1), 1)
    assert (reset.feasible, reset.reason) == (
        False,
        "It needs a reset, which nighthawk does not have.",
    )
    assert device().execution(GateCounts(qubits=156, resets=1), 1).feasible


@pytest.mark.slow
@pytest.mark.parametrize(("qubits", "layers"), [(4, 3), (8, 4), (6, 10)])
def test_fidelity_is_close_to_what_a_noisy_simulation_of_the_device_returns(
    qubits: int, layers: int
) -> None:
    """Mirror circuits; a standard error of 0.002 against a margin of ten and more."""
    rng = np.random.default_rng(qubits * layers)
    half = QuantumCircuit(qubits)
    for layer in range(layers):
        for qubit in range(qubits):
            half.ry(rng.uniform(0, 6), qubit)
            half.rz(rng.uniform(0, 6), qubit)
        for qubit in range(layer % 2, qubits - 1, 2):
            half.cz(qubit, qubit + 1)
    circuit = QuantumCircuit(qubits, qubits)
    circuit.compose(half, inplace=True)
    circuit.barrier()
    circuit.compose(half.inverse(), inplace=True)
    circuit.measure(range(qubits), range(qubits))
    backend = qml_algos.backend("heron_r3")
    [compiled] = backend.compile([circuit])
    [result] = backend.sampler(seed=1).run([(compiled,)], shots=20_000).result()
    returned = result.data.c.get_counts()["0" * qubits] / 20_000
    predicted = device().execution(count_gates(circuit), 1).fidelity
    # Some errors do not show, and the compiler avoids the worst qubits.
    assert 0.93 * returned < predicted < 1.01 * returned
