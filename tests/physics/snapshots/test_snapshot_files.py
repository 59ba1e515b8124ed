"""Files of snapshots give back what was written, and say what is wrong with them."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError, QmlAlgosError, TooLargeError
from qml_algos.physics.snapshots import Snapshots, load_snapshots

SNAPSHOTS = Snapshots(np.array([[0, 1, 1], [1, 0, 1]]), np.array([[0, 1, 2], [2, 2, 2]]))


@settings(max_examples=20, deadline=None)
@given(
    samples=st.integers(1, 20),
    qubits=st.integers(1, 19),
    labelled=st.booleans(),
    seed=st.integers(0, 99),
)
def test_what_is_saved_is_loaded(tmp_path_factory, samples, qubits, labelled, seed):
    rng = np.random.default_rng(seed)
    made = Snapshots(
        rng.integers(2, size=(samples, qubits)),
        rng.integers(3, size=(samples, qubits)),
        labels=rng.normal(size=samples) if labelled else None,
        source="a test",
    )
    path = tmp_path_factory.mktemp("snapshots") / "made.npz"
    made.save(path)
    found = load_snapshots(path)
    for name in ("bits", "bases", "rotations", "labels", "source"):
        np.testing.assert_array_equal(getattr(found, name), getattr(made, name))


def test_counts_of_qiskit_are_read_with_qubit_0_last(tmp_path):
    path = tmp_path / "counts.json"
    path.write_text(json.dumps({"001": 2, "110": 1}))
    found = load_snapshots(path)
    np.testing.assert_array_equal(found.bits, [[1, 0, 0], [1, 0, 0], [0, 1, 1]])
    assert (found.bases == 2).all()
    assert found.labels is None
    assert found.source == "counts.json"


def test_counts_in_several_bases_are_read_from_json_and_csv_alike(tmp_path):
    (tmp_path / "counts.json").write_text(
        json.dumps(
            [
                {"counts": {"01": 2}, "basis": "XZ", "label": 0.5},
                {"counts": {"11": 1}, "basis": "YY", "label": 1},
            ]
        )
    )
    (tmp_path / "counts.csv").write_text("basis,bits,label,count\nXZ,01,.5,2\nYY,11,1,1\n")
    for name in ("counts.json", "counts.csv"):
        found = load_snapshots(tmp_path / name)
        np.testing.assert_array_equal(found.bits, [[1, 0], [1, 0], [1, 1]])
        np.testing.assert_array_equal(found.bases, [[2, 0], [2, 0], [1, 1]])
        np.testing.assert_array_equal(found.labels, [0.5, 0.5, 1])


def test_a_csv_of_bits_alone_has_a_snapshot_a_line(tmp_path):
    (tmp_path / "bits.csv").write_text("bits\n01\n01\n10\n")
    found = load_snapshots(tmp_path / "bits.csv")
    np.testing.assert_array_equal(found.bits, [[1, 0], [1, 0], [0, 1]])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.txt", "01", "unknown ending of a file of snapshots '.txt'; known: .csv, .json, .npz"),
        ("a.json", "{", "a.json is no JSON"),
        ("a.json", "[]", "a.json holds no snapshots"),
        ("a.json", "{}", "a.json holds no snapshots"),
        ("a.json", "[1]", "a.json, entry 0: counts by outcome are needed"),
        ("a.json", '[{"counts": {"0": 1}, "base": "Z"}]', "unknown field in"),
        ("a.json", '{"0": 1, "01": 1}', "'01' has 2 bits, the first outcome 1"),
        ("a.json", '{"0x1": 1}', "'0x1' must be a bit 0 or 1 for each qubit"),
        ("a.json", '{"0": 1.5}', "count = 1.5 must be a positive integer"),
        ("a.json", '{"0": true}', "count = True must be a positive integer"),
        ("a.json", '{"0": 10000000000}', "stands for 10,000,000,000 snapshots of 1 qubits"),
        ("a.json", '[{"counts": {"0": 1}, "basis": 3}]', "basis = 3 is no text"),
        ("a.json", '[{"counts": {"0": 1}, "basis": "W"}]', "entry 0: 'W' is no basis of 1 qubits"),
        ("a.json", '[{"counts": {"0": 1}, "label": "b"}]', "label = 'b' must be a number"),
        ("a.json", '[{"counts": {"0": 1}, "label": NaN}]', "label = nan must be finite"),
        (
            "a.json",
            '[{"counts": {"0": 1}, "label": 1}, {"counts": {"0": 1}}]',
            "either all entries need a label, or none",
        ),
        ("a.csv", "", "the header needs a column 'bits'"),
        ("a.csv", "bits\n", "holds no snapshots"),
        ("a.csv", "bits,spin\n0,1\n", "unknown column in"),
        ("a.csv", "bits,count\n01\n", "a.csv, line 2: 2 values are needed"),
        ("a.csv", "bits\n01,3\n", "a.csv, line 2: 1 values are needed"),
        ("a.csv", "bits,count\n01,-3\n", "line 2: count = '-3' must be a positive integer"),
        ("a.csv", "bits,basis\n01,\n", "line 2: '' is no basis of 2 qubits"),
        ("a.npz", "text", "a.npz is no archive of NumPy arrays"),
    ],
)
def test_files_that_hold_no_snapshots_are_refused_with_the_place(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(QmlAlgosError, match=re.escape(message)) as refusal:
        load_snapshots(tmp_path / name)
    assert isinstance(refusal.value, TooLargeError | ValueError)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bases": None}, "array 'bases' is missing"),
        ({"format": np.array("other")}, "has the format 'other'"),
        ({"qubits": np.array(30)}, "bits are not packed for the number of qubits"),
        ({"qubits": np.array([3])}, "bits are not packed for the number of qubits"),
        ({"bits": np.zeros((2, 1))}, "bits are not packed for the number of qubits"),
        ({"bases": np.full((2, 3), 7)}, "bases must be integers from 0 to 2"),
        ({"rotations": np.zeros((3, 2, 2))}, "rotations[0] is not unitary"),
        ({"labels": np.array(["a", "b"])}, "labels has entries of type <U1"),
        ({"labels": np.array([np.nan, 1])}, "labels contains NaN"),
        ({"source": np.array([{}], dtype=object)}, "is no archive of NumPy arrays"),
    ],
)
def test_archives_with_other_arrays_are_refused(tmp_path, changes, message):
    path = tmp_path / "changed.npz"
    SNAPSHOTS.save(path)
    with np.load(path) as archive:
        arrays = {**archive, **changes}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    with pytest.raises(InvalidProblemError, match=re.escape(message)):
        load_snapshots(path)


def test_an_archive_of_another_name_is_not_written(tmp_path):
    with pytest.raises(InvalidProblemError, match=r"must end with \.npz"):
        SNAPSHOTS.save(tmp_path / "snapshots.dat")
    assert not [*tmp_path.iterdir()]


def test_a_cut_archive_is_refused(tmp_path):
    path = tmp_path / "cut.npz"
    SNAPSHOTS.save(path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InvalidProblemError, match=r"cut\.npz is no archive"):
        load_snapshots(path)
