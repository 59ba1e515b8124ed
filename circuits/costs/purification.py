"""Costs of data and density matrices as reduced states of a larger register."""

from __future__ import annotations

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, layer
from circuits.costs.isometry import unitary_cost
from circuits.costs.multiplexed import multiplexed_state_cost, require_count
from circuits.costs.state_preparation import index_state_cost


def purified_data_cost(
    samples: int, features: int, *, rank: int | None = None, real: bool = True
) -> GateCounts:
    """Count `circuits.density_matrix.purified_data` of general data by its method ``"qr"``.

    Parameters
    ----------
    samples, features
        Shape of the data; at least two features.
    rank
        Of the data; the smaller side by default.
    real
        Whether the data are.

    Returns
    -------
    GateCounts
        Gates exact: with N qubits, ``ceil(log2(features))`` and ``ceil(log2(rank))``,
        ``2**N - N - 1`` CX and ``2**N - 1`` rotations; for complex data ``2**N - 2`` CX and
        ``2**N - 1`` rotations more. That is proportional to the size of the matrix of ``rank``
        rows that is left of the data: no quantum memory is modelled.

    Raises
    ------
    ValueError
        If there is no sample, are fewer than two features, or the rank does not fit.
    """
    require_count(samples, "samples", 1)
    require_count(features, "features", 2)
    smaller = min(samples, features)
    rows = smaller if rank is None else rank
    if not 1 <= rows <= smaller:
        raise ValueError(f"rank = {rank}: from 1 to the smaller side, {smaller}, is needed")
    qubits = (features - 1).bit_length() + (rows - 1).bit_length()
    return multiplexed_state_cost(0, qubits, real=real)


def purified_density_matrix_cost(
    dimension: int, *, rank: int | None = None, real: bool = True
) -> GateCounts:
    """Count `circuits.density_matrix.purified_density_matrix` of a general density matrix.

    Parameters
    ----------
    dimension
        Number d of rows, at least 2.
    rank
        Of the density matrix; d by default.
    real
        Whether it is.

    Returns
    -------
    GateCounts
        Gates exact, as of `purified_data_cost` for d features.

    Raises
    ------
    ValueError
        If the dimension is below 2, or the rank does not fit.
    """
    require_count(dimension, "dimension", 2)
    return purified_data_cost(dimension, dimension, rank=rank, real=real)


def diagonalised_data_bound(features: int, rank: int, *, real: bool = True) -> GateCounts:
    """Bound the gates of `circuits.density_matrix.purified_data` by its method ``"svd"``.

    Parameters
    ----------
    features
        Number of columns, at least 2.
    rank
        Of the data.
    real
        Whether the data are.

    Returns
    -------
    GateCounts
        Upper bounds: CX of the cheaper of what ``"qr"`` takes, and singular values, a copy of their
        index and a unitary of the features; of all else the larger of both.

    Raises
    ------
    ValueError
        If there are fewer than two features, or the rank does not fit.
    """
    direct = purified_data_cost(rank, features, rank=rank, real=real)
    samples, columns = (rank - 1).bit_length(), (features - 1).bit_length()
    turned = index_state_cost(samples) + layer(CX, samples) + unitary_cost(columns)
    return GateCounts(
        qubits=direct.qubits,
        two_qubit_gates=min(direct.two_qubit_gates, turned.two_qubit_gates),
        rotations=max(direct.rotations, turned.rotations),
        two_qubit_depth=min(direct.two_qubit_gates, turned.two_qubit_gates),
        rotation_depth=max(direct.rotation_depth, turned.rotation_depth),
    )
