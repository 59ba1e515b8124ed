"""Classical machines, and seconds carried over to them."""

from pathlib import Path

import pytest

from qml_algos.errors import ConfigError, InvalidProblemError, UnknownNameError
from qml_algos.speedup.measure import MACHINES, Machine, Work, machine, on, this_machine

SMALL = Machine("small", "", 1, 1, 1e10, 1e10, 1e9, "made up")
LARGE = Machine("large", "", 100, 100, 1e13, 1e11, 1e12, "made up")


def test_this_machine_is_measured_once_with_one_thread() -> None:
    found = this_machine()
    assert found is machine("this-machine") is this_machine()
    assert found.threads == 1
    assert 1e8 < found.flops_per_second < 1e13
    assert 1e8 < found.bytes_per_second < 1e12


@pytest.mark.parametrize("name", [name for name in MACHINES if name != "this-machine"])
def test_named_machines_state_their_source_and_are_larger_than_a_thread(name: str) -> None:
    found = machine(name)
    assert found.name == name
    assert len(found.source) > 20
    assert found.flops_per_second > 1e12
    assert found.bytes_per_second > 1e11
    assert found.to_json()["memory_bytes"] == found.memory_bytes


@pytest.mark.parametrize(
    ("work", "bound", "speedup"),
    [
        (Work(1e12, 1e9), "operations", 1e3),
        (Work(1e9, 1e9), "bytes", 10),
        (Work(5e10, 1e10), "bytes", 50),
    ],
)
def test_what_binds_there_sets_the_seconds(work: Work, bound: str, speedup: float) -> None:
    found = on(LARGE, 300.0, work, here=SMALL)
    assert (found.machine, found.bound) == ("large", bound)
    assert found.speedup == pytest.approx(speedup)
    assert found.seconds == pytest.approx(300 / speedup)


def test_a_machine_projected_on_itself_takes_what_was_measured() -> None:
    found = on(SMALL, 4.0, Work(2e10, 1e9), here=SMALL, memory_bytes=2e9)
    assert found.seconds == 4.0
    assert found.efficiency == 0.5
    assert not found.fits


def test_seconds_that_are_none_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="seconds = 0"):
        on(LARGE, 0, Work(1, 1), here=SMALL)


def test_unknown_machines_and_wrong_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown machine 'abacus'"):
        machine("abacus")
    for text, reason in (
        ("cores = ", "no TOML"),
        ("cores = 0", "description: Field required"),
        ('description = "x"\ncores = 0', "cores: Input should be greater than 0"),
    ):
        path = tmp_path / "wrong.toml"
        path.write_text(text)
        with pytest.raises(ConfigError, match=reason):
            machine(str(path))
    with pytest.raises(ConfigError, match="cannot be read"):
        machine(str(tmp_path / "missing.toml"))
