"""Training that is stopped and resumed."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.mps import checkpoint
from qml_algos.generative.mps_born_machine import MPSBornMachine

MODES = (
    {},
    {"dtype": "complex128"},
    {"sweeps": "both", "learning_rate": 0.1},
    {"sweeps": "one-site", "batch_size": 50, "order": "natural"},
)


def data(seed: int, count: int = 120) -> np.ndarray:
    prototypes = np.random.default_rng(9).integers(0, 2, size=(3, 7))
    generator = np.random.default_rng(seed)
    X = prototypes[generator.integers(0, 3, count)]
    return X ^ (generator.random(X.shape) < 0.1)


def machine(path: Path | None, **options: object) -> MPSBornMachine:
    return MPSBornMachine(4, **({"max_sweeps": 14, "random_state": 5} | options), checkpoint=path)


def interrupted(monkeypatch: pytest.MonkeyPatch, after: int, model: MPSBornMachine) -> None:
    """Fit, with Ctrl-C in the middle of writing a checkpoint."""
    count, write = iter(range(after)), np.savez

    def stop(file: object, **arrays: np.ndarray) -> None:
        if next(count, None) is None:
            raise KeyboardInterrupt
        write(file, **arrays)

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint.np, "savez", stop)
        with pytest.raises(KeyboardInterrupt):
            model.fit(data(0), X_valid=data(1))


@pytest.mark.parametrize("options", MODES)
@pytest.mark.parametrize("after", [1, 9])
def test_a_resumed_training_ends_as_one_that_was_not_stopped(
    options: dict, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "training.npz"
    interrupted(monkeypatch, after, machine(path, **options))
    assert [file.name for file in tmp_path.iterdir()] == ["training.npz"]
    resumed = machine(path, **options).fit(data(0), X_valid=data(1))
    whole = machine(None, **options).fit(data(0), X_valid=data(1))
    np.testing.assert_array_equal(resumed.valid_losses_, whole.valid_losses_)
    np.testing.assert_array_equal(resumed.train_losses_, whole.train_losses_)
    assert resumed.n_sweeps_ == whole.n_sweeps_
    for one, other in zip(resumed.cores_, whole.cores_, strict=True):
        np.testing.assert_array_equal(one, other)


def test_chance_without_a_seed_is_kept_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, copy = tmp_path / "training.npz", tmp_path / "copy.npz"
    options = {"random_state": None, "dtype": "complex128", "batch_size": 60}
    interrupted(monkeypatch, 2, machine(path, **options))
    shutil.copy(path, copy)
    first, second = (
        machine(file, **options).fit(data(0), X_valid=data(1)) for file in (path, copy)
    )
    np.testing.assert_array_equal(first.valid_losses_, second.valid_losses_)


def test_more_sweeps_go_on_and_fewer_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "training.npz"
    machine(path, max_sweeps=3).fit(data(0))
    longer = machine(path, max_sweeps=8).fit(data(0))
    whole = machine(None, max_sweeps=8).fit(data(0))
    np.testing.assert_array_equal(longer.train_losses_, whole.train_losses_)
    with pytest.raises(InvalidProblemError, match="max_sweeps = 3: the checkpoint has gone"):
        machine(path, max_sweeps=3).fit(data(0))


def test_a_finished_training_is_read_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "training.npz"
    first = machine(path).fit(data(0), X_valid=data(1))
    monkeypatch.setattr(checkpoint.Checkpoint, "save", None)
    again = machine(path).fit(data(0), X_valid=data(1))
    np.testing.assert_array_equal(again.score_samples(data(2)), first.score_samples(data(2)))
    smoothed = machine(path, smoothing="auto").fit(data(0), X_valid=data(1))
    assert smoothed.smoothing_ >= 0


def test_other_data_or_parameters_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "training.npz"
    machine(path, max_sweeps=2).fit(data(0))
    with pytest.raises(InvalidProblemError, match=r"training.npz'.*written with other data"):
        machine(path, max_sweeps=2).fit(data(1))
    with pytest.raises(InvalidProblemError, match=r"clip = 100.0, now 50.0; .*begin anew"):
        machine(path, max_sweeps=2, clip=50).fit(data(0))
    with pytest.raises(InvalidProblemError, match="random_state = '5', now '6'"):
        machine(path, max_sweeps=2, random_state=6).fit(data(0))


def test_files_that_are_no_checkpoints_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "training.npz"
    path.write_bytes(b"something else")
    with pytest.raises(InvalidProblemError, match="no checkpoint of a Born machine"):
        machine(path).fit(data(0))
    assert path.read_bytes() == b"something else"
    with pytest.raises(InvalidProblemError, match="there is no folder"):
        machine(tmp_path / "none" / "training.npz").fit(data(0))
    with pytest.raises(InvalidProblemError, match="checkpoint = 3: must be the path of a file"):
        machine(3).fit(data(0))
    np.savez(path, objects=np.array([{}], dtype=object))
    with pytest.raises(InvalidProblemError, match="no checkpoint"):
        machine(path).fit(data(0))
