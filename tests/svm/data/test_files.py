"""Labelled data from files: what is read, and every fault by name."""

import sys

import numpy as np
import pandas as pd
import pytest

from qml_algos.errors import InvalidProblemError, MissingExtraError, TooLargeError
from qml_algos.svm.data import read_labelled, tables

TABLE = pd.DataFrame(
    {"length": [1.5, 2.0, 3.25], "count": [1, 2, 3], "kind": ["a", "b", "a"], "old": [1, 0, 1]}
)


def written(folder, text, name="data.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_parquet_and_npz_hold_the_same(tmp_path) -> None:
    pytest.importorskip("pyarrow")
    TABLE.to_csv(tmp_path / "data.csv", index=False)
    TABLE.to_parquet(tmp_path / "data.parquet")
    columns = {name: TABLE[name].to_numpy() for name in ("length", "count", "old")}
    np.savez(tmp_path / "data.npz", kind=TABLE["kind"].to_numpy().astype(str), **columns)
    for name in ("data.csv", "data.parquet", "data.npz"):
        data = read_labelled(tmp_path / name, "kind")
        assert data.name == "data"
        assert data.feature_names == ("length", "count", "old")
        assert data.target_names == ("a", "b")
        assert data.y.tolist() == ["a", "b", "a"]
        np.testing.assert_array_equal(data.X, [[1.5, 1, 1], [2, 2, 0], [3.25, 3, 1]])


def test_truth_values_are_numbers_and_an_array_of_two_axes_is_several_columns(tmp_path) -> None:
    path = tmp_path / "data.npz"
    np.savez(path, X=np.arange(6.0).reshape(3, 2), flag=[True, False, True], y=[2.0, -1.0, 2.0])
    data = read_labelled(path, "y")
    assert data.feature_names == ("X[0]", "X[1]", "flag")
    assert data.X.tolist() == [[0, 1, 1], [2, 3, 0], [4, 5, 1]]
    assert data.y.dtype == np.int64
    assert data.target_names == ("-1", "2")
    assert read_labelled(path, "flag").y.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no samples|cannot be read"),
        ("a,y\n", "holds no samples"),
        ("a,z\n1,2\n", "no column 'y'; its columns are: a, z"),
        ("y\n1\n2\n", "no column beside 'y'"),
        ("a,y,y\n1,0,1\n2,1,0\n", "more than one column is named 'y'"),
        ("a,b,y\n1,2,0\n3,red,1\n", "column 'b' holds 'red': features must be numbers"),
        ("a,b,y\n1,2,0\n3,,1\n", "NaN in sample 1, column 'b' \\(1 in that column\\)"),
        ("a,b,y\n1,2,0\n3,4,\n", "NaN in sample 1, column 'y'"),
        ("a,b,y\n1,inf,0\n3,4,1\n", "infinite entry in sample 0, column 'b'"),
        ("a,y\n1,7\n2,7\n", "every sample has 'y' = 7: two classes are needed"),
        ("a,y\n1,0.5\n2,1\n", "'y' holds numbers that are not whole"),
        ("a,y\n1,2\n1,2,3\n", "cannot be read .*line 3"),
        ("a,y\n1,2,3\n1,3,4\n", "cannot be read .*Length of header"),
    ],
)
def test_each_fault_of_a_table_is_named(tmp_path, text, message) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InvalidProblemError, match=message) as caught:
        read_labelled(path, "y")
    assert str(path) in str(caught.value)


def test_the_mark_that_spreadsheets_begin_a_file_with_is_no_part_of_a_name(tmp_path) -> None:
    path = written(tmp_path, "\ufeffy, a\nno, 1\nyes, 2\n")
    data = read_labelled(path, "y")
    assert data.target_names == ("no", "yes")
    assert data.feature_names == ("a",)


def test_files_that_are_none_are_refused(tmp_path) -> None:
    with pytest.raises(InvalidProblemError, match="no such file"):
        read_labelled(tmp_path / "none.csv", "y")
    with pytest.raises(InvalidProblemError, match=r"read from .csv, .npz or .parquet"):
        read_labelled(tmp_path / "data.pkl", "y")
    for name in ("data.npz", "data.parquet"):
        if name.endswith("parquet"):
            pytest.importorskip("pyarrow")
        with pytest.raises(InvalidProblemError, match="cannot be read"):
            read_labelled(written(tmp_path, "no archive", name), "y")
    (tmp_path / "bytes.csv").write_bytes(b"a,y\n\xff\xfe,1\n")
    with pytest.raises(InvalidProblemError, match="cannot be read"):
        read_labelled(tmp_path / "bytes.csv", "y")


def test_nothing_is_unpickled(tmp_path) -> None:
    path = tmp_path / "data.npz"
    np.savez(path, X=np.zeros((2, 1)), y=np.array([{}, None], dtype=object))
    with pytest.raises(InvalidProblemError, match="allow_pickle"):
        read_labelled(path, "y")


def test_arrays_must_fit_together(tmp_path) -> None:
    np.savez(tmp_path / "long.npz", X=np.zeros((3, 1)), y=[0, 1])
    with pytest.raises(InvalidProblemError, match=r"different lengths: {'X\[0\]': 3, 'y': 2}"):
        read_labelled(tmp_path / "long.npz", "y")
    np.savez(tmp_path / "deep.npz", X=np.zeros((2, 1, 1)), y=[0, 1])
    with pytest.raises(InvalidProblemError, match="'X' has 3 axes"):
        read_labelled(tmp_path / "deep.npz", "y")
    np.savez(tmp_path / "complex.npz", X=np.array([1j, 2.0]), y=[0, 1])
    with pytest.raises(InvalidProblemError, match="'X' is complex"):
        read_labelled(tmp_path / "complex.npz", "y")


def test_what_would_not_fit_into_memory_is_refused_before_it_is_read(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(tables, "_LARGEST", 1000)
    np.savez_compressed(tmp_path / "zeros.npz", X=np.zeros((500, 2)), y=np.zeros(500))
    assert (tmp_path / "zeros.npz").stat().st_size < 1000
    with pytest.raises(TooLargeError, match="at most 1,000 are read"):
        read_labelled(tmp_path / "zeros.npz", "y")
    with pytest.raises(TooLargeError, match="at most 1,000 are read"):
        read_labelled(written(tmp_path, "a,y\n" + "1,0\n" * 500), "y")


def test_without_pyarrow_the_extra_is_named(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtraError, match=r"install qml-algos\[parquet\]"):
        read_labelled(written(tmp_path, "", "data.parquet"), "y")
