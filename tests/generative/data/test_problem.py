"""Data from files, in the parts that they come in or that they are put into."""

from pathlib import Path

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.data.problem import density_set_files, read_problem


@pytest.fixture
def colours(tmp_path: Path) -> Path:
    """40 samples of two columns, one of three words."""
    rng = np.random.default_rng(0)
    rows = [f"{rng.choice(['red', 'green', 'blue'])},{rng.integers(2)}" for _ in range(40)]
    path = tmp_path / "colours.csv"
    path.write_text("\n".join(["colour,lit", *rows]) + "\n")
    return path


@pytest.fixture
def set_of_three(tmp_path: Path) -> Path:
    for part, count in (("train", 10), ("valid", 3), ("test", 4)):
        lines = [f"{k % 2},{k // 2 % 2},1,{k % 3 // 2}" for k in range(count)]
        (tmp_path / f"small.{part}.data").write_text("\n".join(lines) + "\n")
    return tmp_path / "small"


def test_a_table_is_parted(colours: Path) -> None:
    problem = read_problem(colours, np.random.default_rng(0), test_share=0.5)
    assert (problem.name, problem.categories, problem.binary) == ("colours", (3, 2), False)
    parts = (problem.train, problem.valid, problem.test)
    assert [part.samples for part in parts] == [16, 4, 20]
    assert problem.train.labels is not None
    assert problem.train.labels[0] == ("blue", "green", "red")
    assert problem.truth is None
    fewer = read_problem(colours, np.random.default_rng(0), samples=20)
    assert fewer.test.samples == 5


def test_a_set_of_three_files_keeps_its_parts(set_of_three: Path) -> None:
    for path in (set_of_three, f"{set_of_three}.train.data"):
        problem = read_problem(path, np.random.default_rng(0), shape=(2, 2))
        parts = (problem.train, problem.valid, problem.test)
        assert [part.samples for part in parts] == [10, 3, 4]
        assert problem.name == "small"
        assert problem.train.shape == problem.test.shape == (2, 2)
    fewer = read_problem(set_of_three, np.random.default_rng(0), samples=6)
    assert (fewer.train.samples, fewer.test.samples) == (6, 4)
    assert density_set_files(set_of_three.parent / "other") is None


def test_what_does_not_fit_a_file_is_refused(colours: Path, set_of_three: Path) -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(InvalidProblemError, match="samples = 41: colours has 40"):
        read_problem(colours, rng, samples=41)
    with pytest.raises(InvalidProblemError, match="shape = \\(2, 3\\)"):
        read_problem(colours, rng, shape=(2, 3))
    with pytest.raises(InvalidProblemError, match="small comes with a test set"):
        read_problem(set_of_three, rng, test_share=0.5)
    with pytest.raises(InvalidProblemError, match="discrete data is read from"):
        read_problem(set_of_three.parent / "absent", rng)
    Path(f"{set_of_three}.test.data").unlink()
    with pytest.raises(InvalidProblemError, match="no set 'small' of three files"):
        read_problem(set_of_three, rng)
