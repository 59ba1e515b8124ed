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
from circuits.tensor_network.exact_network import (
    exact_network,
    fewest_two_qubit_gates,
    site_by_site_network,
)
from circuits.tensor_network.gate_network import GateNetwork, staircase
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

LARGEST_APPROXIMATED = 8
"""Largest bond of a real state of which each site is approximated, as a start."""

LARGEST_WINDOW = 6
"""Qubits of a block of a gate network; the cost of optimisation is as four to this power."""

_LOST = 3.0
"""Infidelity of the start, as a multiple of that asked for: optimisation wins most of it back."""

_LEAST_LOST = 0.01
_LOOSER = 4.0


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
        For fewest gates, the cheapest of these. The state, truncated as far as the fidelity
        allows, site by site: by closed formulas (`mps_preparation`), or if real by a numerical
        search (`exact_network`), for bonds 3 to 16 if it is to be exact, else 3 to 8. Or a network
        grown from a start, by gates added where they gain most, one in each block of sites, all
        being optimised again after each round. Starts are, of real states of bonds 3 to 8, a
        network that is nearly right at each site (`site_by_site_network`), and a staircase that is
        exact at bond 2. What could not beat the other ways before the fidelity is reached, by the
        gain of its last round, is given up.

        A round costs at most 500 iterations of O(n g (4**w + 2**w r)), for n sites of bond r, at
        most g gates in a block, and windows of w qubits, the least that hold the bond, at most
        `LARGEST_WINDOW`: for 64 sites of bond 8 some 20 s in all.

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
    direct = prepared_site_by_site(state, enough, compiled)
    found = [direct]
    bond = _bond(enough)
    exact = fidelity > 1 - EXACT
    if exact:
        found += _searched(state, enough, limit, compiled)
    if bond > 2 and not (exact and _reaching(found, fidelity, limit)):
        below = min(limit, direct.two_qubit_gates - 1)
        hopeful = limit < direct.two_qubit_gates
        found += _approximated(state, enough, fidelity, below, target, hopeful=hopeful)
        if not exact and bond <= LARGEST_APPROXIMATED:
            reaching = [prepared.two_qubit_gates for prepared in _reaching(found, fidelity, limit)]
            found += _searched(state, enough, min([limit, *reaching]), compiled)
    reaching_ones = _reaching(found, fidelity, limit)
    if reaching_ones:
        return min(reaching_ones, key=lambda prepared: prepared.two_qubit_gates)
    allowed = [prepared for prepared in found if prepared.two_qubit_gates <= limit]
    if not allowed:
        return _best_truncated(state, limit, compiled)
    return max(allowed, key=lambda prepared: prepared.fidelity)


def _approximated(
    state: Sequence[Matrix],
    enough: Sequence[Matrix],
    fidelity: float,
    limit: float,
    target: Target | None,
    *,
    hopeful: bool,
) -> list[PreparedMPS]:
    """Grow networks from two starts, the second as long as it may beat the first."""
    window = min((_bond(enough) - 1).bit_length() + 1, LARGEST_WINDOW)
    pairs = _pairs(window, target)
    if not hopeful and _real_up_to(LARGEST_SEARCHED, enough):
        # With more gates the network has more parameters than an exact one.
        limit = min(limit, fewest_two_qubit_gates(len(enough), _bond(enough)))

    def grown(start: GateNetwork, most: float, persistent: bool) -> PreparedMPS | None:
        return grown_network(
            state, start, fidelity, most, compiler(target), pairs, hopeful=persistent
        )

    found: list[PreparedMPS] = []
    if _real_up_to(LARGEST_APPROXIMATED, enough):
        truncated = truncate(state, 2 ** (window - 1))
        lost = max(_LOST * (1 - fidelity), _LEAST_LOST)
        while lost <= 1 and not found:
            start = site_by_site_network(truncated, lost)
            few = start.two_qubit_gates() <= limit
            network = grown(start, limit, hopeful) if few else None
            found = [network] if network else []
            lost *= _LOOSER
    reaching = [prepared.two_qubit_gates for prepared in _reaching(found, fidelity, limit)]
    below = min([limit, *(gates - 1 for gates in reaching)])
    network = grown(staircase(truncate(state, 2), window), below, hopeful and not reaching)
    return [*found, network] if network else found


def _searched(
    state: Sequence[Matrix], truncated: Sequence[Matrix], limit: float, compiled: Compiler
) -> list[PreparedMPS]:
    """Search for the exact circuit of a truncated state, unless it is bound to exceed the limit."""
    if not _real_up_to(LARGEST_SEARCHED, truncated):
        return []
    if fewest_two_qubit_gates(len(truncated), _bond(truncated)) > limit:
        return []
    network = exact_network(truncated)
    return [prepared_by_network(state, network, "network", compiled)] if network else []


def _real_up_to(bond: int, tensors: Sequence[Matrix]) -> bool:
    """Whether there are counts of real gates for the state: bonds from 3 to a largest."""
    return 3 <= _bond(tensors) <= bond and not any(map(np.iscomplexobj, tensors))


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
