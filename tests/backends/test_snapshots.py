"""A folder with a device's own data is as good as a snapshot that ships with IBM's client."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from qiskit_ibm_runtime.fake_provider import FakeBoston, FakeManilaV2

from qml_algos.backends import snapshots
from qml_algos.backends.config import NoisyConfig, load_config
from qml_algos.backends.snapshots import CONFIGURATION, PROPERTIES, save_snapshot, snapshot_device
from qml_algos.errors import ConfigError

ROOT = Path(__file__).parents[2]
NOISY = (ROOT / "hardware_configs" / "heron_r3.toml").read_text()


def described(folder: Path, snapshot: str = "today", as_of: str = "2024-05-27") -> NoisyConfig:
    text = re.sub(r"\ndevice = .*", f'\nsnapshot = "{snapshot}"'.replace("\\", r"\\"), NOISY)
    file = folder / "mine.toml"
    file.write_text(re.sub("as_of = .*", f"as_of = {as_of}", text, count=1))
    config = load_config(file)
    assert isinstance(config, NoisyConfig)
    return config


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save_snapshot(FakeManilaV2(), tmp_path / "today")
    return tmp_path


def test_a_class_of_the_client_opens() -> None:
    config = load_config("heron_r3")
    assert isinstance(config, NoisyConfig)
    assert type(snapshot_device(config)).__name__ == "FakeBoston"


@pytest.mark.parametrize(
    ("original", "as_of"),
    [
        (FakeManilaV2(), "2024-05-27"),
        pytest.param(FakeBoston(), "2026-04-17", marks=pytest.mark.slow),
    ],
)
def test_a_saved_device_comes_back_the_same(tmp_path: Path, original, as_of: str) -> None:
    save_snapshot(original, tmp_path / "today")
    device = snapshot_device(described(tmp_path, as_of=as_of))
    assert device.name == original.name
    assert device.num_qubits == original.num_qubits
    assert device.target.operation_names == original.target.operation_names
    for name in original.target.operation_names:
        places = original.target[name]
        assert set(device.target[name] or ()) == set(places or ())
        for place, wanted in (places or {}).items():
            found = device.target[name][place]
            assert (found is None) == (wanted is None)
            if wanted is not None:
                assert (found.error, found.duration) == (wanted.error, wanted.duration)
    for qubit in range(original.num_qubits):
        found = device.properties().qubit_property(qubit)
        for key, (value, _) in original.properties().qubit_property(qubit).items():
            assert found[key][0] == value


@pytest.mark.parametrize("name", [CONFIGURATION, PROPERTIES])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"),
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": -Infinity}', "-Infinity is no number"),
        (b"[]", "must hold a JSON object"),
        (b"{}", "backend_name|not what IBM's client writes"),
    ],
)
def test_a_broken_file_is_named(saved: Path, name: str, content: bytes | None, words: str) -> None:
    file = saved / "today" / name
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    config = described(saved)
    with pytest.raises(ConfigError, match=words) as caught:
        snapshot_device(config)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        (CONFIGURATION, {"backend_name": 7}, "backend_name"),
        (CONFIGURATION, {"online_date": "someday"}, "not what IBM's client writes"),
        (CONFIGURATION, {"gates": 3}, "not what IBM's client writes"),
        (CONFIGURATION, {"n_qubits": 3}, "5 qubits; configuration.json beside it has 3"),
        (PROPERTIES, {"qubits": []}, "0 qubits; configuration.json beside it has 5"),
        (PROPERTIES, {"qubits": [[]] * 5}, "qubit 0 has no prob_meas0_prep1"),
        (PROPERTIES, {"gates": "none"}, "not what IBM's client writes"),
        (
            PROPERTIES,
            {"last_update_date": "2020-01-01T00:00:00Z"},
            "calibration.as_of = 2024-05-27",
        ),
    ],
)
def test_a_file_that_is_not_the_clients_is_named(
    saved: Path, name: str, change: dict[str, object], words: str
) -> None:
    file = saved / "today" / name
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(ConfigError, match=words) as caught:
        snapshot_device(described(saved))
    assert str(saved / "today") in str(caught.value)


def test_gates_on_qubits_that_the_device_does_not_have_are_refused(saved: Path) -> None:
    file = saved / "today" / CONFIGURATION
    content = json.loads(file.read_text())
    [cx] = [gate for gate in content["gates"] if gate["name"] == "cx"]
    cx["coupling_map"].append([0, 99])
    file.write_text(json.dumps(content))
    with pytest.raises(ConfigError, match=r"configuration.json: 5 qubits, but gates on 100"):
        snapshot_device(described(saved))


def test_the_date_may_be_off_by_the_time_zone_only(saved: Path) -> None:
    for near in ("2024-05-26", "2024-05-28"):
        snapshot_device(described(saved, as_of=near))
    with pytest.raises(ConfigError, match="last_update_date is 2024-05-27"):
        snapshot_device(described(saved, as_of="2024-05-29"))


def test_large_files_are_refused_unread(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MAX_SNAPSHOT_BYTES", 10_000)
    with pytest.raises(ConfigError, match=r"properties.json: too large; at most 10000 bytes"):
        snapshot_device(described(saved))


@pytest.mark.parametrize("name", [CONFIGURATION, PROPERTIES])
def test_files_are_not_followed_out_of_their_folder(saved: Path, name: str) -> None:
    inside = saved / "today" / name
    inside.rename(saved / "outside.json")
    inside.symlink_to(saved / "outside.json")
    with pytest.raises(ConfigError, match=f"{name}: leads out of its folder"):
        snapshot_device(described(saved))


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        ("", "must be the name of a folder"),
        ("to\\u0000day", "must be the name of a folder"),
        ("/etc", "inside that of this file"),
        ("~", "inside that of this file"),
        ("~root/x", "inside that of this file"),
        ("..", "inside that of this file"),
        ("today/../..", "inside that of this file"),
        ("today/../today", "inside that of this file"),
        ("tomorrow", "no such folder"),
        ("mine.toml", "no such folder"),
        ("link", "leads out of the folder"),
        ("link/today", "leads out of the folder"),
        ("loop", "no such folder|leads out"),
    ],
)
def test_folders_elsewhere_are_refused(saved: Path, snapshot: str, words: str) -> None:
    home = saved / "home"
    home.mkdir()
    (home / "today").mkdir()
    (home / "link").symlink_to(saved)
    (home / "loop").symlink_to(home / "loop")
    with pytest.raises(ConfigError, match=words) as caught:
        described(home, snapshot)
    assert "snapshot" in str(caught.value)


def test_the_folder_is_absolute_and_independent_of_where_one_is(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(saved)
    (saved / "alias").symlink_to(saved / "today")
    described(saved)
    config = load_config("mine.toml")
    assert isinstance(config, NoisyConfig)
    assert config.snapshot == (saved / "today").resolve()
    assert described(saved, "alias").snapshot == (saved / "today").resolve()
    monkeypatch.chdir("/")
    assert snapshot_device(config).num_qubits == 5


def test_exactly_one_of_device_and_snapshot_is_needed(saved: Path) -> None:
    both = NOISY.replace('device = "FakeBoston"', 'device = "FakeBoston"\nsnapshot = "today"')
    neither = NOISY.replace('device = "FakeBoston"', "")
    for text in (both, neither):
        (saved / "mine.toml").write_text(text)
        with pytest.raises(ConfigError, match="exactly one of 'device' and 'snapshot'"):
            load_config(saved / "mine.toml")


def test_saving_refuses_what_has_no_place_in_json(tmp_path: Path) -> None:
    class Odd:
        def to_dict(self) -> dict[str, object]:
            return {"when": date(2026, 1, 1), "what": object()}

    class Device:
        configuration = properties = Odd

    with pytest.raises(TypeError, match="object has no place in a snapshot"):
        save_snapshot(Device(), tmp_path)
