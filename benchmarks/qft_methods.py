"""Circuits for the Fourier transform, ours and the peers', each compiled in the peer's own way."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from qiskit import QuantumCircuit, transpile
from qiskit.circuit.library import QFTGate
from qiskit.synthesis import synth_qft_full, synth_qft_line
from qiskit.transpiler import CouplingMap

from circuits.fourier.choice import Metric, fourier_design
from qft_fidelity import sampled_infidelity

__all__ = ["BASIS", "PEERS", "Figures", "Peer", "measure_ours", "measure_peer"]

BASIS = ["cz", "rz", "sx", "x"]
OPTIMIZATION_LEVEL = 3
# Basis states that the infidelity is sampled from. Their matrix product states grow large where an
# output meets many inputs far away: all-to-all, exact, beyond 16 qubits.
SAMPLES = 24
LARGEST_EXACT = 16


@dataclass(frozen=True)
class Figures:
    """What is measured of a compiled circuit.

    ``infidelity_bound`` is what we promise, ``infidelity`` what was sampled of the compiled
    circuit, with its standard error; ``None`` where that was not done.
    """

    gates: int
    depth: int
    seconds: float
    infidelity_bound: float | None = None
    infidelity: float | None = None
    standard_error: float | None = None


@dataclass(frozen=True)
class Peer:
    """A peer's transform: how it is compiled, up to which size, and whether by a seed."""

    name: str
    exact: bool
    measure: Callable[[int, CouplingMap | None, int], Figures]
    largest: int = 64
    seeded: bool = True


def measure_ours(
    n: int, coupling: CouplingMap | None, epsilon: float, metric: Metric, *, check: bool
) -> tuple[str, Figures]:
    """Compile what ``fourier_design`` chooses, and check what became of it if asked to."""
    start = time.perf_counter()
    design = fourier_design(n, coupling, epsilon, metric=metric, swaps=False)
    compiled = _transpiled(design.circuit, coupling, 0, list(design.layout or range(n)))
    found = _figures(compiled, time.perf_counter() - start)
    infidelity = standard_error = None
    if check and (coupling is not None or epsilon or n <= LARGEST_EXACT):
        infidelity, standard_error = sampled_infidelity(compiled, design.permutation, SAMPLES)
    return design.method, replace(
        found,
        infidelity_bound=design.process_infidelity,
        infidelity=infidelity,
        standard_error=standard_error,
    )


def measure_peer(peer: Peer, n: int, coupling: CouplingMap | None, seeds: int) -> Figures:
    """Compile a peer's circuit with several seeds, and take the one with the fewest gates."""
    runs = range(seeds if peer.seeded else 1)
    return min((peer.measure(n, coupling, seed) for seed in runs), key=lambda found: found.gates)


def _transpiled(
    circuit: QuantumCircuit, coupling: CouplingMap | None, seed: int, layout: list[int] | None
) -> QuantumCircuit:
    return transpile(
        circuit,
        basis_gates=BASIS,
        coupling_map=coupling,
        initial_layout=layout,
        optimization_level=OPTIMIZATION_LEVEL,
        seed_transpiler=seed,
    )


def _figures(compiled: QuantumCircuit, seconds: float) -> Figures:
    gates = compiled.count_ops().get("cz", 0)
    return Figures(int(gates), compiled.depth(lambda item: item.operation.name == "cz"), seconds)


def _qiskit(build: Callable[[int], QuantumCircuit]) -> Callable[..., Figures]:
    def measure(n: int, coupling: CouplingMap | None, seed: int) -> Figures:
        start = time.perf_counter()
        compiled = _transpiled(build(n), coupling, seed, None)
        return _figures(compiled, time.perf_counter() - start)

    return measure


def _whole(n: int) -> QuantumCircuit:
    circuit = QuantumCircuit(n)
    circuit.append(QFTGate(n), range(n))
    return circuit


def _kept(n: int) -> int:
    """Terms for each qubit that the rule of thumb keeps, the Hadamard gate among them."""
    return min(n, math.ceil(math.log2(n)) + 2)


def _approximate(n: int) -> QuantumCircuit:
    return synth_qft_full(n, do_swaps=False, approximation_degree=n - _kept(n))


def _pytket(n: int, coupling: CouplingMap | None, *, exact: bool) -> Figures:
    """Optimise, place and route by pytket alone."""
    from pytket import OpType
    from pytket.architecture import Architecture
    from pytket.circuit import Circuit
    from pytket.passes import (
        AutoRebase,
        CliffordSimp,
        DecomposeSwapsToCXs,
        DefaultMappingPass,
        FullPeepholeOptimise,
        KAKDecomposition,
        SequencePass,
        SynthesiseTket,
    )

    start = time.perf_counter()
    circuit = Circuit(n)
    for t in reversed(range(n)):
        circuit.H(t)
        for c in reversed(range(max(0, t - (n if exact else _kept(n) - 1)), t)):
            circuit.CU1(1 / 2 ** (t - c), c, t)
    passes = [FullPeepholeOptimise()]
    if coupling is not None:
        device = Architecture(sorted({(min(pair), max(pair)) for pair in coupling}))
        # Of the orders tried, the one with the fewest gates after routing.
        passes += [DefaultMappingPass(device), DecomposeSwapsToCXs(device)]
        passes += [KAKDecomposition(allow_swaps=False), CliffordSimp(False), SynthesiseTket()]
    passes += [AutoRebase({OpType.CZ, OpType.Rz, OpType.SX, OpType.X})]
    SequencePass(passes).apply(circuit)
    count, depth = circuit.n_gates_of_type(OpType.CZ), circuit.depth_by_type(OpType.CZ)
    return Figures(count, depth, time.perf_counter() - start)


def _pytket_measure(*, exact: bool) -> Callable[..., Figures]:
    def measure(n: int, coupling: CouplingMap | None, seed: int) -> Figures:  # noqa: ARG001
        return _pytket(n, coupling, exact=exact)

    return measure


PEERS: tuple[Peer, ...] = (
    Peer("Qiskit QFTGate", True, _qiskit(_whole)),
    Peer("Qiskit synth_qft_line", True, _qiskit(lambda n: synth_qft_line(n))),
    Peer("Qiskit synth_qft_full, approximate", False, _qiskit(_approximate)),
    Peer("pytket", True, _pytket_measure(exact=True), 16, False),
    Peer("pytket, approximate", False, _pytket_measure(exact=False), 16, False),
)
