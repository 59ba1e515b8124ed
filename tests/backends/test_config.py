"""Backend descriptions: what is accepted, how a mistake is named, and that no key gets in."""

import contextlib
import io
import os
import random
import string
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import qml_algos
from qml_algos.backends import config
from qml_algos.backends.config import (
    KINDS,
    BackendConfig,
    IBMConfig,
    load_config,
    shipped_names,
)
from qml_algos.errors import ConfigError, UnknownNameError

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "hardware_configs"
GOOD = (SHIPPED / "aer.toml").read_text()
IBM = (SHIPPED / "ibm_device.toml").read_text()
PENNYLANE = (SHIPPED / "lightning.toml").read_text()

NOISY = """
name = "mine"
description = "Noisy model of a device"
kind = "noisy"
device = "FakeBoston"

[compile]
basis_gates = ["cz", "rz", "sx", "x"]
optimization_level = 3

[methods]
density_matrix = 10
branching = 18
matrix_product_state = 30
max_seconds = 60.0

[limits]
max_qubits = 30
max_shots = 1_000_000
default_shots = 10_000
max_executions = 10_000_000

[calibration]
source = "snapshot FakeBoston in qiskit-ibm-runtime 0.51.0"
as_of = 2026-04-17

[timing]
one_qubit_gate = 32e-9
two_qubit_gate = 68e-9
measure = 2200e-9
reset = 2200e-9
repetition_delay = 250e-6
per_job = 2.0
source = "medians of snapshot FakeBoston in qiskit-ibm-runtime 0.51.0"
as_of = 2026-04-17

[errors]
one_qubit_gate = 1.45e-4
two_qubit_gate = 1.27e-3
readout = 5.1e-3
source = "medians of snapshot FakeBoston in qiskit-ibm-runtime 0.51.0"
as_of = 2026-04-17
"""
ALL = [GOOD, NOISY, IBM, PENNYLANE]

IBM_ALPHABET = string.ascii_letters + string.digits + "-_"


def ibm_key(seed: int) -> str:
    """A key with the form of IBM Cloud's: 44 letters, digits, ``-`` and ``_``."""
    return "".join(random.Random(seed).choices(IBM_ALPHABET, k=44))


KEY = ibm_key(0)


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text)
    return path


def refused(folder: Path, text: str) -> str:
    """Message with which a description is refused; it names the file."""
    path = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_every_shipped_file_loads_under_its_own_name() -> None:
    expected = {"aer", "aer_shots", "aer_mps", "heron_r3", "ibm_device", "ibm_least_busy"}
    assert expected <= set(shipped_names())
    for name in shipped_names():
        assert load_config(name).name == name


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = [field.annotation, *get_args(field.annotation)]
        nested = [t for t in inner if isinstance(t, type) and issubclass(t, BaseModel)]
        if nested:
            yield from keys_of(nested[0], f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize("model", get_args(BackendConfig))
def test_every_key_of_the_models_is_documented(model: type[BaseModel]) -> None:
    page = (ROOT / "docs" / "backends.md").read_text()
    keys = list(keys_of(model))
    assert "limits.max_qubits" in keys
    assert [key for key in keys if f"`{key}`" not in page] == []


def test_every_documented_key_and_shipped_backend_exists() -> None:
    page = (ROOT / "docs" / "backends.md").read_text()
    rows = [line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| `")]
    known = {key for model in get_args(BackendConfig) for key in keys_of(model)}
    documented = {word.strip("`, ") for row in rows for word in row.split(",")}
    assert documented - known - set(shipped_names()) == set()
    assert set(shipped_names()) <= documented


def test_own_file_works_by_path(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace('name = "aer"', 'name = "mine"'))
    assert qml_algos.backend(path).name == "mine"
    assert qml_algos.backend(str(path)).name == "mine"


# -- mistakes -----------------------------------------------------------------------------------


MISTAKES = [
    (GOOD, "max_qubits = 26", "max_qubits = -1", ["limits.max_qubits = -1", "greater than or"]),
    (GOOD, "max_qubits = 26", 'max_qubits = "26"', ["limits.max_qubits = '26'", "integer"]),
    (GOOD, "max_qubits = 26", "", ["limits.max_qubits: is missing"]),
    (GOOD, "max_qubits = 26", "max_qubits = 26\ncolour = 1", ["limits.colour: unknown key"]),
    (GOOD, 'kind = "aer"', 'kind = "aer"\naer = 1', ["aer: unknown key"]),
    (GOOD, "default_shots = 100_000", "default_shots = 99_000_000", ["limits: ", "max_shots"]),
    (GOOD, "max_executions = 100_000_000", "max_executions = 10", ["limits: ", "max_executions"]),
    (GOOD, 'method = "statevector"', 'method = "magic"', ["method = 'magic'", "'statevector'"]),
    (GOOD, "optimization_level = 2", "optimization_level = 4", ["optimization_level = 4", "less"]),
    (GOOD, '["cx", "rz"', '["cx", "warp"', ["compile.basis_gates.1 = 'warp'", "known: ", "rz"]),
    (GOOD, '["cx", "rz", "sx", "x"]', "[]", ["compile.basis_gates = []", "at least 1"]),
    (GOOD, "exact = true", "exact = 1", ["exact = 1", "boolean"]),
    (GOOD, 'method = "statevector"', 'method = "matrix_product_state"', ["exact = true needs"]),
    (GOOD, 'kind = "aer"', 'kind = "abacus"', ["abacus", "'aer', 'noisy'"]),
    (GOOD, 'kind = "aer"', "", ["kind: is missing; one of aer, noisy, ibm, pennylane"]),
    (GOOD, 'name = "aer"', 'name = "A B"', ["name = 'A B'"]),
    (GOOD, 'kind = "aer"', 'kind = "aer', ["not valid TOML", "line"]),
    (GOOD, 'description = "Exact', 'description = "\\u001b[2J', ["description", "printable"]),
    (GOOD, 'description = "Exact', 'description = "a\\nb', ["description", "printable"]),
    (NOISY, "as_of = 2026-04-17", "", ["calibration.as_of: is missing"]),
    (NOISY, "as_of = 2026-04-17", "as_of = 2026-04-17T00:00:00", ["calibration.as_of", "date"]),
    (NOISY, "as_of = 2026-04-17", 'as_of = "2026-04-17"', ["calibration.as_of", "date"]),
    (NOISY, '"FakeBoston"\n', '"os.system"\n', ["device = 'os.system'", "'FakeBoston'"]),
    (NOISY, '"FakeBoston"\n', '"FakeProviderForBackendV2"\n', ["device = ", "'FakeBoston'"]),
    (NOISY, "max_qubits = 30", "max_qubits = 31", ["limits.max_qubits = 31: no method", "30"]),
    (NOISY, "measure = 2200e-9", "measure = 2200", ["timing.measure = 2200", "equal to 1"]),
    (NOISY, "measure = 2200e-9", "measure = nan", ["timing.measure = nan", "finite"]),
    (NOISY, "per_job = 2.0", "per_job = inf", ["timing.per_job = inf"]),
    (NOISY, "per_job = 2.0", "per_job = -inf", ["timing.per_job = -inf"]),
    (NOISY, "readout = 5.1e-3", "readout = nan", ["errors.readout = nan"]),
    (NOISY, "readout = 5.1e-3", "readout = 5.1", ["errors.readout = 5.1", "equal to 1"]),
    (IBM, "max_execution_time = 120", "", ["max_execution_time: is missing"]),
    (
        IBM,
        "max_execution_time = 120",
        "max_execution_time = 99_999",
        ["max_execution_time = 99999"],
    ),
    (IBM, "budget = 30.0", "", ["budget: is missing"]),
    (IBM, "budget = 30.0", "budget = 0", ["budget = 0", "greater than 0"]),
    (IBM, "budget = 30.0", "budget = inf", ["budget = inf", "finite"]),
    (IBM, 'mode = "job"', 'mode = "session"', ["mode = 'session'", "'job' or 'batch'"]),
    (IBM, '"ibm_boston"', '"../etc"', ["device = '../etc'"]),
    (IBM, 'mode = "job"', 'mode = "job"\naccount = "a b"', ["account = 'a b'"]),
    (IBM, "twirl_gates = false", "zne_noise_factors = [1, 3]", ["mitigation: zne_noise_factors"]),
    (
        IBM,
        "twirl_gates = false",
        'zne_extrapolator = "linear"',
        ["zero_noise_extrapolation = true"],
    ),
    (PENNYLANE, '"lightning.qubit"', '"os.system()"', ["device = 'os.system()'", "pattern"]),
    (PENNYLANE, '"tree-traversal"', '"magic"', ["mcm_method = 'magic'", "'one-shot'"]),
]


@pytest.mark.parametrize(("text", "old", "new", "words"), MISTAKES)
def test_a_mistake_names_file_key_value_and_what_is_allowed(
    tmp_path: Path, text: str, old: str, new: str, words: list[str]
) -> None:
    assert old in text
    message = refused(tmp_path, text.replace(old, new, 1))
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("zero_noise_extrapolation = false", "{}", ""),
        ("", "zne_noise_factors = [3, 1]", "must increase"),
        ("", "zne_noise_factors = [1, 1]", "must increase"),
        ("", "zne_noise_factors = [1]", "at least 2"),
        ("", "zne_noise_factors = [0.5, 1]", "zne_noise_factors.0 = 0.5"),
        ("", "zne_noise_factors = [1, inf]", "zne_noise_factors.1 = inf"),
        ("measurement_mitigation = true", "randomizations = 8", "randomizations: needs twirl"),
    ],
)
def test_mitigation_that_ibms_client_would_refuse_or_ignore_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    text = IBM.replace("zero_noise_extrapolation = false", "zero_noise_extrapolation = true")
    if not words:
        assert isinstance(load_config(write(tmp_path, text)), IBMConfig)
        return
    text = text.replace(old, new) if old else text.replace("twirl_gates = false", new)
    assert words in refused(tmp_path, text)


@pytest.mark.parametrize("table", ["timing", "errors", "calibration"])
@pytest.mark.parametrize("key", ["source", "as_of"])
def test_figures_need_a_source_and_a_date(tmp_path: Path, table: str, key: str) -> None:
    before, _, after = NOISY.partition(f"[{table}]")
    lines = after.splitlines()
    lines.remove(next(line for line in lines if line.startswith(key)))
    text = "\n".join([f"{before}[{table}]", *lines])
    assert f"{table}.{key}: is missing" in refused(tmp_path, text)


@pytest.mark.parametrize("source", ["", "   ", "\\n"])
def test_an_empty_source_is_none(tmp_path: Path, source: str) -> None:
    start = NOISY.index('source = "snapshot')
    end = NOISY.index("\n", start)
    text = f'{NOISY[:start]}source = "{source}"{NOISY[end:]}'
    assert "calibration.source" in refused(tmp_path, text)


def test_a_date_in_the_future_is_refused_wherever_on_earth_one_is(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    today, future = now.date(), (now + timedelta(hours=14, days=1)).date()
    load_config(write(tmp_path, NOISY.replace("2026-04-17", str(today))))
    message = refused(tmp_path, NOISY.replace("as_of = 2026-04-17", f"as_of = {future}", 1))
    assert "calibration.as_of" in message
    assert "future" in message


def test_missing_large_and_binary_files_and_pipes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="at most 65536"):
        load_config(write(tmp_path, GOOD + "#" * 70_000))
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_config(tmp_path / "bytes.toml")
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ConfigError, match="not a regular file"):
        load_config(tmp_path / "pipe.toml")
    with pytest.raises(ConfigError, match="neither a name nor"):
        load_config("a\0b.toml")


NESTED = ".".join(["a"] * 100)
# Deeper than Python's stack, on lines that are no longer than others.
DEEP = f"[\n{{{NESTED} = " * 150 + "1" + "}\n]" * 150


@pytest.mark.parametrize(
    "text",
    [
        "a." * 32_000 + "a = 1",
        '"\u2028".' * 10_000 + "a = 1",
        f"{NESTED} = 1",
        f"x = {{ {NESTED} = {{ {NESTED} = 1 }} }}",
        "x = " + "[" * 20_000 + "]" * 20_000,
        "x = " + "[" * 50 + "]" * 50,
        f"x = {DEEP}",
        GOOD.replace("max_qubits = 26", f"max_qubits = {DEEP}"),
        "x = " + "9" * 60_000,
        "x = 0x" + "9" * 60_000,
        "x = 0x" + "f" * 31,
        'x = "' + "a " * 30_000 + '"',
        GOOD.replace("max_qubits = 26", "max_qubits = 0x" + "9" * 60_000),
        GOOD.replace("max_qubits = 26", "max_qubits = [0x" + "9" * 60_000 + "]"),
        GOOD.replace("max_qubits = 26", "max_qubits = 1e999"),
    ],
)
def test_absurd_files_are_refused_quickly_and_in_few_words(tmp_path: Path, text: str) -> None:
    """Python's parser takes half a minute for the first, and the second overflows the stack."""
    start = time.perf_counter()
    assert len(refused(tmp_path, text).replace(str(tmp_path), "")) < 600
    assert time.perf_counter() - start < 5


def test_unknown_backend_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="'aer5'; known: aer, aer_mps, aer_"):
        qml_algos.backend("aer5")
    with pytest.raises(ConfigError, match="neither a name nor"):
        qml_algos.backend(3)  # type: ignore[arg-type]


class File:
    """A file in memory."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __str__(self) -> str:
        return "file"

    def open(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.content)


def read(content: bytes) -> BackendConfig:
    return config._read(File(content))  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data())
def test_mutated_files_raise_only_config_errors(data: st.DataObject) -> None:
    text = bytearray(data.draw(st.sampled_from(ALL)).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=6))
    with contextlib.suppress(ConfigError):
        read(bytes(text))


VALUES = st.recursive(
    st.one_of(
        st.booleans().map(lambda value: str(value).lower()),
        st.integers(-(2**70), 2**70).map(str),
        st.sampled_from(
            ["inf", "nan", "-inf", "1e400", "2026-04-17", "07:32:00", "''", "[]", "{}"]
        ),
        st.text(string.printable.replace("'", ""), max_size=8).map(lambda t: repr("x" + t)),
    ),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data())
def test_values_of_any_type_raise_only_config_errors(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(ALL)).splitlines()
    places = [index for index, line in enumerate(lines) if " = " in line]
    place = data.draw(st.sampled_from(places))
    lines[place] = f"{lines[place].split(' = ')[0]} = {data.draw(VALUES)}"
    with contextlib.suppress(ConfigError):
        read("\n".join(lines).encode())


# -- credentials --------------------------------------------------------------------------------


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.sampled_from(ALL), st.integers(min_value=0), st.integers(0, 10**6))
def test_a_key_planted_anywhere_is_refused_and_never_shown(
    text: str, place: int, seed: int
) -> None:
    """In keys, values, comments, numbers, and where the file is no TOML any more."""
    key = ibm_key(seed)
    place %= len(text)
    with pytest.raises(ConfigError) as caught:
        read(f"{text[:place]}{key}{text[place:]}".encode())
    assert "looks like a credential" in str(caught.value)
    assert key not in "".join(traceback.format_exception(caught.value))


ESCAPED = "".join(f"\\u{ord(character):04x}" for character in KEY)
FOLDED = f"{KEY[:20]}\\\n   {KEY[20:]}"


@pytest.mark.parametrize(
    ("addition", "place"),
    [
        ('token = "short"', "token = (hidden)"),
        ("token = 5", "token = (hidden)"),
        ("token = 2026-04-17", "token = (hidden)"),
        ("token = []", "token = (hidden)"),
        ("token = {}", "token = (hidden)"),
        ('[deep.er.Secret]\nx = "short"', "deep.er.Secret = (hidden)"),
        (
            '[[lists]]\n[[lists]]\ninner = [[{ api_key = "short" }]]',
            "lists.inner.api_key = (hidden)",
        ),
        ('instance = "crn"', "instance = (hidden)"),
        (f'colour = "{KEY}"', "colour = (hidden)"),
        (f'colour = ["a", {{ b = ["{KEY}"] }}]', "colour.b = (hidden)"),
        (f'colour = "see {KEY}, thanks"', "colour = (hidden)"),
        (f'colour = "{ESCAPED}"', "colour = (hidden)"),
        (f'colour = """{FOLDED}"""', "colour = (hidden)"),
        (f"{KEY} = 1", "(hidden) = (hidden)"),
        (f'"{ESCAPED}" = {{}}', "(hidden) = (hidden)"),
        (f'[a."{ESCAPED}"]', "a.(hidden) = (hidden)"),
        (f"# {KEY}", "line "),
        (f"colour = {KEY}", "line "),
        (f"colour = '{KEY}", "line "),
    ],
)
def test_credentials_are_refused_with_their_place(
    tmp_path: Path, addition: str, place: str
) -> None:
    message = refused(
        tmp_path, f"{addition}\n{GOOD}" if addition[0] != "[" else f"{GOOD}{addition}"
    )
    assert place in message
    assert "looks like a credential" in message
    assert "QISKIT_IBM_TOKEN" in message
    assert KEY not in message


@pytest.mark.parametrize(
    "description",
    [
        "See https://quantum.cloud.ibm.com/docs/en/guides/estimate-job-run-time for the rule",
        "twirled-readout-error-extinction-of-expectation-values-only, qiskit-ibm-runtime 0.51.0",
        "props_boston_2026-04-17T12_19_24Z_of_my_own_device.json, arXiv:0811.3171v3",
        "An instance of a token ring; the secret is that no password is needed: naive, à la carte",
    ],
)
def test_ordinary_words_and_addresses_are_no_credentials(tmp_path: Path, description: str) -> None:
    text = GOOD.replace("Exact statevector on this machine, no shots, no noise", description)
    assert load_config(write(tmp_path, text)).description == description
    load_config(write(tmp_path, f"# {description}\n{GOOD}"))


def test_dates_and_booleans_are_no_credentials(tmp_path: Path) -> None:
    message = refused(tmp_path, f"a = 2026-04-17T12:19:24.123456+02:00\nb = true\n{GOOD}")
    assert "a: unknown key" in message
    assert "b: unknown key" in message


def test_the_kinds_are_those_of_the_models() -> None:
    kinds = [
        get_args(model.model_fields["kind"].annotation)[0] for model in get_args(BackendConfig)
    ]
    assert tuple(kinds) == KINDS
