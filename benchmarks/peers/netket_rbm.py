"""Find the ground state of a ring of spins with NetKet's symmetric restricted Boltzmann machine.

Runs in the environment of ``requirements-netket.txt`` in this folder, and needs nothing else of the
project: ``python netket_rbm.py OUT.json --model heisenberg --sites 20``. Seconds are those of the
processor: of all, and without imports, compilation and set-up.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax  # type: ignore[import-not-found]
import netket as nk  # type: ignore[import-not-found]
import optax  # type: ignore[import-not-found]


def main() -> None:
    """Train, evaluate, and write what was reached."""
    options = parse_options()
    graph = nk.graph.Chain(options.sites, pbc=True)
    hamiltonian, sampler = problem(options, graph)
    machine = nk.models.RBMSymm(
        symmetries=graph.translation_group(), alpha=options.alpha, use_visible_bias=False
    )
    state = nk.vqs.MCState(
        sampler, machine, n_samples=options.samples, seed=options.seed, sampler_seed=options.seed
    )
    # Without a trust region the first steps must be short: at a constant rate of 0.1 all chains end
    # in one configuration, from which no gradient leads away.
    rate = optax.warmup_cosine_decay_schedule(
        options.last, options.rate, options.iterations // 5, options.iterations, options.last
    )
    driver = nk.driver.VMC_SR(
        hamiltonian, optax.sgd(rate), diag_shift=options.shift, variational_state=state
    )
    driver.run(2, out=None, show_progress=False)
    jax.block_until_ready(state.parameters)
    start = time.process_time()
    driver.run(options.iterations - 2, out=None, show_progress=False)
    jax.block_until_ready(state.parameters)
    steps = (time.process_time() - start) * options.iterations / (options.iterations - 2)
    state.n_samples = options.final_samples
    found = state.expect(hamiltonian)
    everything = time.process_time()
    # Once more, now that it is compiled.
    start = time.process_time()
    state.reset()
    again = state.expect(hamiltonian)
    jax.block_until_ready(again.mean)
    report = {
        "energy": float(found.mean.real),
        "error": float(found.error_of_mean),
        "variance": float(found.variance),
        "parameters": int(state.n_parameters),
        "seconds": everything,
        "seconds_compiled": steps + time.process_time() - start,
        "versions": {name: version(name) for name in ("netket", "jax", "numpy")},
    }
    options.report.write_text(json.dumps(report, indent=2))


def problem(options: argparse.Namespace, graph: Any) -> tuple[Any, Any]:
    """Return the Hamiltonian, in Pauli matrices, and a sampler of its sector."""
    if options.model == "ising":
        hilbert = nk.hilbert.Spin(0.5, options.sites)
        hamiltonian = nk.operator.IsingJax(hilbert, graph=graph, h=options.field, J=-1.0)
        return hamiltonian, nk.sampler.MetropolisLocal(hilbert, n_chains=options.chains)
    hilbert = nk.hilbert.Spin(0.5, options.sites, total_sz=0)
    # Turned by Marshall's rule, so that the ground state is positive.
    hamiltonian = nk.operator.Heisenberg(hilbert, graph, sign_rule=True)
    sampler = nk.sampler.MetropolisExchange(hilbert, graph=graph, d_max=2, n_chains=options.chains)
    return hamiltonian, sampler


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("report", type=Path, help="where the measurements are written, as JSON")
    parser.add_argument("--model", choices=("ising", "heisenberg"), default="ising")
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--field", type=float, default=1.0, help="of the Ising model (1)")
    parser.add_argument("--alpha", type=int, default=2)
    parser.add_argument("--iterations", type=int, default=300)
    parser.add_argument("--chains", type=int, default=1000)
    parser.add_argument("--samples", type=int, default=1000, help="of each iteration (1000)")
    parser.add_argument("--final-samples", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=0.1, help="largest learning rate (0.1)")
    parser.add_argument("--last", type=float, default=0.02, help="first and last one (0.02)")
    parser.add_argument("--shift", type=float, default=1e-2, help="of the matrix S (1e-2)")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
