"""Classifiers with quantum kernels, and classical ones, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from circuits.feature_maps import (
    AmplitudeMap,
    AngleMap,
    FeatureMap,
    IQPMap,
    PauliMap,
    ReuploadingMap,
    ZMap,
    ZZMap,
)
from qml_algos.backends import Backend
from qml_algos.errors import UnknownNameError
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.kernels.projected import ProjectedKernel
from qml_algos.svm.classical import CLASSICAL, make_classical
from qml_algos.svm.classifier import QuantumKernelSVC
from qml_algos.svm.least_squares import QuantumLeastSquaresSVC
from qml_algos.validation import seed_from

FEATURE_MAPS: dict[str, FeatureMap] = {
    "amplitude": AmplitudeMap(),
    "angle": AngleMap(),
    "iqp": IQPMap(),
    "pauli": PauliMap(),
    "reuploading": ReuploadingMap(),
    "z": ZMap(),
    "zz": ZZMap(),
}
"""Feature maps for any number of features, as they are by default. Re-uploading has weights: it is
for kernels that are trained."""

Maker = Callable[[FeatureMap | None, dict[str, Any]], Any]
"""Of a feature map, ``None`` for the method's own, and the kernel's other parameters."""


def _fidelity(feature_map: FeatureMap | None, settings: dict[str, Any]) -> QuantumKernelSVC:
    return QuantumKernelSVC(FidelityKernel(feature_map or ZZMap(), **settings))


def _projected(feature_map: FeatureMap | None, settings: dict[str, Any]) -> QuantumKernelSVC:
    return QuantumKernelSVC(ProjectedKernel(feature_map or ZZMap(), **settings))


def _trained(feature_map: FeatureMap | None, settings: dict[str, Any]) -> QuantumKernelSVC:
    kernel = FidelityKernel(feature_map or ReuploadingMap(), **settings)
    return QuantumKernelSVC(kernel, train_kernel=True)


def _least_squares(
    feature_map: FeatureMap | None, settings: dict[str, Any]
) -> QuantumLeastSquaresSVC:
    return QuantumLeastSquaresSVC(
        FidelityKernel(feature_map or ZZMap(), **settings),
        backend=settings["backend"] or "aer",
        shots=settings["shots"],
    )


METHODS: dict[str, Maker] = {
    "fidelity": _fidelity,
    "projected": _projected,
    "trained": _trained,
    "least-squares": _least_squares,
}
"""Support vector machines with the fidelity kernel, with the projected one, with a fidelity kernel
whose weights are trained first, and by least squares."""


def make_classifier(
    name: str,
    *,
    feature_map: FeatureMap | None = None,
    bandwidth: float = 1.0,
    backend: str | Backend | None = None,
    shots: int | None = None,
    random_state: int | np.random.Generator | None = None,
    **options: Any,
) -> Any:
    """Make an unfitted classifier.

    Parameters
    ----------
    name
        One of `METHODS`, or of `qml_algos.svm.classical.CLASSICAL`; the latter tune themselves
        when they are fitted.
    feature_map, bandwidth, backend, shots
        Of the kernel of quantum methods; ``feature_map=None`` for the ZZ map, or data re-uploading
        where weights are trained. Linear systems are solved on the same backend.
    random_state
        Seed, generator, or ``None``; of classical methods 0 then.
    options
        Further parameters of the classifier, nested ones too: ``C=10``,
        ``kernel__feature_map__repetitions=1``, ``solver="hhl"``.

    Raises
    ------
    UnknownNameError
        If there is no such method; the message lists the known ones.
    """
    if name in METHODS:
        settings = {"bandwidth": bandwidth, "backend": backend, "shots": shots}
        classifier = METHODS[name](feature_map, settings)
        return classifier.set_params(random_state=random_state, **options)
    if name not in CLASSICAL:
        raise UnknownNameError("method", name, [*METHODS, *CLASSICAL])
    seed = 0 if random_state is None else seed_from(random_state)
    return make_classical(name, random_state=seed).set_params(**options)
