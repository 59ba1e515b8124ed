"""How often fits of scaling laws choose the right form, and find the crossover that is true.

Costs of known laws with 5 % multiplicative noise, at sizes that one would measure. For each design
of sizes: the share of seeds in which the right form is chosen, and the share in which the true
crossover of two laws lies in the stated 95 % interval of the two fits; for seeds 0 to 99, and for
as many others as are asked for, which nothing was adjusted to. The last designs show where the
choice fails: few points, or sizes so large that a power of the logarithm looks like one of N.

Run: python benchmarks/scaling_fits.py [--others 1000] [--designs ...] [--out ...]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from qml_algos.speedup.scaling import FORMS, Form, crossover, fit_law
from qml_algos.speedup.scaling.laws import candidate_laws
from qml_algos.speedup.scaling.regression import fit_samples
from qml_algos.speedup.scaling.selection import information_criterion

Array = NDArray[np.float64]
LogLaw = Callable[[Any, float], Any]
"""From the logarithm of N, and the largest size of the design, to the logarithm of the cost."""

NOISE = 0.05
CONFIDENCE = 0.95
GRID = 257
LN2 = float(np.log(2))

DESIGNS: dict[str, Array] = {
    "8 doublings, 4 to 512": np.exp2(np.arange(2.0, 10.0)),
    "8 sizes, 8 to 8,000": np.geomspace(8, 8000, 8),
    "6 sizes, 4 to 400": np.geomspace(4, 400, 6),
    "5 sizes, 4 to 256": np.geomspace(4, 256, 5),
    "4 sizes, 4 to 128": np.geomspace(4, 128, 4),
    "4 sizes, 16 to 512": np.geomspace(16, 512, 4),
    "8 doublings, 1,024 to 131,072": np.exp2(np.arange(10.0, 18.0)),
}


def log2_power(power: float) -> LogLaw:
    """Power of log2 N."""
    return lambda log_n, _: power * np.log(log_n / LN2)


LAWS: dict[str, tuple[Form, LogLaw]] = {
    "N^0.5": ("polynomial", lambda log_n, _: 0.5 * log_n),
    "N": ("polynomial", lambda log_n, _: log_n),
    "N^2": ("polynomial", lambda log_n, _: 2 * log_n),
    "N log2 N": ("polynomial", lambda log_n, _: log_n + np.log(log_n / LN2)),
    "20 + N": ("polynomial", lambda log_n, _: np.logaddexp(np.log(20), log_n)),
    "log2 N": ("polylogarithmic", log2_power(1)),
    "(log2 N)^2": ("polylogarithmic", log2_power(2)),
    "(log2 N)^3": ("polylogarithmic", log2_power(3)),
    "2^(10 N / largest)": ("exponential", lambda log_n, n: 10 * LN2 * np.exp(log_n) / n),
    "2^(40 N / largest)": ("exponential", lambda log_n, n: 40 * LN2 * np.exp(log_n) / n),
}

PAIRS: dict[str, tuple[float, str, float, str]] = {
    "0.1 (log2 N)^3 against 1e-6 N": (0.1, "(log2 N)^3", 1e-6, "N"),
    "0.01 N against 1e-8 N^2": (1e-2, "N", 1e-8, "N^2"),
    "N^2 against 1e-6 2^(10 N / largest)": (1.0, "N^2", 1e-6, "2^(10 N / largest)"),
}


def main() -> None:
    """Measure all designs and write the figures down after each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--others", type=int, default=1000, help="seeds from 1,000 on (1,000)")
    parser.add_argument("--replicates", type=int, default=300, help="of each fit (300)")
    parser.add_argument(
        "--designs", nargs="+", choices=DESIGNS, default=list(DESIGNS), help="of sizes (all)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results" / "scaling_fits.json"
    )
    arguments = parser.parse_args()
    groups = {"seeds 0 to 99": range(100)}
    if arguments.others:
        last = 999 + arguments.others
        groups[f"seeds 1000 to {last}"] = range(1000, last + 1)
    for design in arguments.designs:
        sizes = DESIGNS[design]
        row = {
            group: {
                "right form": {name: right_form(sizes, name, seeds) for name in LAWS},
                "crossover": {
                    name: coverage(sizes, name, seeds, arguments.replicates) for name in PAIRS
                },
            }
            for group, seeds in groups.items()
        }
        print(design, json.dumps(row, indent=1), flush=True)
        rows = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
        rows |= {"noise": NOISE, "replicates": arguments.replicates, design: row}
        arguments.out.write_text(json.dumps(rows, indent=1) + "\n")


def right_form(sizes: Array, name: str, seeds: range) -> float:
    """Share of the seeds in which the form of a law is found.

    The choice is that of `fit_law`, made for all seeds at once.
    """
    logs = np.log(sizes)[:, None]
    samples = np.log([noisy(sizes, 1.0, name, np.random.default_rng(seed)) for seed in seeds])
    laws = candidate_laws((FORMS,), offset=len(sizes) >= 6, log_factor=True)
    criteria = [
        information_criterion(law, fit_samples(law, logs, samples), len(sizes)) for law in laws
    ]
    chosen = [laws[best].forms[0] for best in np.argmin(criteria, axis=0)]
    return float(np.mean([form == LAWS[name][0] for form in chosen]))


def coverage(sizes: Array, name: str, seeds: range, replicates: int) -> dict[str, float | None]:
    """How the intervals of the crossover of a pair of laws do."""
    factor_a, law_a, factor_b, law_b = PAIRS[name]
    truth = true_crossover(sizes, name)
    inside, decades, seconds = [], [], []
    for seed in seeds:
        generator = np.random.default_rng(seed)
        started = time.process_time()
        fits = [
            fit_law(
                sizes,
                noisy(sizes, factor, law, generator),
                replicates=replicates,
                random_state=generator,
            )
            for factor, law in ((factor_a, law_a), (factor_b, law_b))
        ]
        found = crossover(fits[0], fits[1], confidence=CONFIDENCE, points=GRID)
        seconds.append(time.process_time() - started)
        inside.append(found.low <= truth <= found.high)
        decades.append(np.log10(found.high / max(found.low, 1e-300)))
    return {
        "true crossover": truth,
        "inside the interval": float(np.mean(inside)),
        "median width in decades": None if np.isinf(width := np.median(decades)) else float(width),
        "median CPU seconds, two fits and the crossover": float(np.median(seconds)),
    }


def noisy(sizes: Array, factor: float, name: str, generator: np.random.Generator) -> Array:
    """Costs of a law with noise."""
    exact = np.log(factor) + LAWS[name][1](np.log(sizes), sizes[-1])
    noise = 1 + NOISE * generator.standard_normal(len(sizes))
    return np.asarray(np.exp(exact) * noise)


def true_crossover(sizes: Array, name: str) -> float:
    """Size beyond the largest of a design from which the first law of a pair is the cheaper one."""
    factor_a, law_a, factor_b, law_b = PAIRS[name]

    def difference(log_n: float) -> float:
        of_a = LAWS[law_a][1](log_n, sizes[-1])
        of_b = LAWS[law_b][1](log_n, sizes[-1])
        return float(np.log(factor_a / factor_b) + of_a - of_b)

    return float(np.exp(brentq(difference, np.log(sizes[-1]), np.log(1e30))))


if __name__ == "__main__":
    main()
