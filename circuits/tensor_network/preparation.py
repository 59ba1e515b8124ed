"""The circuit of fewest two-qubit gates, or of least depth, that prepares a state well enough."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from qiskit.transpiler import Target

from circuits.matrix_product_state import compress, truncate
from circuits.tensor_network.brick_wall import grown_wall
from circuits.tensor_network.exact_network import exact_network, fewest_two_qubit_gates
from circuits.tensor_network.growth import grown_network
from circuits.tensor_network.prepared import (
    Compiler,
    PreparedMPS,
    compiler,
    prepared_by_network,
    prepared_site_by_site,
)

Matrix = NDArray[Any]
Objective = Literal["gates", "depth"]

EXACT = 1e-12
"""Infidelity that counts as rounding."""

LARGEST_SEARCHED = 16
"""Largest bond of a real state whose exact circuit is searched for."""

LARGEST_WINDOW = 6
"""Qubits of a block of a gate network; the cost of optimisation is as four to this power."""


def prepare_mps(
    tensors: Sequence[Matrix],
    *,
    fidelity: float = 1.0,
    max_two_qubit_gates: int | None = None,
    target: Target | None = None,
    objective: Objective = "gates",
) -> PreparedMPS:
    r"""Prepare a matrix product state to a fidelity, with few two-qubit gates or at a low depth.

    Parameters
    ----------
    tensors
        One array ``(left bond, 2, right bond)`` for each site, real or complex, in any gauge and
        of any norm; the outer bonds are 1. Real ones take gates of 2 CX, complex ones of 3.
    fidelity
        Least squared overlap, above 0 and at most 1.
    max_two_qubit_gates
        None for as many as it takes. A limit goes before the fidelity: if both cannot be had, the
        best state found within the limit is returned, and its ``fidelity`` says so.
    target
        Device to count gates on. Unless all its qubits are coupled, gates of a network are on
        neighbouring sites only, which takes no SWAP where the device has a line of qubits.
    objective
        What to make least: ``"gates"``, two-qubit gates, or ``"depth"``, layers of them.

    Returns
    -------
    PreparedMPS
        For fewest gates, the cheapest of three. The state, truncated as far as the fidelity
        allows, site by site: by closed formulas (`mps_preparation`), or if real and of bonds 3 to
        16 by a numerical search (`exact_network`). Or a staircase of gates that is exact at bond
        2, to which gates are added where they gain most, one in each block of sites, all being
        optimised again after each round: a round costs O(500 g 2**w r) for g gates, a state of
        bond r and windows of w qubits, the least that hold the bond, at most `LARGEST_WINDOW`.

        For least depth, the shallower of that and of a brick wall of l layers (`grown_wall`), of
        ``2 l - 1`` CX if real and ``3 l - 2`` if complex. Its layers grow like the logarithm of
        the number of sites where correlations fall off exponentially. Where they do not, or the
        state is to be exact, there is no wall.

    Raises
    ------
    ValueError
        If a tensor or bond has the wrong shape or is not finite, the vector is zero, or an
        argument is out of its range.

    References
    ----------
    S.-J. Ran, Phys. Rev. A 101, 032310 (2020), arXiv:1908.07958. M. Rudolph et al., Quantum Sci.
    Technol. 9, 015012 (2024), arXiv:2209.00595. For depth: D. Malz, G. Styliaris, Z.-Y. Wei, J. I.
    Cirac, Phys. Rev. Lett. 132, 040404 (2024), by whom a depth of O(log(n / error)) suffices and is
    needed where correlations fall off exponentially; their circuits, of isometries on blocks, are
    not used.
    """
    arrays = [np.asarray(tensor) for tensor in tensors]
    if not any(np.any(np.imag(tensor)) for tensor in arrays):
        arrays = [np.real(tensor) for tensor in arrays]
    _require_arguments(arrays, fidelity, max_two_qubit_gates, target, objective)
    state, _ = compress(arrays, 0.0)
    # Unit vectors of this fidelity are this far apart.
    distance = math.sqrt(2 - 2 * math.sqrt(fidelity))
    enough, _ = compress(state, distance)
    limit = math.inf if max_two_qubit_gates is None else max_two_qubit_gates
    if objective == "depth":
        return _least_depth(state, enough, fidelity, limit, target)
    return _fewest_gates(state, enough, fidelity, limit, target)


def _least_depth(
    state: Sequence[Matrix],
    enough: Sequence[Matrix],
    fidelity: float,
    limit: float,
    target: Target | None,
) -> PreparedMPS:
    """Choose between a wall and the circuit of fewest gates, which is left out if it cannot win."""
    found = []
    if fidelity <= 1 - EXACT and _bond(enough) > 1 and len(state) > 2:
        wall = grown_wall(state, fidelity, limit)
        if wall is not None:
            found.append(prepared_by_network(state, wall, "log-depth", compiler(target)))
    # Bonds above 1 take a gate for each further site, one after another.
    least = len(state) - 1 if min(tensor.shape[2] for tensor in enough[:-1]) > 1 else 0
    if not _reaching(found, fidelity, limit) or found[0].two_qubit_depth >= least:
        found.append(_fewest_gates(state, enough, fidelity, limit, target))
    reaching = _reaching(found, fidelity, limit)
    if reaching:
        return min(reaching, key=lambda prepared: prepared.two_qubit_depth)
    allowed = [prepared for prepared in found if prepared.two_qubit_gates <= limit]
    return max(allowed, key=lambda prepared: prepared.fidelity)


def _reaching(found: Sequence[PreparedMPS], fidelity: float, limit: float) -> list[PreparedMPS]:
    return [
        prepared
        for prepared in found
        if prepared.fidelity >= fidelity and prepared.two_qubit_gates <= limit
    ]


def _fewest_gates(
    state: Sequence[Matrix],
    enough: Sequence[Matrix],
    fidelity: float,
    limit: float,
    target: Target | None,
) -> PreparedMPS:
    """Choose between a truncated state prepared exactly and a network that approximates."""
    compiled = compiler(target)
    bond = _bond(enough)
    direct = _exact(state, enough, limit, compiled)
    within = direct.two_qubit_gates <= limit
    if within and (bond <= 2 or fidelity > 1 - EXACT):
        return direct
    if bond <= 2:
        return _best_truncated(state, limit, compiled)
    limit = min(limit, direct.two_qubit_gates - 1)
    window = min((bond - 1).bit_length() + 1, LARGEST_WINDOW)
    network = grown_network(state, window, fidelity, limit, compiled, _pairs(window, target))
    if within:
        return direct if network is None or network.fidelity < fidelity else network
    return network or _best_truncated(state, limit, compiled)


def _exact(
    state: Sequence[Matrix], truncated: Sequence[Matrix], limit: float, compiled: Compiler
) -> PreparedMPS:
    """Prepare a truncated state exactly, by the cheaper method; no search if above the limit."""
    sequential = prepared_site_by_site(state, truncated, compiled)
    bond = _bond(truncated)
    if not 3 <= bond <= LARGEST_SEARCHED or any(map(np.iscomplexobj, truncated)):
        return sequential
    if fewest_two_qubit_gates(len(truncated), bond) > limit:
        return sequential
    network = exact_network(truncated)
    if network is None:
        return sequential
    searched = prepared_by_network(state, network, "network", compiled)
    return min(searched, sequential, key=lambda prepared: prepared.two_qubit_gates)


def _best_truncated(state: Sequence[Matrix], limit: float, compiled: Compiler) -> PreparedMPS:
    """Truncate the state to bond 2 if that is within the limit, to a product state otherwise."""
    chain = prepared_site_by_site(state, truncate(state, 2), compiled)
    if chain.two_qubit_gates <= limit:
        return chain
    return prepared_site_by_site(state, truncate(state, 1), compiled)


def _bond(tensors: Sequence[Matrix]) -> int:
    return max(int(tensor.shape[2]) for tensor in tensors)


def _pairs(window: int, target: Target | None) -> list[tuple[int, int]]:
    """Places in a window that may be coupled."""
    if target is None or _all_coupled(target):
        return list(itertools.combinations(range(window), 2))
    return list(itertools.pairwise(range(window)))


def _all_coupled(target: Target) -> bool:
    coupling = target.build_coupling_map()
    if coupling is None:
        return True
    coupled = {frozenset(edge) for edge in coupling.get_edges()}
    return len(coupled) == math.comb(coupling.size(), 2)


def _require_arguments(
    tensors: Sequence[Matrix],
    fidelity: float,
    limit: int | None,
    target: Target | None,
    objective: str,
) -> None:
    for site, tensor in enumerate(tensors):
        if not np.all(np.isfinite(tensor)):
            raise ValueError(f"tensors[{site}] contains NaN or infinity: entries must be finite")
    if not 0 < fidelity <= 1:
        raise ValueError(f"fidelity is {fidelity}: above 0 and at most 1 is needed")
    if limit is not None and limit < 0:
        raise ValueError(f"max_two_qubit_gates is {limit}: 0 or more is needed, or None")
    if objective not in get_args(Objective):
        raise ValueError(f"objective is {objective!r}: one of {get_args(Objective)} is needed")
    qubits = None if target is None else target.num_qubits
    if qubits is not None and qubits < len(tensors):
        raise ValueError(f"target has {qubits} qubits: {len(tensors)} are needed, one for a site")
