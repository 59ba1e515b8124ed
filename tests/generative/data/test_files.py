"""Discrete data from files: what is read, and every fault by name."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.data import (
    density_set_names,
    load_binary_digits,
    read_density_set,
    read_discrete,
)

DENSITY_SETS = Path(os.environ.get("DENSITY_SETS", "density-sets"))


def written(folder, text, name="data.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_words_numbers_and_truth_values_become_categories(tmp_path) -> None:
    path = written(
        tmp_path, "colour,level,open,bit\nred,-3,True,0\nblue,10,False,0\nred,2.0,True,0\n"
    )
    data = read_discrete(path)
    assert data.name == "data"
    assert data.variable_names == ("colour", "level", "open", "bit")
    assert data.categories == (2, 3, 2, 2)
    assert data.labels == (("blue", "red"), ("-3", "2", "10"), ("0", "1"), ("0", "1"))
    assert data.X.tolist() == [[1, 0, 1, 0], [0, 2, 0, 0], [1, 1, 1, 0]]
    assert data.decoded(data.X)[1].tolist() == ["blue", "10", "0", "0"]


def test_csv_npz_and_parquet_hold_the_same(tmp_path) -> None:
    pytest.importorskip("pyarrow")
    table = pd.DataFrame({"a": ["u", "v", "u"], "b": [4, 7, 4]})
    table.to_csv(tmp_path / "data.csv", index=False)
    table.to_parquet(tmp_path / "data.parquet")
    np.savez(tmp_path / "data.npz", a=table["a"].to_numpy().astype(str), b=table["b"].to_numpy())
    for name in ("data.csv", "data.npz", "data.parquet"):
        data = read_discrete(tmp_path / name)
        assert data.X.tolist() == [[0, 0], [1, 1], [0, 0]]
        assert data.labels == (("u", "v"), ("4", "7"))


def test_a_test_set_has_the_categories_of_the_training_set(tmp_path) -> None:
    training = read_discrete(written(tmp_path, "a,b\nx,5\ny,6\nz,7\n", "train.csv"))
    test = read_discrete(written(tmp_path, "a,b\nz,7\nz,7\n", "test.csv"), training)
    assert test.X.tolist() == [[2, 2], [2, 2]]
    assert test.categories == training.categories
    with pytest.raises(InvalidProblemError, match=r"'a' holds 'w' in sample 1: .*are x, y, z"):
        read_discrete(written(tmp_path, "a,b\nx,5\nw,5\n"), training)
    with pytest.raises(InvalidProblemError, match="its columns are a, c: a, b are needed"):
        read_discrete(written(tmp_path, "a,c\nx,5\ny,5\n"), training)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no samples|cannot be read"),
        ("a,b\n", "holds no samples"),
        ("a,a\n0,1\n", "more than one column is named 'a'"),
        ("a,b\n0,0.5\n1,1\n", "column 'b' holds 0.5 in sample 0: .*whole numbers.*bins"),
        ("a,b\n0,1\n1,inf\n", "column 'b' holds inf in sample 1"),
        ("a,b\n0,1\n1,1e300\n", "column 'b' holds 1e\\+300 in sample 1: .*to 2\\*\\*53"),
        ("a,b\n0,1\n1,\n", "NaN in sample 1, column 'b'"),
        ("a,b\n0,red\n1,red\n", "every sample has 'b' = red: leave the column out"),
        ("a,b\n0,7\n1,7\n", "every sample has 'b' = 7"),
        ("a\n" + "\n".join(map(str, range(1025))), "1,025 different values: at most 1,024"),
    ],
)
def test_each_fault_of_a_table_is_named(tmp_path, text, message) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InvalidProblemError, match=message) as caught:
        read_discrete(path)
    assert str(path) in str(caught.value)


def test_complex_columns_and_other_files_are_refused(tmp_path) -> None:
    np.savez(tmp_path / "data.npz", a=np.array([1j, 2]))
    with pytest.raises(InvalidProblemError, match="column 'a' holds"):
        read_discrete(tmp_path / "data.npz")
    with pytest.raises(InvalidProblemError, match=r"discrete data is read from \.csv"):
        read_discrete(written(tmp_path, "", "data.txt"))


def test_digits_are_split_once_and_for_all() -> None:
    train, test = load_binary_digits()
    assert (train.X.shape, test.X.shape, train.shape) == ((1500, 64), (297, 64), (8, 8))
    assert set(np.unique(train.X)) == {0, 1}
    # Independent pixels with one sample added of each value: pins the split.
    p = (train.X.sum(axis=0) + 1) / 1502
    nll = -np.mean(np.sum(np.log(np.where(test.X == 1, p, 1 - p)), axis=1))
    assert nll == pytest.approx(25.209, abs=1e-3)


def density(folder, train="0,1\n1,0\n", valid="0,0\n", test="0,2\n", name="toy"):
    for part, text in (("train", train), ("valid", valid), ("test", test)):
        written(folder, text, f"{name}.{part}.data")
    return folder


def test_a_variable_has_the_categories_of_all_three_parts(tmp_path) -> None:
    found = read_density_set(density(tmp_path), "toy")
    assert found.train.X.tolist() == [[0, 1], [1, 0]]
    assert found.valid.X.tolist() == [[0, 0]]
    assert found.test.X.tolist() == [[0, 2]]
    assert found.train.categories == found.valid.categories == found.test.categories == (2, 3)


def test_sets_of_three_files_are_listed(tmp_path) -> None:
    density(density(tmp_path, name="b"), name="a")
    written(tmp_path, "0\n", "alone.train.data")
    assert density_set_names(tmp_path) == ("a", "b")
    with pytest.raises(InvalidProblemError, match=r"no set 'alone' .*sets there: a, b"):
        read_density_set(tmp_path, "alone")
    with pytest.raises(InvalidProblemError, match="no such folder"):
        density_set_names(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("", "cannot be read"),
        ("0,1\n0\n", "NaN in sample 1, column 'x1'"),
        ("0,1\n0,1,1\n", "cannot be read .*line 2"),
        ("0,0.5\n", "\\[0, 1\\] = 0.5: categories are whole numbers"),
        ("0,1\n0,-1\n", "\\[1, 1\\] = -1: the first category is 0"),
        ("0,a\n", "entries of type object"),
        ("0,1,1\n", "3 columns: toy.train.data has 2"),
    ],
)
def test_each_fault_of_a_density_set_is_named(tmp_path, fault, message) -> None:
    density(tmp_path, valid=fault)
    with pytest.raises(InvalidProblemError, match=message) as caught:
        read_density_set(tmp_path, "toy")
    assert "toy.valid.data" in str(caught.value)


@pytest.mark.skipif(
    not DENSITY_SETS.is_dir(), reason="the variable DENSITY_SETS names no folder with the sets"
)
def test_the_sets_of_the_literature_are_read() -> None:
    sizes = {"nltcs": (16181, 2157, 3236, 16), "plants": (17412, 2321, 3482, 69)}
    for name, (train, valid, test, variables) in sizes.items():
        found = read_density_set(DENSITY_SETS, name)
        assert (found.train.samples, found.valid.samples, found.test.samples) == (
            *(train, valid, test),
        )
        assert found.train.categories == (2,) * variables
