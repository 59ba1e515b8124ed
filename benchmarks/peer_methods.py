"""Methods that the linear solvers of qml-algos are compared with, and how their circuits are had.

Packages that need an environment of their own build their circuit there, by a script of
``peers/``, and hand it over in a file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from qiskit import QuantumCircuit, qasm2, qpy
from qiskit.quantum_info import SparsePauliOp

from linear_cases import Case
from stock_qsvt import dense_dilation, inversion_polynomial, shift_encoding, stock_qsvt

__all__ = ["METHODS", "Built", "Method", "Setting"]

PEERS = Path(__file__).parent / "peers"
EPSILON = 1e-2


@dataclass(frozen=True)
class Setting:
    """Where peers run: python of each environment by the group's name, and seconds allowed."""

    pythons: Mapping[str, str]
    timeout: float


@dataclass(frozen=True, eq=False)
class Built:
    """A circuit, and where its solution is.

    On the qubits ``data``, lowest first, where of all others those in ``ones`` are 1 and the rest
    are 0.
    """

    circuit: QuantumCircuit
    data: list[int]
    ones: list[int]
    build_seconds: float
    versions: dict[str, str]


@dataclass(frozen=True, eq=False)
class Method:
    """A peer: its name, the environment it needs, and the systems that it is run on.

    ``slow`` are systems that take it minutes to hours, run on demand only; ``diagonalises`` says
    whether it takes eigenvectors of A or a dense function of it to build the circuit.
    """

    name: str
    group: str
    build: Callable[[Case, Setting], Built]
    cases: tuple[str, ...]
    slow: tuple[str, ...] = ()
    diagonalises: bool = False


def _stock(case: Case, _: Setting, *, shift: bool) -> Built:
    start = time.perf_counter()
    if shift:
        diagonal, beside = case.matrix[0, 0], case.matrix[0, 1]
        encoding = shift_encoding(case.size.bit_length() - 1, diagonal, beside)
    else:
        encoding = dense_dilation(case.matrix.toarray())
    circuit = stock_qsvt(encoding, case.b, case.smallest, EPSILON)
    seconds = time.perf_counter() - start
    versions = {name: version(name) for name in ("qiskit", "numpy", "scipy")}
    return Built(circuit, list(range(encoding.system_qubits)), [], seconds, versions)


def _elsewhere(
    case: Case,
    python: str,
    script: str,
    timeout: float,
    *options: str,
    polynomial: ArrayLike = (),
) -> Built:
    """Let a script of ``peers/`` build the circuit."""
    with tempfile.TemporaryDirectory() as folder:
        names = ("in.npz", "out.circuit", "out.json")
        problem, written, report = (Path(folder, name) for name in names)
        np.savez(problem, A=case.matrix.toarray(), b=case.b, polynomial=polynomial)
        command = [python, "-W", "ignore", *map(str, (PEERS / script, problem, written, report))]
        subprocess.run(
            [*command, *options], check=True, timeout=timeout, capture_output=True, text=True
        )
        facts = json.loads(report.read_text())
        if written.read_bytes().startswith(b"QISKIT"):
            with written.open("rb") as file:
                [circuit] = qpy.load(file)
        else:
            # The older gate names that not every writer of OpenQASM 2 defines.
            circuit = qasm2.load(written, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
    built = (facts[key] for key in ("data_qubits", "ones", "build_seconds", "versions"))
    return Built(circuit, *built)


def _quantum_linear_solvers(case: Case, setting: Setting, *options: str) -> Built:
    python = setting.pythons["quantum-linear-solvers"]
    script = "quantum_linear_solvers_hhl.py"
    return _elsewhere(case, python, script, setting.timeout, *options)


def _qrisp(case: Case, setting: Setting, method: str, epsilon: str) -> Built:
    options = ("--method", method, "--epsilon", epsilon)
    return _elsewhere(case, setting.pythons["qrisp"], "qrisp_linear.py", setting.timeout, *options)


def _pennylane(case: Case, setting: Setting) -> Built:
    # The sum of the absolute Pauli coefficients is the subnormalisation of PrepSelPrep.
    alpha = float(np.sum(np.abs(SparsePauliOp.from_operator(case.matrix.toarray()).coeffs)))
    polynomial = inversion_polynomial(alpha / case.smallest, EPSILON)
    script = "pennylane_linear.py"
    return _elsewhere(case, sys.executable, script, setting.timeout, polynomial=polynomial)


METHODS = (
    Method(
        "Qiskit parts, shift encoding, QSVT",
        "stock",
        lambda case, setting: _stock(case, setting, shift=True),
        ("tri 4", "tri 8", "tri 16", "tri 32"),
    ),
    Method(
        "Qiskit parts, dense dilation, QSVT",
        "stock",
        lambda case, setting: _stock(case, setting, shift=False),
        ("tri 4", "tri 8", "tri 16", "spd 4", "spd 16"),
        diagonalises=True,
    ),
    Method(
        "quantum-linear-solvers, NumPyMatrix",
        "quantum-linear-solvers",
        _quantum_linear_solvers,
        ("tri 4", "tri 8", "tri 16", "spd 4", "spd 16"),
        diagonalises=True,
    ),
    Method(
        "quantum-linear-solvers, TridiagonalToeplitz",
        "quantum-linear-solvers",
        lambda case, setting: _quantum_linear_solvers(case, setting, "--toeplitz"),
        ("tri 4", "tri 8", "tri 16", "tri 32"),
    ),
    Method(
        "Qrisp, QSVT, eps 0.01",
        "qrisp",
        lambda case, setting: _qrisp(case, setting, "qsvt", "0.01"),
        ("tri 4", "tri 8", "tri 16"),
        slow=("tri 32", "spd 4"),
    ),
    Method(
        "Qrisp, QSVT, eps 0.1",
        "qrisp",
        lambda case, setting: _qrisp(case, setting, "qsvt", "0.1"),
        ("tri 4", "tri 8", "tri 16"),
        slow=("tri 32", "spd 4"),
    ),
    Method(
        "Qrisp, Dalzell, eps 0.01",
        "qrisp",
        lambda case, setting: _qrisp(case, setting, "dalzell", "0.01"),
        ("tri 4", "tri 8", "tri 16"),
        slow=("tri 32", "spd 4"),
    ),
    Method(
        "PennyLane, PrepSelPrep, qsvt",
        "pennylane",
        _pennylane,
        ("tri 4", "tri 8"),
        slow=("tri 16", "spd 4"),
    ),
)
