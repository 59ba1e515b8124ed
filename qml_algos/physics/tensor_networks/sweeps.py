"""Two-site sweeps of the density-matrix renormalisation group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Cores
from qml_algos.physics.tensor_networks.blocks import (
    Block,
    left_side,
    product_of,
    reduced,
    right_side,
)
from qml_algos.physics.tensor_networks.lanczos import lowest_eigenvector
from qml_algos.physics.tensor_networks.mpo import MatrixProductOperator


@dataclass(frozen=True)
class Effort:
    """How carefully a sweep works.

    Attributes
    ----------
    bond_dimension
        Schmidt vectors to keep at most.
    truncation
        Weight (sum of squared Schmidt values) to discard at most at each bond.
    residual, steps
        Of the eigenvectors, as in `lowest_eigenvector`.
    mixing
        Weight of what each of the Hamiltonian's operators makes of a block in its density matrix;
        S. R. White, Phys. Rev. B 72, 180403 (2005).
    """

    bond_dimension: int
    truncation: float
    residual: float
    steps: int
    mixing: float


class Sweeper:
    """A state under optimisation, and the blocks of the Hamiltonian beside each of its bonds.

    Parameters
    ----------
    cores
        A state of centre 0, norm 1 and at least two sites.
    operator
        The Hamiltonian.
    """

    def __init__(self, cores: Cores, operator: MatrixProductOperator) -> None:
        dtype = np.result_type(*cores, *operator.cores)
        self.cores: Cores = [core.astype(dtype) for core in cores]
        self._operator = operator.cores
        edge: Block = np.ones((1, 1, 1), dtype=dtype)
        self._lefts: list[Block] = [edge] * len(cores)
        self._rights: list[Block] = [edge] * len(cores)
        for k in range(len(cores) - 1, 1, -1):
            core = self.cores[k]
            basis = core.reshape(len(core), -1).T
            self._rights[k - 1] = reduced(
                right_side(self._rights[k], self._operator[k]).block, basis
            )

    def sweep(self, effort: Effort) -> tuple[float, float]:
        """Sweep there and back.

        Returns
        -------
        energy, weight
            Of the last pair before it was truncated, and the largest weight that was discarded on
            the way back.
        """
        last = len(self.cores) - 2
        for k in range(last):
            energy, weight = self._optimise(k, effort, rightwards=True)
        largest = 0.0
        for k in range(last, -1, -1):
            energy, weight = self._optimise(k, effort, rightwards=False)
            largest = max(largest, weight)
        return energy, largest

    def _optimise(self, k: int, effort: Effort, *, rightwards: bool) -> tuple[float, float]:
        """Optimise cores k and k + 1 together, and move the centre to one of them."""
        left = left_side(self._lefts[k], self._operator[k])
        right = right_side(self._rights[k + 1], self._operator[k + 1])
        pair = np.tensordot(self.cores[k], self.cores[k + 1], 1)
        energy, vector = lowest_eigenvector(
            product_of(left, right), pair.reshape(-1), effort.residual, effort.steps
        )
        state = vector.reshape(left.block.shape[1], -1)
        shapes = (len(self.cores[k]), 2, -1), (-1, 2, self.cores[k + 1].shape[2])
        if rightwards:
            basis, weight = _kept(_density(left.block, state, effort.mixing), effort)
            rest = basis.conj().T @ state
            self.cores[k] = basis.reshape(shapes[0])
            self.cores[k + 1] = (rest / np.linalg.norm(rest)).reshape(shapes[1])
            self._lefts[k + 1] = reduced(left.block, basis)
        else:
            basis, weight = _kept(_density(right.block, state.T, effort.mixing), effort)
            rest = state @ basis.conj()
            self.cores[k] = (rest / np.linalg.norm(rest)).reshape(shapes[0])
            self.cores[k + 1] = basis.T.reshape(shapes[1])
            self._rights[k] = reduced(right.block, basis)
        return energy, weight


def _density(block: Block, state: NDArray[Any], mixing: float) -> NDArray[Any]:
    """Density matrix of the block that the rows of a state are of.

    With what the Hamiltonian makes of the block mixed in, a state that it has not reached yet is
    kept too, such as one that only a distant site connects to.
    """
    density: NDArray[Any] = state @ state.conj().T
    if mixing > 0:
        images = block @ state
        squares = np.einsum("wij,wij->w", images, images.conj()).real
        images = images[squares > 0] / np.sqrt(squares[squares > 0])[:, None, None]
        density += mixing * (images @ images.conj().transpose(0, 2, 1)).sum(axis=0)
    return density


def _kept(gram: NDArray[Any], effort: Effort) -> tuple[NDArray[Any], float]:
    """Schmidt vectors that are kept, as columns, and the weight that is discarded.

    Squares of Schmidt values from a product with the adjoint are exact to 1e-16 of the norm, which
    is below any weight that could matter, and take half of the time of the values themselves.
    """
    squares, vectors = np.linalg.eigh(gram)
    lost = np.cumsum(np.maximum(squares, 0))
    fewest = len(squares) - min(effort.bond_dimension, len(squares))
    cut = max(min(int(np.sum(lost <= effort.truncation)), len(squares) - 1), fewest)
    return vectors[:, cut:], float(lost[cut - 1]) if cut else 0.0
