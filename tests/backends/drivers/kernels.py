"""A classifier of four points, and the same as a process that can be killed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from circuits.feature_maps import ZZMap
from drivers.programs import open_backend
from qml_algos.backends import Backend
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.svm.classifier import QuantumKernelSVC

SHOTS = 400
FEATURE_MAP = ZZMap(repetitions=1)
POINTS = np.random.default_rng(0).uniform(0, 1.2, (4, 2))
LABELS = [0, 1, 0, 1]
PAIRS = 6


def fitted(device: Backend, correction: str | None = None) -> QuantumKernelSVC:
    """Train; a program's second run asks for the same."""
    kernel = FidelityKernel(
        FEATURE_MAP, backend=device, shots=SHOTS, correction=correction, random_state=0
    )
    return QuantumKernelSVC(kernel).fit(POINTS, LABELS)


def fit_in_process(config: Path, ledger: Path) -> list[int]:
    """Do the same where it can be killed; the support vectors."""
    return fitted(open_backend(config, ledger)).support_.tolist()
