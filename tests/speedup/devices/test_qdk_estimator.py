"""The formulas beside Azure's resource estimator, run here."""

import os
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from qiskit import QuantumCircuit, qasm3, transpile
from qiskit.circuit.library import QFTGate

from circuits.costs import GateCounts, count_gates
from circuits.fourier import qft
from circuits.path_encoding import path_block_encoding
from circuits.state_preparation import state_preparation
from qml_algos.errors import MissingExtraError, NotConvergedError, TooLargeError
from qml_algos.speedup.devices import FaultTolerantDevice, FaultTolerantEstimate, device_model
from qml_algos.speedup.devices import qdk_estimator as module

FAULT_TOLERANT = ["superconducting_e3", "superconducting_e4", "trapped_ion_e3", "trapped_ion_e4"]
needs_qdk = pytest.mark.skipif(not module.installed(), reason="the extra 'estimator' is missing")


def device(name: str = "superconducting_e3") -> FaultTolerantDevice:
    model = device_model(name)
    assert isinstance(model, FaultTolerantDevice)
    return model


def assert_same(by_qdk: FaultTolerantEstimate, by_formulas: FaultTolerantEstimate) -> None:
    assert by_qdk.estimator == "qdk"
    assert by_formulas.estimator == "formulas"
    assert by_formulas.seconds == pytest.approx(by_qdk.seconds, rel=1e-12)
    assert by_formulas.cycle_seconds == pytest.approx(by_qdk.cycle_seconds, rel=1e-12)
    figures = {"seconds": 0.0, "cycle_seconds": 0.0, "estimator": "formulas"}
    assert replace(by_formulas, **figures) == replace(by_qdk, **figures)


def drawn(rng: np.random.Generator) -> GateCounts:
    def number(low: float, high: float) -> int:
        return int(10 ** rng.uniform(low, high))

    qubits, rotations = number(0.3, 3), number(0, 9) * int(rng.random() < 0.8)
    return GateCounts(
        qubits=qubits,
        t_gates=number(0, 10) * int(rng.random() < 0.7),
        toffolis=number(0, 10) * int(rng.random() < 0.7),
        rotations=rotations,
        rotation_depth=int(np.ceil(rotations / rng.uniform(1, qubits))),
        measurements=number(0, 3),
    )


@needs_qdk
@pytest.mark.parametrize("name", FAULT_TOLERANT)
def test_formulas_give_the_same_whole_numbers_as_qdk_over_a_range_of_counts(name: str) -> None:
    rng = np.random.default_rng([9, FAULT_TOLERANT.index(name)])
    runs = [drawn(rng) for _ in range(40)]
    found = module.estimate_by_qdk(runs, device(name).constants)
    for run, by_qdk in zip(runs, found, strict=True):
        assert_same(by_qdk, device(name).estimate(run, estimator="formulas"))


def measured(circuit: QuantumCircuit) -> QuantumCircuit:
    whole = QuantumCircuit(circuit.num_qubits, circuit.num_qubits)
    whole.append(circuit.to_gate(), whole.qubits)
    whole.measure(whole.qubits, whole.clbits)
    return whole


def flat(circuit: QuantumCircuit) -> QuantumCircuit:
    """Compile to elementary gates on virtual qubits, which qdk insists on."""
    whole = QuantumCircuit(circuit.num_qubits, circuit.num_clbits)
    gates = ["cx", "rz", "h", "x", "s", "t"]
    return whole.compose(transpile(circuit, basis_gates=gates, optimization_level=1))


def seen_by_qdk(circuit: QuantumCircuit) -> Any:
    os.environ["QDK_PYTHON_TELEMETRY"] = "none"
    from qdk.openqasm import estimate

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        params = {"qubitParams": {"name": "qubit_gate_ns_e3"}, "errorBudget": 1e-3}
        return estimate(qasm3.dumps(circuit), params=params)


# The circuit, and what its T gates add to qdk's layers of rotations, which wait for T gates too.
OWN = {
    "Fourier transform": (lambda: qft(8), 0),
    "state preparation": (
        lambda: state_preparation(np.random.default_rng(1).normal(size=32)),
        0,
    ),
    "block encoding": (lambda: path_block_encoding(5, 2.0, -1.0).circuit, 1),
}


@needs_qdk
@pytest.mark.parametrize("what", OWN)
def test_own_circuits_are_counted_and_estimated_as_qdk_does_it_from_openqasm(what: str) -> None:
    build, layers = OWN[what]
    circuit = flat(measured(build()))
    theirs = seen_by_qdk(circuit)
    counts, ours = theirs["logicalCounts"], count_gates(circuit, resolve_angles=True)
    assert (counts["numQubits"], counts["measurementCount"]) == (ours.qubits, ours.measurements)
    assert (counts["tCount"], counts["rotationCount"]) == (ours.t_gates, ours.rotations)
    assert counts["rotationDepth"] == ours.rotation_depth + layers
    ours = replace(ours, rotation_depth=counts["rotationDepth"])
    by_formulas = device().estimate(ours, estimator="formulas")
    assert theirs["physicalCounts"]["physicalQubits"] == by_formulas.qubits
    assert 1e-9 * theirs["physicalCounts"]["runtime"] == pytest.approx(by_formulas.seconds)
    assert_same(device().estimate(ours, estimator="qdk"), by_formulas)


@needs_qdk
def test_the_fourier_transform_of_sixteen_qubits_takes_what_was_published() -> None:
    circuit = QuantumCircuit(16)
    circuit.append(QFTGate(16), range(16))
    circuit = flat(measured(circuit))
    found = device().estimate(circuit)
    assert found.estimator == "qdk"
    assert (found.qubits, found.code_distance) == (731_770, 13)
    assert found.seconds == pytest.approx(6.53e-3, rel=1e-3)
    assert_same(found, device().estimate(circuit, estimator="formulas"))


@needs_qdk
def test_constants_of_a_file_reach_qdk() -> None:
    constants = device().constants
    own = FaultTolerantDevice(
        constants.model_copy(
            update={
                "name": "mine",
                "timing": constants.timing.model_copy(update={"measure": 300e-9}),
                "errors": constants.errors.model_copy(update={"clifford": 2e-3, "t_gate": 5e-3}),
                "code": constants.code.model_copy(update={"prefactor": 0.05, "patch": 3}),
                "budget": constants.budget.model_copy(update={"error": 1e-2}),
            }
        )
    )
    counts = GateCounts(qubits=20, toffolis=10**6, rotations=1000, rotation_depth=500)
    by_qdk = own.estimate(counts, estimator="qdk")
    assert_same(by_qdk, own.estimate(counts, estimator="formulas"))
    assert by_qdk != device().estimate(counts, estimator="qdk")


@needs_qdk
def test_qdk_is_told_to_keep_estimates_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}

    def watched(command: list[str], **options: Any) -> Any:
        seen.update(options["env"])
        return real(command, **options)

    real = module.subprocess.run
    monkeypatch.setattr(module.subprocess, "run", watched)
    device().estimate(GateCounts(qubits=4, t_gates=100), estimator="qdk")
    assert seen["QDK_PYTHON_TELEMETRY"] == "none"


@needs_qdk
def test_a_circuit_that_qdk_never_finishes_goes_to_the_formulas(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    counts = GateCounts(qubits=2, toffolis=40_507, t_gates=9)
    assert device().estimate(counts).estimator == "formulas"
    with pytest.raises(NotConvergedError, match="not finished"):
        device().estimate(counts, estimator="qdk")


@needs_qdk
def test_what_qdk_refuses_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_logical", lambda _: {"numQubits": 4})
    with pytest.raises(NotConvergedError, match="at least one magic state or measurement"):
        device().estimate(GateCounts(qubits=4), estimator="qdk")


@needs_qdk
def test_clifford_gates_alone_are_estimated_too() -> None:
    counts = GateCounts(qubits=4, two_qubit_gates=100)
    assert_same(*(device().estimate(counts, estimator=way) for way in ("qdk", "formulas")))


@pytest.mark.parametrize(
    ("counts", "named"),
    [
        (GateCounts(qubits=100, toffolis=10**20), "code distance"),
        (GateCounts(qubits=10**18, measurements=1), "logical cycles"),
        (GateCounts(qubits=2, t_gates=10**15), "seconds"),
    ],
)
def test_what_is_beyond_the_range_of_qdk_goes_to_the_formulas(
    counts: GateCounts, named: str
) -> None:
    assert device().estimate(counts).estimator == "formulas"
    with pytest.raises(TooLargeError, match=named):
        device().estimate(counts, estimator="qdk")


def test_without_qdk_the_extra_is_named_and_the_formulas_step_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "installed", lambda: False)
    counts = GateCounts(qubits=4, t_gates=100)
    assert device().estimate(counts).estimator == "formulas"
    with pytest.raises(MissingExtraError, match=r"qml-algos\[estimator\]"):
        device().estimate(counts, estimator="qdk")
