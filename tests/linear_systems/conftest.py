"""Random systems with a chosen spectrum, and small backends for the tests of read-out."""

import numpy as np
import pytest

from qml_algos.linear_systems import LinearSystem

BACKEND_FILE = """\
name = "small"
description = "Few shots"
kind = "aer"
method = "statevector"
exact = false

[compile]
basis_gates = ["cx", "rz", "sx", "x"]
optimization_level = 1

[limits]
max_qubits = 16
max_shots = {max_shots}
default_shots = {default_shots}
max_executions = {max_shots}
"""


def _unitary(size, complex_entries, generator):
    matrix = generator.normal(size=(size, size))
    if complex_entries:
        matrix = matrix + 1j * generator.normal(size=(size, size))
    return np.linalg.qr(matrix)[0]


def _matrix(kind, size, kappa, complex_entries, generator):
    values = generator.uniform(1 / kappa, 1, size)
    values[-1], values[0] = 1 / kappa, 1.0
    left = _unitary(size, complex_entries, generator)
    if kind == "general":
        return left @ np.diag(values) @ _unitary(size, complex_entries, generator)
    if kind == "negative":
        values = -values
    if kind == "indefinite":
        values = values * (-1.0) ** np.arange(size)
    matrix = left @ np.diag(values) @ left.conj().T
    return (matrix + matrix.conj().T) / 2


@pytest.fixture(scope="session")
def random_matrix():
    """Matrix of one of four kinds with singular values in [1/kappa, 1], both ends taken."""

    def make(kind, size, kappa, complex_entries, seed):
        return _matrix(kind, size, kappa, complex_entries, np.random.default_rng(seed))

    return make


@pytest.fixture(scope="session")
def random_vector():
    def make(size, complex_entries, seed):
        generator = np.random.default_rng([seed, 1])
        vector = generator.normal(size=size)
        return vector + 1j * generator.normal(size=size) if complex_entries else vector

    return make


@pytest.fixture(scope="session")
def random_system(random_matrix, random_vector):
    def make(kind, size, kappa=4.0, complex_matrix=False, complex_vector=False, seed=0):
        return LinearSystem(
            random_matrix(kind, size, kappa, complex_matrix, seed),
            random_vector(size, complex_vector, seed),
        )

    return make


@pytest.fixture
def small_backend(tmp_path):
    """Path of a backend that samples with given numbers of shots."""

    def make(default_shots, max_shots):
        path = tmp_path / f"small_{default_shots}_{max_shots}.toml"
        path.write_text(BACKEND_FILE.format(default_shots=default_shots, max_shots=max_shots))
        return path

    return make
