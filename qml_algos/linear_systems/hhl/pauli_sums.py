"""Evolution of matrices that are sums of few Pauli strings, by product formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from qiskit import QuantumCircuit
from qiskit.quantum_info import PauliList, SparsePauliOp

from circuits.multiplexed import walsh_hadamard
from circuits.path_encoding import gray_code
from circuits.path_evolution import path_formula
from circuits.product_formula import ProductFormula, ProductFormulaEvolution, formulas
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures import PauliSum, Spectrum, Structure, Toeplitz

MAX_STRINGS = 256
"""A matrix that is a sum of more strings is not evolved by a product formula."""

_MAX_PATH_QUBITS = 8
_ROUNDING = 1e-13


@dataclass(frozen=True, eq=False)
class PauliMatrix:
    """A sum of Pauli strings, or the Hermitian dilation of one; see `evolutions.EvolvedMatrix`.

    ``choices`` makes formulas for the sum divided by a number.
    """

    choices: Callable[[float], list[ProductFormula]]
    structure: Structure
    dilated: bool
    frame: QuantumCircuit | None
    description: str
    exact: bool = False

    @property
    def layout(self) -> Layout:
        """That of the structure."""
        return self.structure.layout

    @property
    def spectrum(self) -> Spectrum:
        """That of the structure."""
        return self.structure.spectrum

    def evolution(self, unit: float, time: float, deviation: float) -> ProductFormulaEvolution:
        """Evolve by the cheapest formula."""
        found = self.choices(unit)
        spectrum = self.spectrum
        norm = spectrum.largest / abs(unit) + abs(found[0].identity)
        if spectrum.lowest is not None and spectrum.highest is not None and not self.dilated:
            ends = np.array([spectrum.lowest, spectrum.highest]) / unit
            norm = float(np.max(np.abs(ends - found[0].identity)))
        return ProductFormulaEvolution.cheapest(found, deviation, time, norm=norm, frame=self.frame)


def pauli_matrix(structure: Structure, order: int | None, *, thorough: bool) -> PauliMatrix | None:
    """Find a sum of few Pauli strings; ``None`` if there is none.

    Parameters
    ----------
    structure
        The matrix.
    order
        Of the product formula; chosen by cost if ``None``.
    thorough
        Whether to look for one where the structure does not suggest it: by transforming the
        entries, O(N log N) for each pattern ``row XOR column`` that occurs.
    """
    if isinstance(structure, Toeplitz) and _is_short_path(structure):
        return _path(structure, order)
    if isinstance(structure, PauliSum):
        operator: SparsePauliOp | None = structure.operator
    else:
        operator = pauli_strings(structure) if thorough else None
    if operator is None or len(operator) > MAX_STRINGS:
        return None
    dilated = not structure.hermitian
    hermitian = _dilation(operator) if dilated else operator

    def choices(unit: float) -> list[ProductFormula]:
        return formulas(ProductFormula.of(hermitian / unit), order)

    count = len(operator)
    description = f"product formula for {count} Pauli string{'s' if count > 1 else ''}"
    return PauliMatrix(choices, structure, dilated, None, description)


def pauli_strings(structure: Structure) -> SparsePauliOp | None:
    """Write a matrix of 2**n rows as a sum of at most ``MAX_STRINGS`` Pauli strings, if it is one.

    Entries with one pattern ``row XOR column`` are a diagonal times a string of X; its
    Walsh-Hadamard transform gives the strings of Z.
    """
    if not structure.layout.full:
        return None
    entries = scipy.sparse.coo_array(structure.matrix())
    n = structure.layout.total_qubits
    rows, columns = (np.asarray(c, dtype=np.int64) for c in entries.coords)
    flips = rows ^ columns
    patterns = np.unique(flips)
    if patterns.size > MAX_STRINGS:
        return None
    strings, coefficients = [], []
    floor = _ROUNDING * float(np.max(np.abs(entries.data)))
    for pattern in patterns:
        chosen = flips == pattern
        diagonal = np.zeros(2**n, dtype=complex)
        diagonal[columns[chosen]] = entries.data[chosen]
        weights = (walsh_hadamard(diagonal.real) + 1j * walsh_hadamard(diagonal.imag)) / 2**n
        for mask in np.flatnonzero(np.abs(weights) > floor):
            strings.append((int(pattern), int(mask)))
            coefficients.append(complex(weights[mask]))
        if len(strings) > MAX_STRINGS:
            return None
    bits = np.array(strings)[:, :, None] >> np.arange(n) & 1
    # X^x Z^z is the string with that many Y times a power of -i.
    turns = np.sum(bits[:, 0] & bits[:, 1], axis=1)
    paulis = PauliList.from_symplectic(bits[:, 1].astype(bool), bits[:, 0].astype(bool))
    return SparsePauliOp(paulis, np.array(coefficients) * (-1j) ** turns)


def _path(structure: Toeplitz, order: int | None) -> PauliMatrix:
    n = structure.layout.total_qubits
    diagonal = float(np.real(structure.coefficients.get(0, 0.0)))
    neighbour = float(np.real(structure.coefficients[1]))

    def choices(unit: float) -> list[ProductFormula]:
        return formulas(path_formula(n, diagonal / unit, neighbour / unit), order)

    description = "product formula for two matchings of a path"
    return PauliMatrix(choices, structure, False, gray_code(n), description)


def _is_short_path(structure: Toeplitz) -> bool:
    return (
        set(structure.coefficients) - {0} == {-1, 1}
        and structure.real
        and structure.hermitian
        and structure.layout.full
        and structure.layout.total_qubits <= _MAX_PATH_QUBITS
    )


def _dilation(operator: SparsePauliOp) -> SparsePauliOp:
    """``[[0, A], [A^dagger, 0]]``: X times the Hermitian and -Y times the anti-Hermitian part."""
    hermitian = SparsePauliOp(operator.paulis, operator.coeffs.real)
    rest = SparsePauliOp(operator.paulis, -operator.coeffs.imag)
    both = SparsePauliOp("X").tensor(hermitian) + SparsePauliOp("Y").tensor(rest)
    return both.simplify(atol=0, rtol=0)
