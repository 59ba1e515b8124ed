"""Matrix Market files: round trips, and one named error for everything that is not one."""

import bz2
import contextlib
import gzip
import re

import numpy as np
import pytest
import scipy.io
import scipy.sparse as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError, MatrixMarketError, QmlAlgosError
from qml_algos.linear_systems import LinearSystem
from qml_algos.linear_systems.matrix_market import read_matrix, read_vector

REAL = np.array([[2.0, -1.5, 0.0], [0.25, 1e-17, 0.0], [0.0, 3.0, 1e300]])
SYMMETRIC = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 4.0]])
HERMITIAN = SYMMETRIC + 1j * np.array([[0, 1, 0], [-1, 0, 2], [0, -2, 0]])
MATRICES = {
    "real": REAL,
    "complex": REAL + 1j * REAL.T,
    "integer": np.array([[1, 2, 0], [3, 4, 0], [0, 0, -5]]),
    "symmetric": SYMMETRIC,
    "complex symmetric": SYMMETRIC * (1 + 2j),
    "Hermitian": HERMITIAN,
    "skew-symmetric": np.array([[0.0, 1.0, 2.0], [-1.0, 0.0, 3.0], [-2.0, -3.0, 0.0]]),
}

COORDINATE = "%%MatrixMarket matrix coordinate real general\n% why\n3 3 4\n"
COORDINATE += "1 1 2.5\n2 2 -3\n3 3 1e0\n1 3 0.5\n"
SYMMETRIC_FILE = "%%MatrixMarket matrix coordinate complex hermitian\n2 2 3\n"
SYMMETRIC_FILE += "1 1 2 0\n2 1 0 1\n2 2 3 0\n"
ARRAY = "%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n4\n"
COLUMN = "%%MatrixMarket matrix array real general\n3 1\n1\n2\n3\n"
VALID = {"coordinate": COORDINATE, "hermitian": SYMMETRIC_FILE, "array": ARRAY, "column": COLUMN}


def dense(matrix):
    return matrix.toarray() if sp.issparse(matrix) else matrix


@pytest.fixture
def written(tmp_path):
    def write(content, name="file.mtx"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2"])
@pytest.mark.parametrize("form", [np.array, sp.coo_array, sp.csr_array])
@pytest.mark.parametrize("name", MATRICES)
def test_matrix_survives_a_round_trip_through_scipy(tmp_path, name, form, suffix):
    path = tmp_path / "matrix.mtx"
    scipy.io.mmwrite(path, form(MATRICES[name]), precision=17)
    if suffix:
        compress = {".gz": gzip, ".bz2": bz2}[suffix].compress
        packed = tmp_path / f"matrix.mtx{suffix}"
        packed.write_bytes(compress(path.read_bytes()))
        path = packed
    found = read_matrix(path)
    assert sp.issparse(found) is (form is not np.array)
    np.testing.assert_array_equal(dense(found), MATRICES[name])


@pytest.mark.parametrize("form", [np.array, sp.coo_array])
@pytest.mark.parametrize("vector", [[1.5, -2.0, 0.0], [1j, 2.0, -3.5], [1, 2, 3]])
@pytest.mark.parametrize("row", [False, True])
def test_vector_survives_a_round_trip_as_a_column_or_a_row(tmp_path, vector, form, row):
    path = tmp_path / "vector.mtx"
    column = np.array(vector)[None, :] if row else np.array(vector)[:, None]
    scipy.io.mmwrite(path, form(column), precision=17)
    found = read_vector(path)
    assert found.shape == (3,)
    np.testing.assert_array_equal(found, vector)


def test_one_by_one_file_is_a_vector(written):
    path = written("%%MatrixMarket matrix array real general\n1 1\n7\n")
    np.testing.assert_array_equal(read_vector(path), [7.0])


@pytest.mark.parametrize("as_text", [False, True])
def test_system_is_read_from_two_files(tmp_path, as_text):
    paths = [tmp_path / "A.mtx", tmp_path / "b.mtx"]
    scipy.io.mmwrite(paths[0], sp.csr_array(HERMITIAN))
    scipy.io.mmwrite(paths[1], np.array([[1.0], [2.0], [3.0]]))
    problem = LinearSystem.from_matrix_market(*(str(p) if as_text else p for p in paths))
    np.testing.assert_array_equal(problem.dense(), HERMITIAN)
    np.testing.assert_array_equal(problem.b, [1, 2, 3])
    assert problem.is_sparse
    assert problem.hermitian


@pytest.mark.parametrize("read", [read_matrix, read_vector])
def test_missing_file_is_named(tmp_path, read):
    with pytest.raises(MatrixMarketError, match=r"absent\.mtx"):
        read(tmp_path / "absent.mtx")


def test_directory_is_no_file(tmp_path):
    with pytest.raises(MatrixMarketError, match=re.escape(str(tmp_path))):
        read_matrix(tmp_path)


BROKEN = {
    "empty": "",
    "garbage": "hello\nworld\n",
    "binary": bytes(range(256)),
    "not UTF-8": COORDINATE.replace("% why", "%").encode() + b"\xff\xfe\n",
    "header only": "%%MatrixMarket matrix coordinate real general\n",
    "no such object": COORDINATE.replace("matrix coordinate", "tensor coordinate"),
    "no such format": COORDINATE.replace("coordinate", "table"),
    "no such field": COORDINATE.replace("real", "quaternion"),
    "no such symmetry": COORDINATE.replace("general", "sideways"),
    "truncated": COORDINATE[:-8],
    "truncated inside a number": COORDINATE[:-4],
    "truncated array": ARRAY[:-4],
    "too many entries": COORDINATE + "2 1 4\n",
    "index out of range": COORDINATE.replace("3 3 1e0", "4 3 1e0"),
    "index zero": COORDINATE.replace("3 3 1e0", "0 3 1e0"),
    "negative index": COORDINATE.replace("3 3 1e0", "-1 3 1e0"),
    "letters for a number": COORDINATE.replace("2.5", "two"),
    "negative size": COORDINATE.replace("3 3 4", "-3 3 4"),
    "size with a letter": COORDINATE.replace("3 3 4", "3 x 4"),
    "size of 5000 digits": COORDINATE.replace("3 3 4", f"3 3 {'9' * 5000}"),
    "size too large for an integer": COORDINATE.replace("3 3 4", f"3 3 {10**30}"),
    "more entries than memory": COORDINATE.replace("3 3 4", f"3 3 {10**14}"),
    "more rows than memory": ARRAY.replace("2 2", f"{10**7} {10**7}"),
    "letter after the last number": ARRAY[:-1] + "x",
    "comment after the last number": COORDINATE[:-1] + " % end",
    "NUL after a number": ARRAY[:-1] + "\0\n",
    "no rows": ARRAY.replace("2 2", "0 2"),
    "no rows and no entries": "%%MatrixMarket matrix array real general\n0 0\n",
    "symmetric but not square": ARRAY.replace("general\n2 2", "symmetric\n2 4") + "5\n6\n7\n",
    "skew-symmetric of size 1": ARRAY.replace("general\n2 2", "skew-symmetric\n1 1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_file_that_is_no_matrix_market_file_is_refused_by_name(written, name):
    path = written(BROKEN[name], "broken.mtx")
    with pytest.raises(MatrixMarketError, match=r"broken\.mtx"):
        read_matrix(path)


@pytest.mark.parametrize("name", ["coordinate", "hermitian", "array", "column"])
@pytest.mark.parametrize("end", ["", " ", "\n", "\n\n", "\r\n", " \n", "\n% end\n"])
def test_end_of_the_last_line_does_not_matter(written, name, end):
    content = VALID[name]
    expected = dense(read_matrix(written(content)))
    found = dense(read_matrix(written(content.rstrip("\n") + end)))
    np.testing.assert_array_equal(found, expected)


def test_comments_blank_lines_capitals_and_line_ends_do_not_matter(written):
    content = COORDINATE.replace("matrix coordinate real general", "MATRIX Coordinate REAL General")
    content = content.replace("3 3 4\n", "\n%\n  3\t3 4\n\n").replace("\n", "\r\n")
    expected = np.array([[2.5, 0, 0.5], [0, -3, 0], [0, 0, 1]])
    np.testing.assert_array_equal(dense(read_matrix(written(content))), expected)


def test_pattern_file_holds_ones(written):
    content = "%%MatrixMarket matrix coordinate pattern symmetric\n2 2 2\n1 1\n2 1\n"
    np.testing.assert_array_equal(dense(read_matrix(written(content))), [[1, 1], [1, 0]])


def test_repeated_entries_are_summed(written):
    content = "%%MatrixMarket matrix coordinate real general\n1 1 2\n1 1 1.5\n1 1 2\n"
    np.testing.assert_array_equal(dense(read_matrix(written(content))), [[3.5]])


def test_sparse_file_without_entries_is_zero(written):
    content = "%%MatrixMarket matrix coordinate real general\n2 3 0\n"
    np.testing.assert_array_equal(dense(read_matrix(written(content))), np.zeros((2, 3)))


PACKED = gzip.compress(COORDINATE.encode(), mtime=0)
BROKEN_GZIP = {
    "not gzip": COORDINATE.encode(),
    "empty": b"",
    "truncated": PACKED[:-12],
    "wrong checksum": PACKED[:-8] + bytes(4) + PACKED[-4:],
    "wrong data": PACKED[:12] + b"\xff\xff\xff" + PACKED[15:],
    "wrong content": gzip.compress(b"hello"),
}


@pytest.mark.parametrize("name", BROKEN_GZIP)
def test_broken_compressed_file_is_refused_by_name(written, name):
    path = written(BROKEN_GZIP[name], "broken.mtx.gz")
    with pytest.raises(MatrixMarketError, match=r"broken\.mtx\.gz"):
        read_matrix(path)


@pytest.mark.parametrize("name", ["coordinate", "hermitian", "array"])
def test_vector_file_that_holds_a_matrix_is_refused_with_its_shape(written, name):
    path = written(VALID[name], "matrix.mtx")
    with pytest.raises(MatrixMarketError, match=r"matrix\.mtx.*shape \([23], [23]\), not a vector"):
        read_vector(path)


def test_vector_file_that_holds_a_huge_sparse_matrix_is_refused_without_filling_memory(written):
    """Its zeros alone would take 7 TiB."""
    content = COORDINATE.replace("3 3 4", f"{10**6} {10**6} 4")
    with pytest.raises(MatrixMarketError, match="not a vector"):
        read_vector(written(content))


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_entry_that_is_not_finite_is_refused(written, value):
    matrix = written(COORDINATE.replace("2.5", value), "A.mtx")
    with pytest.raises(InvalidProblemError, match="A contains NaN or infinity"):
        LinearSystem.from_matrix_market(matrix, written(COLUMN, "b.mtx"))


def test_matrix_that_is_not_square_is_an_invalid_problem(written):
    matrix = written(COLUMN, "A.mtx")
    with pytest.raises(InvalidProblemError, match=r"shape \(3, 1\)"):
        LinearSystem.from_matrix_market(matrix, written(COLUMN, "b.mtx"))


def test_swapped_files_are_refused_by_name(written):
    matrix, vector = written(COORDINATE, "A.mtx"), written(COLUMN, "b.mtx")
    with pytest.raises(MatrixMarketError, match=r"A\.mtx.*not a vector"):
        LinearSystem.from_matrix_market(vector, matrix)


FUZZ = settings(deadline=None, derandomize=True, max_examples=300)
VALID_BYTES = [text.encode() for text in VALID.values()]

edits = st.lists(
    st.tuples(
        st.integers(0, 120),
        st.integers(0, 4),
        st.binary(max_size=4)
        | st.sampled_from([b"\n", b" ", b"-", b"%", b"e", b"0", b"9", b"nan"]),
    ),
    max_size=6,
)


def edited(content, changes):
    for place, deleted, inserted in changes:
        content = content[:place] + inserted + content[place + deleted :]
    return content


def read_or_refuse(matrix, vector):
    """Any other exception is the fault looked for."""
    with contextlib.suppress(QmlAlgosError):
        LinearSystem.from_matrix_market(matrix, vector)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


@FUZZ
@given(valid=st.sampled_from(VALID_BYTES), changes=edits, into_vector=st.booleans())
@example(valid=VALID_BYTES[0], changes=[(0, 120, b"")], into_vector=False)
def test_edited_files_are_read_or_refused_and_nothing_else(folder, valid, changes, into_vector):
    content = edited(valid, changes)
    # Sizes beyond memory have tests of their own.
    assume(not re.search(rb"\d{5}", content))
    files = [folder / "A.mtx", folder / "b.mtx"]
    files[0].write_bytes(VALID_BYTES[0])
    files[1].write_bytes(VALID_BYTES[3])
    files[into_vector].write_bytes(content)
    read_or_refuse(*files)


@FUZZ
@given(content=st.binary(max_size=200), header=st.booleans(), suffix=st.sampled_from(["", ".gz"]))
def test_random_bytes_are_read_or_refused_and_nothing_else(folder, content, header, suffix):
    if header:
        content = b"%%MatrixMarket matrix coordinate real general\n" + content
    assume(not re.search(rb"\d{5}", content))
    path = folder / f"random.mtx{suffix}"
    path.write_bytes(content)
    read_or_refuse(path, path)


@FUZZ
@given(valid=st.sampled_from(VALID_BYTES), changes=edits)
def test_edited_compressed_files_are_read_or_refused_and_nothing_else(folder, valid, changes):
    path = folder / "packed.mtx.gz"
    path.write_bytes(edited(gzip.compress(valid, mtime=0), changes))
    read_or_refuse(path, path)


@st.composite
def generated_files(draw):
    """Headers of all kinds with sizes and entries that need not agree."""
    layout = draw(st.sampled_from(["coordinate", "array"]))
    field, numbers = draw(st.sampled_from([("real", 1), ("complex", 2), ("pattern", 0)]))
    symmetry = draw(st.sampled_from(["general", "symmetric", "hermitian", "skew-symmetric"]))
    sizes = draw(st.lists(st.integers(0, 4), min_size=2, max_size=3))
    number = st.integers(0, 5)
    count = numbers + 2 * (layout == "coordinate")
    rows = draw(st.lists(st.lists(number, min_size=count, max_size=count), max_size=17))
    lines = [f"%%MatrixMarket matrix {layout} {field} {symmetry}"]
    lines += [" ".join(map(str, row)) for row in [sizes, *rows]]
    return "\n".join(lines) + draw(st.sampled_from(["", "\n"]))


@FUZZ
@given(content=generated_files())
def test_generated_files_are_read_or_refused_and_nothing_else(folder, content):
    path = folder / "generated.mtx"
    path.write_text(content)
    read_or_refuse(path, path)


numbers = st.floats(allow_nan=False, allow_infinity=False)


@settings(FUZZ, max_examples=60)
@given(entries=st.lists(numbers, min_size=4, max_size=4), compressed=st.booleans())
def test_every_double_survives_a_round_trip(folder, entries, compressed):
    matrix = np.array(entries).reshape(2, 2)
    path = folder / "double.mtx"
    scipy.io.mmwrite(path, matrix, precision=17, symmetry="general")
    if compressed:
        packed = folder / "double.mtx.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        path = packed
    np.testing.assert_array_equal(read_matrix(path), matrix)
