"""Backend descriptions: what is accepted, and how a mistake is named."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qml_algos
from qml_algos.backends.config import AerConfig, NoisyConfig, load_config, shipped_names
from qml_algos.errors import ConfigError, UnknownNameError

ROOT = Path(__file__).parents[2]
GOOD = (ROOT / "hardware_configs" / "aer.toml").read_text()
NOISY = (ROOT / "hardware_configs" / "heron_r3.toml").read_text()


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text)
    return path


def test_every_shipped_file_loads_under_its_own_name() -> None:
    assert {"aer", "aer_shots", "aer_mps", "heron_r3"} <= set(shipped_names())
    for name in shipped_names():
        assert load_config(name).name == name


def test_every_key_of_the_models_is_documented() -> None:
    page = (ROOT / "docs" / "backends.md").read_text()
    for model in (AerConfig, NoisyConfig):
        for name, field in model.model_fields.items():
            nested = getattr(field.annotation, "model_fields", None)
            for key in [f"{name}.{inner}" for inner in nested] if nested else [name]:
                assert f"`{key}`" in page, key


def test_own_file_works_by_path(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace('name = "aer"', 'name = "mine"'))
    assert qml_algos.backend(path).name == "mine"
    assert qml_algos.backend(str(path)).name == "mine"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("max_qubits = 26", "max_qubits = -1", ["limits.max_qubits = -1", "greater than or equal"]),
        ("max_qubits = 26", 'max_qubits = "26"', ["limits.max_qubits = '26'", "integer"]),
        ("max_qubits = 26", "", ["limits.max_qubits: is missing"]),
        ("max_qubits = 26", "max_qubits = 26\ncolour = 1", ["limits.colour: unknown key"]),
        ("default_shots = 100_000", "default_shots = 99_000_000", ["limits", "at most max_shots"]),
        ('method = "statevector"', 'method = "magic"', ["method = 'magic'", "'statevector'"]),
        ("optimization_level = 2", "optimization_level = 4", ["optimization_level = 4", "less"]),
        ("exact = true", "exact = 1", ["exact = 1", "boolean"]),
        ('method = "statevector"', 'method = "matrix_product_state"', ["exact = true needs"]),
        ('kind = "aer"', 'kind = "abacus"', ["abacus", "'aer', 'noisy'"]),
        ('kind = "aer"', "", ["kind"]),
        ('name = "aer"', 'name = "A B"', ["name = 'A B'"]),
        ('kind = "aer"', 'kind = "aer', ["not valid TOML", "line"]),
    ],
)
def test_a_mistake_names_file_key_value_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, words: list[str]
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    for word in [str(path), *words]:
        assert word in str(caught.value)


def test_noise_needs_a_source_a_date_and_a_known_device(tmp_path: Path) -> None:
    for old, new, word in [
        ("as_of = 2026-04-17", "", "calibration.as_of: is missing"),
        ('device = "FakeBoston"', 'device = "os.system"', "device = 'os.system'"),
    ]:
        with pytest.raises(ConfigError, match=word):
            load_config(write(tmp_path, NOISY.replace(old, new)))


def test_missing_large_and_binary_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="at most 65536"):
        load_config(write(tmp_path, GOOD + "#" * 70_000))
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_config(tmp_path / "bytes.toml")


def test_unknown_backend_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="'aer5'; known: aer, aer_mps, aer_shots, heron_r3"):
        qml_algos.backend("aer5")
    with pytest.raises(ConfigError, match="neither a name nor"):
        qml_algos.backend(3)  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.data())
def test_mutated_files_raise_only_config_errors(data: st.DataObject) -> None:
    text = bytearray(data.draw(st.sampled_from([GOOD, NOISY])).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=6))

    class File:
        def read_bytes(self) -> bytes:
            return bytes(text)

    from qml_algos.backends import config

    with contextlib.suppress(ConfigError):
        config._read(File())  # type: ignore[arg-type]
