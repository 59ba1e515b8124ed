"""Device models by name, from files, and as the page gets them."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuits.costs import GateCounts
from qml_algos.backends import shipped_names
from qml_algos.errors import ConfigError, UnknownNameError, UnsuitableDeviceError
from qml_algos.speedup.devices import DEVICE_MODELS, device_model

CONFIGS = Path(__file__).parents[3] / "hardware_configs"
IDEALISED = (CONFIGS / "idealised" / "idealised_1mhz.toml").read_text()
FAULT_TOLERANT = (CONFIGS / "fault_tolerant" / "superconducting_e3.toml").read_text()


@pytest.mark.parametrize("name", DEVICE_MODELS)
def test_every_model_goes_by_its_name_and_states_a_source_for_all_constants(name: str) -> None:
    model = device_model(name)
    assert model.name == name
    shown = json.loads(json.dumps(model.to_json()))
    assert (shown["name"], shown["kind"]) == (name, model.kind)
    tables = {key for key, value in shown.items() if isinstance(value, dict)} - {"sources"}
    if model.kind == "today":
        tables.remove("limits")
    assert tables == set(shown["sources"])
    assert all(source["source"] and source["as_of"] for source in shown["sources"].values())


def test_all_files_are_found_and_none_is_a_backend() -> None:
    files = {
        path.stem
        for folder in ("fault_tolerant", "idealised")
        for path in (CONFIGS / folder).glob("*")
    }
    assert files <= set(DEVICE_MODELS)
    assert not files & set(shipped_names())
    assert {device_model(name).kind for name in DEVICE_MODELS} == {
        *("today", "fault-tolerant", "idealised")
    }


def drawn(seed: int) -> list[GateCounts]:
    rng = np.random.default_rng(seed)
    runs = []
    for _ in range(30):
        two, rotations = (int(10 ** rng.uniform(0, 12)) for _ in range(2))
        runs.append(
            GateCounts(
                qubits=int(rng.integers(2, 120)),
                two_qubit_gates=two,
                toffolis=int(10 ** rng.uniform(0, 12)),
                t_gates=int(10 ** rng.uniform(0, 12)) * int(rng.integers(2)),
                rotations=rotations * int(rng.integers(2)),
                measurements=int(rng.integers(0, 300)),
                resets=int(rng.integers(0, 3)),
                two_qubit_depth=max(1, two // 3),
                rotation_depth=max(1, rotations // 5),
            )
        )
    return [
        *runs,
        *(GateCounts(qubits=5, two_qubit_gates=n, two_qubit_depth=n) for n in (1, 9, 99)),
    ]


def today(c: dict[str, Any], run: GateCounts, runs: float) -> float:
    timing, errors = c["timing"], c["errors"]
    cx = run.two_qubit_gates + 6 * run.toffolis
    layers = run.two_qubit_depth + 5 * min(run.two_qubit_depth, run.toffolis)
    pulses = run.rotations + 2 * cx
    gates = layers * (timing["two_qubit_gate"] + 2 * timing["one_qubit_gate"])
    gates += run.rotation_depth * timing["one_qubit_gate"]
    seconds = gates + math.ceil(run.measurements / run.qubits) * timing["measure"]
    seconds += math.ceil(run.resets / run.qubits) * (timing["reset"] or 0)
    seconds += timing["repetition_delay"]
    busy = 2 * cx * timing["two_qubit_gate"] + pulses * timing["one_qubit_gate"]
    power = cx * math.log(1 - errors["two_qubit_gate"])
    power += pulses * math.log(1 - errors["one_qubit_gate"])
    power += run.measurements * math.log(1 - errors["readout"])
    power -= max(0, run.qubits * gates - busy) * (0.25 / errors["t1"] + 0.5 / errors["t2"])
    if -2 * power > 700:
        return math.inf
    done = runs * math.exp(-2 * power)
    return done * seconds + timing["per_job"] * math.ceil(done / c["limits"]["max_executions"])


def idealised(c: dict[str, Any], run: GateCounts, runs: float) -> float:
    layers = run.two_qubit_depth + run.rotation_depth
    layers += min(run.t_gates, run.two_qubit_depth + 1)
    layers += math.ceil(run.measurements / run.qubits) + math.ceil(run.resets / run.qubits)
    return runs * max(1, layers) / c["gates"]["rate"]


def fault_tolerant(c: dict[str, Any], run: GateCounts, runs: float) -> float:
    share = c["budget"]["error"] / (
        1 + (run.t_gates + run.toffolis + run.rotations > 0) + (run.rotations > 0)
    )
    each = 0
    if run.rotations:
        bits = math.log2(run.rotations / share)
        each = math.ceil(c["synthesis"]["slope"] * bits + c["synthesis"]["offset"])
    states = run.t_gates + c["layout"]["t_states_per_toffoli"] * run.toffolis + each * run.rotations
    cycles = run.measurements + run.rotations + run.t_gates
    cycles += c["layout"]["cycles_per_toffoli"] * run.toffolis
    cycles = max(1, cycles + each * min(run.rotation_depth, run.rotations))
    logical = 2 * run.qubits + math.ceil(math.sqrt(8 * run.qubits)) + 1
    cycle = c["code"]["two_qubit_gates"] * c["timing"]["two_qubit_gate"]
    cycle += c["code"]["measurements"] * c["timing"]["measure"]
    least = 1
    while True:
        distance = least
        ratio = c["errors"]["clifford"] / c["code"]["threshold"]
        while logical * cycles * c["code"]["prefactor"] * ratio ** ((distance + 1) / 2) > share:
            distance += 2
        if not states or c["errors"]["t_gate"] < share / states:
            break
        allowed = math.floor(
            share / (logical * c["code"]["prefactor"] * ratio ** ((distance + 1) / 2))
        )
        good = [
            factory
            for factory in c["factories"]
            if factory["error"] <= share / states and factory["distance"] <= distance
        ]
        if any(factory["seconds"] <= cycles * cycle * distance for factory in good):
            break
        if fast := [f for f in good if f["seconds"] <= allowed * cycle * distance]:
            cycles = math.ceil(fast[0]["seconds"] / (cycle * distance) - 1e-12)
            break
        cycles, least = allowed + 1, distance + 2
    return runs / (1 - c["budget"]["error"]) ** 2 * cycles * cycle * distance


@pytest.mark.parametrize("name", DEVICE_MODELS)
def test_the_json_is_enough_to_repeat_the_formulas(name: str) -> None:
    model = device_model(name)
    repeat = {"today": today, "idealised": idealised, "fault-tolerant": fault_tolerant}[model.kind]
    for run in drawn(4):
        done = model.execution(run, 1e3)
        assert done.seconds == pytest.approx(repeat(model.to_json(), run, 1e3), rel=1e-9)


def test_idealised_devices_do_layers_at_their_rate() -> None:
    run = GateCounts(qubits=4, two_qubit_depth=7, rotation_depth=2, t_gates=30, measurements=4)
    done = device_model("idealised_1mhz").execution(run, 10)
    assert done.seconds_per_run == pytest.approx((7 + 2 + 8 + 1) * 1e-6)
    assert (done.seconds, done.runs, done.fidelity) == (10 * done.seconds_per_run, 10, 1.0)
    wide = device_model("idealised_1mhz").execution(GateCounts(qubits=10_001), 1)
    assert not wide.feasible
    assert "10,001 logical qubits" in str(wide.reason)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("aer", "a simulator of this machine"),
        ("lightning", "a simulator of this machine"),
        ("ibm_least_busy", r"no \[timing\]"),
    ],
)
def test_backends_that_are_no_devices_are_refused_saying_why(name: str, why: str) -> None:
    with pytest.raises(UnsuitableDeviceError, match=why):
        device_model(name)


def test_a_backend_without_errors_is_refused(tmp_path: Path) -> None:
    text = (CONFIGS / "heron_r3.toml").read_text()
    path = tmp_path / "mine.toml"
    path.write_text(text[: text.index("[errors]")])
    with pytest.raises(UnsuitableDeviceError, match=r"no \[errors\]"):
        device_model(path)


def test_a_backend_of_ones_own_needs_neither_coherence_times_nor_qubits(tmp_path: Path) -> None:
    lines = (CONFIGS / "heron_r3.toml").read_text().splitlines()
    path = tmp_path / "mine.toml"
    path.write_text("\n".join(line for line in lines if line[:2] not in ("t1", "t2", "qu")))
    run = GateCounts(qubits=30, two_qubit_gates=100, two_qubit_depth=50)
    mine, shipped = device_model(path).execution(run, 1), device_model("heron_r3").execution(run, 1)
    assert mine.fidelity > shipped.fidelity
    assert not device_model(path).execution(GateCounts(qubits=31), 1).feasible


def test_files_of_ones_own_work_by_path(tmp_path: Path) -> None:
    for text in (IDEALISED, FAULT_TOLERANT):
        path = tmp_path / "mine.toml"
        path.write_text(text.replace('name = "', 'name = "my_', 1))
        assert device_model(path).name.startswith("my_")
        assert device_model(str(path)).name.startswith("my_")


@pytest.mark.parametrize(
    ("text", "old", "new", "named"),
    [
        (IDEALISED, "rate = 1e6", "rate = 0.0", "gates.rate = 0.0"),
        (
            IDEALISED,
            "rate = 1e6",
            "speed = 1e6",
            "gates.rate: is missing; gates.speed: unknown key",
        ),
        (IDEALISED, 'kind = "idealised"', 'kind = "ideal"', "kind = 'ideal'"),
        (IDEALISED, 'kind = "idealised"\n', "", "kind = None"),
        (IDEALISED, "as_of = 2026-11-26", "as_of = 2999-01-01", "gates.as_of"),
        (FAULT_TOLERANT, "clifford = 1e-3", "clifford = 2e-2", "must be below code.threshold"),
        (
            FAULT_TOLERANT,
            "two_qubit_gate = 50e-9",
            "two_qubit_gate = 50.0",
            "timing.two_qubit_gate",
        ),
        (FAULT_TOLERANT, "rounds = 3 ", "rounds = 9 ", "distillation.rounds = 9"),
        (FAULT_TOLERANT, "input_states = 15", 'input_states = "15"', "distillation.units.0.input"),
        (FAULT_TOLERANT, "error = 1e-3", "error = 1e-3\nlimit = 1", "budget.limit: unknown key"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_key(
    tmp_path: Path, text: str, old: str, new: str, named: str
) -> None:
    path = tmp_path / "mine.toml"
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ConfigError, match=r"mine\.toml") as raised:
        device_model(path)
    assert named in str(raised.value)


def test_unknown_names_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="superconducting_e3"):
        device_model("supercomputer")
    with pytest.raises(ConfigError, match="cannot be read"):
        device_model(tmp_path / "nowhere.toml")
    with pytest.raises(ConfigError, match="neither a name"):
        device_model(3)  # type: ignore[arg-type]
