"""The tensor network classifier on images, and what stacked Boltzmann machines look at: one run.

Run: OMP_NUM_THREADS=1 python benchmarks/physics_learning.py [--figures FOLDER]

Images are the 1,797 handwritten digits, 8 x 8, of scikit-learn, by rows: mean accuracy on a fifth
of them, over ten stratified splits that no parameter was chosen on. Boltzmann machines see
configurations of the Ising model on 16 x 16 sites at the coupling 0.405 of Mehta and Schwab, with
either sign; the radii of their units are told beside those of a uniform unit and of one of noise.
Seconds are those of the processor. Kept in results/physics_learning.json.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

from linear_report import keep, now, table, versions
from qml_algos.physics.ising import make_ising_configurations
from qml_algos.physics.learning import MPSClassifier
from qml_algos.physics.renormalisation import (
    fit_rbm_stack,
    plot_receptive_fields,
    receptive_field_radius,
    receptive_fields,
    uniform_radius,
)

RESULTS = Path(__file__).with_name("results") / "physics_learning.json"
SPLITS = range(10, 20)
LENGTH = 16
COUPLING = 0.405
LAYERS = (64, 16)
SAMPLES = (4000, 20000)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--figures", type=Path, help="folder for plots of units")
    options = parser.parse_args()
    rows = classifiers()
    header = ["classifier", "accuracy", "least", "CPU s to fit"]
    print(
        table(
            header,
            [
                [
                    row["classifier"],
                    f"{row['accuracy']:.4f}",
                    f"{row['least']:.4f}",
                    f"{row['cpu_seconds']:.2f}",
                ]
                for row in rows
            ],
            1,
        )
    )
    about = {"measured": now(), "versions": versions("qml-algos", "numpy", "scikit-learn")}
    keep(options.out, "digits", about | {"splits": len(SPLITS), "rows": rows})
    stacks = [stack(samples, options.figures) for samples in SAMPLES]
    found = {"uniform": uniform_radius((LENGTH, LENGTH)), "noise": noise_radius(), "rows": stacks}
    print(found)
    keep(options.out, "receptive_fields", about | found)


def classifiers() -> list[dict[str, Any]]:
    """Fit each classifier on each split of the digits."""
    X, y = load_digits(return_X_y=True)
    X = X / X.max()
    models = {
        "MPS, D = 10": MPSClassifier(10),
        "MPS, D = 15": MPSClassifier(15),
        "SVC, Gaussian kernel": SVC(),
        "logistic regression": LogisticRegression(max_iter=1000),
    }
    rows = []
    for name, model in models.items():
        scores, seconds = [], 0.0
        for split in SPLITS:
            train, test, y_train, y_test = train_test_split(
                X, y, test_size=0.2, random_state=split, stratify=y
            )
            start = time.process_time()
            model.fit(train, y_train)
            seconds += time.process_time() - start
            scores.append(float(model.score(test, y_test)))
        rows.append(
            {
                "classifier": name,
                "accuracy": float(np.mean(scores)),
                "least": min(scores),
                "cpu_seconds": seconds / len(scores),
            }
        )
    return rows


def stack(samples: int, figures: Path | None) -> dict[str, Any]:
    """Train a stack on so many configurations; tell the radii of its units layer by layer."""
    start = time.process_time()
    X = configurations(samples)
    machines = fit_rbm_stack(X, LAYERS, random_state=0)
    layers = []
    for depth in range(1, len(LAYERS) + 1):
        fields = receptive_fields(machines[:depth])
        radii = receptive_field_radius(fields, (LENGTH, LENGTH))
        least, median, largest = np.quantile(radii, [0, 0.5, 1]).tolist()
        layers.append({"least": least, "median": median, "largest": largest})
        if figures is not None:
            figures.mkdir(parents=True, exist_ok=True)
            figure = plot_receptive_fields(fields, (LENGTH, LENGTH))
            figure.savefig(figures / f"receptive_fields_{samples}_layer_{depth}.png", dpi=120)
    return {
        "samples": samples,
        "layers": layers,
        "cpu_seconds": time.process_time() - start,
    }


def configurations(samples: int) -> NDArray[np.int8]:
    """Draw Ising configurations, every second one turned over at random."""
    drawn = make_ising_configurations(
        LENGTH, [1 / COUPLING], samples, replicas=samples // 40, random_state=0
    )
    turned = np.random.default_rng(0).random((samples, 1)) < 0.5
    return np.where(turned, 1 - drawn.bits, drawn.bits).astype(np.int8)


def noise_radius() -> float:
    """Median radius of units whose weights are independent normal numbers."""
    noise = np.random.default_rng(0).normal(size=(1000, LENGTH**2))
    return float(np.median(receptive_field_radius(noise, (LENGTH, LENGTH))))


if __name__ == "__main__":
    main()
