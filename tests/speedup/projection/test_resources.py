"""Circuits that were built, on fault-tolerant devices."""

from dataclasses import replace

import pytest
from projection_worlds import GateClock, comparison, quantum_rows

from circuits import qft
from circuits.costs import GateCounts, count_gates
from qml_algos.speedup.devices import FaultTolerantDevice, device_model
from qml_algos.speedup.projection import project

DEVICES = [GateClock(), "superconducting_e3"]


@pytest.fixture(scope="module")
def projection():
    rows = [
        replace(row, gates_as_built=count_gates(qft(row.size)))
        for row in quantum_rows("qsvt", [4, 8, 16])
    ]
    return project(comparison(rows), devices=DEVICES)


def test_the_largest_circuit_is_estimated_on_devices_with_error_correction(projection) -> None:
    [row] = projection.resources_frame("formulas").to_dict("records")
    device = device_model("superconducting_e3")
    assert isinstance(device, FaultTolerantDevice)
    counted = projection.quantum[0].rows[-1].gates_as_built
    assert isinstance(counted, GateCounts)
    expected = device.estimate(counted, estimator="formulas")
    assert (row["device"], row["estimator"]) == ("superconducting_e3", "formulas")
    assert (row["qubits"], row["seconds"]) == (expected.qubits, expected.seconds)
    assert row["problem"].endswith("16")


def test_the_resource_estimator_agrees_with_the_formulas(projection) -> None:
    [row] = projection.resources_frame("qdk").to_dict("records")
    [formulas] = projection.resources_frame("formulas").to_dict("records")
    assert row["estimator"] == "qdk"
    for name in ("qubits", "code_distance", "t_states"):
        assert row[name] == formulas[name]
    assert row["seconds"] == pytest.approx(formulas["seconds"])
