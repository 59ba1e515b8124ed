"""Correction of readout errors: exact where it can be, better where it cannot, never silent."""

import importlib
from collections.abc import Iterable

import numpy as np
import pytest
from qiskit import QuantumCircuit, transpile
from qiskit.primitives.containers import BitArray
from qiskit.providers import BackendV2

import qml_algos
from qml_algos.backends.readout_mitigation import (
    MissingExtraError,
    ReadoutCalibration,
    measured_qubits,
)
from qml_algos.errors import TooLargeError, UnsupportedCircuitError

SHOTS = 20_000


def matrix(zero_read_as_one: float, one_read_as_zero: float) -> np.ndarray:
    return np.array(
        [[1 - zero_read_as_one, one_read_as_zero], [zero_read_as_one, 1 - one_read_as_zero]]
    )


KNOWN = ReadoutCalibration((4, 0, 9), (matrix(0.02, 0.1), matrix(0.05, 0.01), matrix(0.0, 0.2)))


def read_through(ideal: np.ndarray, calibration: ReadoutCalibration) -> np.ndarray:
    """Distribution of what is read, from that of what is there; bit 0 is the last factor."""
    whole = np.eye(1)
    for one in calibration.matrices:
        whole = np.kron(one, whole)
    return whole @ ideal


def test_known_matrices_are_inverted_exactly_bit_by_bit_in_order() -> None:
    """An uneven distribution read with different, asymmetric errors on each bit comes back."""
    ideal = np.array([0.4, 0.25, 0.1, 0.02, 0.05, 0.08, 0.03, 0.07])
    scale = 10**9
    counts = {
        f"{index:03b}": round(scale * p) for index, p in enumerate(read_through(ideal, KNOWN))
    }
    found = KNOWN.apply(counts)
    values = [found.quasi_probabilities[f"{index:03b}"] for index in range(8)]
    # mthree keeps matrices in single precision.
    assert values == pytest.approx(ideal, abs=1e-6)
    assert found.probabilities == pytest.approx(found.quasi_probabilities, abs=1e-6)
    assert found.shots == sum(counts.values())


def test_quasi_probabilities_may_be_negative_but_the_nearest_ones_are_not() -> None:
    calibration = ReadoutCalibration((0,), (matrix(0.1, 0.1),))
    found = calibration.apply({"0": 95, "1": 5})
    assert found.quasi_probabilities["1"] == pytest.approx((0.05 - 0.1) / 0.8, abs=1e-6)
    assert sum(found.quasi_probabilities.values()) == pytest.approx(1)
    assert found.probabilities == {"0": 1}


def test_overhead_bounds_the_variance() -> None:
    """Of one symmetric bit it is 1 / (1 - 2 p)**2."""
    found = ReadoutCalibration((0,), (matrix(0.1, 0.1),)).apply({"0": 500, "1": 500})
    assert found.overhead == pytest.approx(1 / 0.8**2, rel=1e-5)


def test_bit_arrays_and_spaced_keys_are_read_as_plain_counts() -> None:
    counts = {"010": 30, "111": 50, "001": 20}
    plain = KNOWN.apply(counts)
    assert KNOWN.apply(BitArray.from_counts(counts, num_bits=3)) == plain
    assert KNOWN.apply({"0 10": 30, "1 11": 50, "0 01": 20}) == plain


def test_ghz_on_heron_comes_closer_to_what_it_is_without_readout_errors() -> None:
    """P(000) + P(111), on three neighbouring qubits of which one is misread in 4 % of the shots.

    Without readout errors it is above 1 minus twice the sum of the gates' errors. Both the
    counted and the corrected value have a standard error below sqrt(0.06 / 20000) = 1.8e-3, and
    so has what the calibration adds: within 5 * 1.8e-3 * sqrt(2), error probability 6e-7.
    """
    backend = qml_algos.backend("heron_r3")
    device = backend.device  # type: ignore[attr-defined]
    circuit = QuantumCircuit(3)
    circuit.h(1)
    circuit.cx(1, 0)
    circuit.cx(1, 2)
    circuit.measure_all()
    compiled = transpile(circuit, device, initial_layout=[17, 27, 26], seed_transpiler=0)
    assert measured_qubits(compiled) == (17, 27, 26)
    counts = backend.sampler(seed=1).run([compiled], shots=SHOTS).result()[0].data.meas.get_counts()
    calibration = ReadoutCalibration.measure(backend, compiled, SHOTS, seed=2)
    found = calibration.apply(counts).quasi_probabilities
    before = (counts["000"] + counts["111"]) / SHOTS
    after = found["000"] + found["111"]
    least = 1 - 2 * gate_errors(compiled, device)
    noise = 5 * 1.8e-3
    assert before < least - 0.03, "there must be something to correct"
    assert least - noise * np.sqrt(2) < after < 1 + noise * np.sqrt(2)


def gate_errors(compiled: QuantumCircuit, device: BackendV2) -> float:
    return sum(
        device.target[gate.operation.name][
            tuple(compiled.find_bit(qubit).index for qubit in gate.qubits)
        ].error
        for gate in compiled.data
        if gate.operation.name not in ("barrier", "measure")
    )


def test_measured_matrices_are_the_devices_own_and_asymmetric() -> None:
    """Within 5 standard errors and the error of the X gate: error probability 6e-7 for each."""
    backend = qml_algos.backend("heron_r3")
    properties = backend.device.properties()  # type: ignore[attr-defined]
    rates = [properties.qubit_property(qubit) for qubit in range(40)]
    gaps = [abs(r["prob_meas0_prep1"][0] - r["prob_meas1_prep0"][0]) for r in rates]
    qubits = [int(np.argmax(gaps)), int(np.argmin(gaps))]
    calibration = ReadoutCalibration.measure(backend, qubits, SHOTS, seed=3)
    assert calibration.qubits == tuple(qubits)
    for qubit, found in zip(qubits, calibration.matrices, strict=True):
        for row, column, key in ((1, 0, "prob_meas1_prep0"), (0, 1, "prob_meas0_prep1")):
            rate = rates[qubit][key][0]
            assert abs(found[row, column] - rate) < 5 * np.sqrt(rate / SHOTS) + 1e-3


def test_calibration_is_one_job_of_the_backends_own_sampler(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backend = qml_algos.backend("aer_shots")
    sampler = backend.sampler(1)
    jobs = []

    def run(pubs: Iterable[QuantumCircuit], *, shots: int) -> object:
        jobs.append((list(pubs), shots))
        return type(sampler).run(sampler, pubs, shots=shots)

    monkeypatch.setattr(sampler, "run", run)
    monkeypatch.setattr(type(backend), "sampler", lambda self, seed=None: sampler)
    calibration = ReadoutCalibration.measure(backend, [2, 0], 100)
    [(circuits, shots)] = jobs
    assert shots == 100
    assert [circuit.count_ops().get("x", 0) for circuit in circuits] == [0, 2]
    assert calibration.qubits == (2, 0)
    for found in calibration.matrices:
        assert np.array_equal(found, np.eye(2)), "without noise nothing is misread"


def test_a_circuit_says_which_qubit_is_measured_into_which_bit() -> None:
    circuit = QuantumCircuit(5, 3)
    circuit.measure([4, 0, 4], [1, 0, 2])
    assert measured_qubits(circuit) == (0, 4, 4)
    backend = qml_algos.backend("aer_shots")
    assert ReadoutCalibration.measure(backend, circuit, 10, seed=1).qubits == (0, 4, 4)


def unmeasured() -> QuantumCircuit:
    return QuantumCircuit(1)


def half_measured() -> QuantumCircuit:
    circuit = QuantumCircuit(2, 2)
    circuit.measure(0, 0)
    return circuit


def measured_twice() -> QuantumCircuit:
    circuit = QuantumCircuit(2, 1)
    circuit.measure([0, 1], [0, 0])
    return circuit


def dynamic() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.x(0)
    return circuit


@pytest.mark.parametrize(
    ("circuit", "words"),
    [
        (unmeasured(), "does not measure anything"),
        (half_measured(), "does not measure into bit 1"),
        (measured_twice(), "measures into bit 0 twice"),
        (dynamic(), r"control flow \('if_else'\)"),
    ],
)
def test_circuits_whose_bits_cannot_be_corrected_are_refused(
    circuit: QuantumCircuit, words: str
) -> None:
    with pytest.raises(UnsupportedCircuitError, match=words):
        ReadoutCalibration.measure(qml_algos.backend("aer_shots"), circuit)


@pytest.mark.parametrize("qubits", [[], [0, 0], [-1], [1.5], [True], ["0"]])
def test_qubits_that_are_none_are_refused_by_name(qubits: list[int]) -> None:
    with pytest.raises(ValueError, match=r"qubits = .*distinct non-negative integers"):
        ReadoutCalibration.measure(qml_algos.backend("aer_shots"), qubits)


def test_shots_are_checked_before_anything_runs() -> None:
    backend = qml_algos.backend("aer_shots")
    with pytest.raises(ValueError, match="shots = 0"):
        ReadoutCalibration.measure(backend, [0], 0)
    with pytest.raises(TooLargeError, match="at most"):
        ReadoutCalibration.measure(backend, [0], 10**9)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "there is none"),
        ({"000": 0}, "there is none"),
        ({"00": 1}, "'00' is no string of 3 bits"),
        ({"0x1": 1}, "'0x1' is no string of 3 bits"),
        ({0: 1}, "'0' is no string"),
        ({"000": -1}, "-1 of '000'"),
        ({"000": 0.5}, "0.5 of '000'"),
        ([1, 2], "must be a mapping or a BitArray, not list"),
        (BitArray(np.zeros((2, 5, 1), dtype=np.uint8), 3), r"array of shape \(2,\)"),
        (BitArray(np.zeros((5, 1), dtype=np.uint8), 2), "'00' is no string of 3 bits"),
    ],
)
def test_counts_that_are_none_are_refused_by_name(counts: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        KNOWN.apply(counts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (np.eye(3), "2x2"),
        (np.array([[1.1, 0], [-0.1, 1]]), "2x2 probabilities"),
        (np.array([[np.nan, 0], [0, 1]]), "2x2 probabilities"),
        (np.array([[0.9, 0], [0.2, 1]]), "columns must add up to 1"),
        (matrix(0.5, 0.5), "its readout says nothing"),
        (matrix(0.9, 0.9), "its readout says nothing"),
    ],
)
def test_matrices_that_cannot_be_inverted_are_refused_with_their_qubit(
    wrong: np.ndarray, words: str
) -> None:
    with pytest.raises(ValueError, match=f"qubit 17 .*{words}"):
        ReadoutCalibration((17,), (wrong,))
    with pytest.raises(ValueError, match="there are 1 for 2 qubits"):
        ReadoutCalibration((1, 2), (np.eye(2),))


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"pip install 'qml-algos\[mitigation\]'"):
        KNOWN.apply({"000": 1})
