"""Support vector machines as a contest."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from circuits.feature_maps import FeatureMap, ReuploadingMap
from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.kernels.sampled.overlap import overlap_circuit
from qml_algos.kernels.sampled.rotations import with_rotations_only
from qml_algos.results import Resources, circuit_costs
from qml_algos.speedup.contest import Demand, Setting
from qml_algos.speedup.measure import Measurement, measure
from qml_algos.speedup.record import Row
from qml_algos.svm.classical import CLASSICAL, make_classical, tuned
from qml_algos.svm.data import DATASETS, FAMILIES, IN_RADIANS, LabelledData, draw_labelled
from qml_algos.svm.evaluation import Evaluation, Score, evaluate
from qml_algos.svm.registry import FEATURE_MAPS, METHODS, make_classifier

SOLVERS = (*METHODS, *CLASSICAL)
"""All solvers by the names that the command line takes."""

DEFAULT_SOLVERS = ("fidelity", "projected", "rbf-svc", "linear-svc")

REFERENCE = "rbf-svc"
"""What the others are tested against."""

_SEARCHED = ("fidelity", "projected", "least-squares")
"""Those whose hyperparameters are searched; training weights for each point takes too long."""
_BANDWIDTHS = (0.03, 0.1, 0.3, 1.0)
_UNSEARCHED = 0.5
"""Bandwidth of scaled data where none is searched."""
_STEEP = {"zz": 2 * np.pi, "pauli": 2 * np.pi}
"""How much faster angles turn that are ``2 (pi - x) (pi - y)``, for data about 0."""
_INNER_FOLDS = 5
_PRICES = (1.0, 10.0, 100.0)
_SIGNIFICANT = 0.05
_MADE_FOR_IT = (
    "Ad hoc data are labelled by the ZZ feature map itself: that its kernel learns them says "
    "nothing of other data."
)


@dataclass(frozen=True)
class SVMContest:
    """Classify samples that were held out; the error is the share of wrong labels.

    Attributes
    ----------
    samples
        How many are drawn.
    folds
        Parts of the data, each held out once; the same for all solvers.
    feature_map
        Name of the quantum kernels' feature map, see `FEATURE_MAPS`.
    bandwidth
        Factor of the data in quantum kernels. ``None``: searched on each training part along with
        the price C where states are exact; where every kernel entry takes shots 0.5 for scaled
        data, 0.08 for maps that turn by products of ``pi - x``, and 1 for data left as they are.
    scaled
        Whether features are brought to mean 0 and variance 1 before a quantum kernel sees them.
        Families whose features are angles are left as they are.
    """

    samples: int = 60
    folds: int = 5
    feature_map: str = "zz"
    bandwidth: float | None = None
    scaled: bool = True

    name = "svm"
    default_sizes = (2, 4, 6, 8, 64, 1024, 2**14)

    def __post_init__(self) -> None:
        if self.feature_map not in FEATURE_MAPS:
            raise UnknownNameError("feature map", self.feature_map, FEATURE_MAPS)
        if self.folds < 2:
            raise InvalidProblemError(f"folds = {self.folds}: at least 2 are needed")
        if self.bandwidth is not None and not 0 < self.bandwidth < float("inf"):
            raise InvalidProblemError(f"bandwidth = {self.bandwidth}: must be a positive number")

    @property
    def families(self) -> Collection[str]:
        """Of data, and data sets of which leading components are taken; the first the default."""
        return [*FAMILIES, *DATASETS]

    def draw(self, family: str, size: int, rng: np.random.Generator) -> LabelledData:
        """Draw labelled samples."""
        return draw_labelled(family, size, rng, samples=self.samples)

    def require_solver(self, name: str) -> None:
        """Refuse an unknown one."""
        if name not in SOLVERS:
            raise UnknownNameError("solver", name, SOLVERS)

    def default_solvers(self, problem: LabelledData) -> list[str]:  # noqa: ARG002
        """Name two quantum kernels and two classical ones."""
        return [*DEFAULT_SOLVERS]

    def reference(self, problem: LabelledData) -> Measurement[Evaluation]:
        """Evaluate the classical classifier that the others are tested against."""
        inner = _inner_folds(problem, 1 / self.folds)
        return self._measured(problem, REFERENCE, make_classical(REFERENCE, inner_folds=inner))

    def demand(self, problem: LabelledData, solver: str) -> Demand:
        """Memory of a kernel's Gram matrix, and of its copies in training."""
        return Demand(memory=0 if solver == "linear-svc" else 3 * 8 * len(problem.X) ** 2)

    def row(
        self,
        problem: LabelledData,
        solver: str,
        reference: Measurement[Evaluation],
        setting: Setting,
    ) -> Row:
        """Evaluate a solver on all folds."""
        row, rival = self.failed(problem, solver, setting), reference.value[REFERENCE]
        if solver == REFERENCE:
            return replace(_scored(row, rival), **reference.costs())
        if solver in METHODS:
            require_qubits_of(self.feature_map, problem.features, setting.backend)
        measured = self._measured(problem, solver, self.classifier(problem, solver, setting))
        score = measured.value[solver]
        notes = (
            _difference(Evaluation((score, rival)), solver),
            *self.caveats(problem, solver, setting),
            *_unbilled(solver, setting),
        )
        found = replace(_scored(row, score), caveats=notes)
        if solver in CLASSICAL:
            return replace(found, **measured.costs())
        spent = final_step(score.fitted[0]).gram_.resources
        costs = self._costs(problem, solver, spent, setting)
        return replace(
            found,
            run_seconds=_seconds(score),
            shots=spent.shots,
            gates_per_accepted_shot=costs["two_qubit_gates"],
            **costs,
        )

    def failed(self, problem: LabelledData, solver: str, setting: Setting) -> Row:
        """Return what is known without a result."""
        classical = solver in CLASSICAL
        return Row(
            problem="",
            size=problem.features,
            condition_number=None,
            solver=solver,
            kind="classical" if classical else "quantum",
            backend=None if classical else setting.backend.name,
            target_error=setting.epsilon,
            output="classifier",
            error_of="share of held-out samples with a wrong label",
        )

    def classifier(
        self,
        problem: LabelledData,
        solver: str,
        setting: Setting,
        linear_solver: str | None = None,
        held_out: float | None = None,
    ) -> Any:
        """Make an unfitted classifier: it scales its data, and searches if that takes no shots.

        Parameters
        ----------
        problem, solver, setting
            What is to be done.
        linear_solver
            Name of a solver of `qml_algos.linear_systems`, of least squares; direct by default.
        held_out
            Share of the samples that it is not fitted to; by default that of a fold.

        Raises
        ------
        InvalidProblemError
            If a class has too few samples for a search.
        """
        share = 1 / self.folds if held_out is None else held_out
        if solver in CLASSICAL:
            inner = _inner_folds(problem, share)
            return make_classical(solver, inner_folds=inner, random_state=setting.seed)
        classifier = make_classifier(
            solver,
            feature_map=self._map(solver, problem.features),
            bandwidth=self._bandwidth(problem, solver),
            backend=setting.backend,
            shots=setting.shots,
            random_state=setting.seed,
        )
        if solver == "least-squares":
            classifier.set_params(solver=linear_solver or "direct", epsilon=setting.epsilon)
        scaler = StandardScaler() if self._scales(problem) else "passthrough"
        if not self._searches(solver, setting, linear_solver):
            return make_pipeline(scaler, classifier)
        price = "gamma" if solver == "least-squares" else "C"
        widths = _BANDWIDTHS if self.bandwidth is None else (self.bandwidth,)
        grid = {price: _PRICES, "kernel__bandwidth": widths}
        inner = _inner_folds(problem, share)
        return tuned(classifier, grid, scaler=scaler, inner_folds=inner, random_state=setting.seed)

    def caveats(
        self,
        problem: LabelledData,
        solver: str,
        setting: Setting,
        linear_solver: str | None = None,
    ) -> tuple[str, ...]:
        """Sentences that belong beside the figures of a solver."""
        if solver in CLASSICAL:
            return ()
        bandwidth = self._bandwidth(problem, solver)
        searched = f"Bandwidth {bandwidth:.2g} and price 1: neither was searched."
        if self._searches(solver, setting, linear_solver):
            searched = "Bandwidth and price were searched on the training data, by exact states."
        return (searched, *((_MADE_FOR_IT,) if problem.name == "ad-hoc" else ()))

    def _scales(self, problem: LabelledData) -> bool:
        return self.scaled and problem.name not in IN_RADIANS

    def _bandwidth(self, problem: LabelledData, solver: str) -> float:
        # Trained weights are factors of the data themselves.
        if self.bandwidth is not None or solver == "trained" or not self._scales(problem):
            return self.bandwidth or 1.0
        return _UNSEARCHED / _STEEP.get(self.feature_map, 1.0)

    def _searches(self, solver: str, setting: Setting, linear_solver: str | None) -> bool:
        cheap = linear_solver in (None, "direct")
        return solver in _SEARCHED and _exact(setting) and cheap

    def _map(self, solver: str, features: int) -> FeatureMap | None:
        """Return the feature map; training takes one with weights, its own if need be."""
        chosen = FEATURE_MAPS[self.feature_map]
        return None if solver == "trained" and not chosen.weights(features) else chosen

    def _costs(
        self, problem: LabelledData, solver: str, known: Resources, setting: Setting
    ) -> dict[str, Any]:
        """Count what a circuit of the kernel costs; of exact states it was never compiled."""
        if known.two_qubit_gates is not None:
            names = ("qubits", "two_qubit_gates", "two_qubit_depth", "depth")
            return {name: getattr(known, name) for name in names}
        chosen = self._map(solver, problem.features) or ReuploadingMap()
        circuit = chosen.circuit(problem.features)
        if solver != "projected":
            circuit = overlap_circuit(circuit).circuit
        [compiled] = setting.backend.compile([with_rotations_only(circuit)])
        return circuit_costs(compiled)

    def _measured(
        self, problem: LabelledData, solver: str, classifier: Any
    ) -> Measurement[Evaluation]:
        """Evaluate once: the seconds are those of one fold, which the others repeat."""
        return measure(
            lambda: evaluate({solver: classifier}, problem.X, problem.y, folds=self.folds),
            seconds_of=lambda found: _seconds(found[solver]),
            repetitions=1,
        )


def _inner_folds(problem: LabelledData, held_out: float) -> int:
    """Return the parts that a search may divide what is not held out into."""
    smallest = int(np.unique(problem.y, return_counts=True)[1].min())
    left = smallest - math.ceil(smallest * held_out)
    if left < 2:
        raise InvalidProblemError(
            f"{problem.name}: the smallest class has {smallest} samples, of which {left} are left "
            "to search hyperparameters on when the others are held out: at least 2 are needed"
        )
    return min(_INNER_FOLDS, left)


def final_step(fitted: Any) -> Any:
    """Return the classifier within a pipeline, or within a search of one."""
    return getattr(fitted, "best_estimator_", fitted)[-1]


def require_qubits_of(feature_map: str, features: int, backend: Backend) -> None:
    """Refuse data that take more qubits than a backend has.

    Raises
    ------
    TooLargeError
        If they do.
    InvalidProblemError
        If the map does not take so many features.
    """
    try:
        qubits = FEATURE_MAPS[feature_map].qubits(features)
    except ValueError as error:
        raise InvalidProblemError(f"feature map {feature_map}: {error}") from None
    require_qubits(backend.config, qubits, f"a feature map of {features} features")


def _scored(row: Row, score: Score) -> Row:
    return replace(
        row,
        error=1 - score.mean,
        error_standard_error=score.standard_error,
    )


def _seconds(score: Score) -> float:
    """Seconds to train on one fold and to label what was held out."""
    return score.fit_seconds + score.predict_seconds


def _unbilled(solver: str, setting: Setting) -> tuple[str, ...]:
    """Say which shots are not in a row's figure."""
    if solver in CLASSICAL or _exact(setting):
        return ()
    others = "training of weights and test samples" if solver == "trained" else "test samples"
    return (f"Shots: of the training Gram matrix of one fold; {others} take more.",)


def _exact(setting: Setting) -> bool:
    return setting.backend.exact and setting.shots is None


def _difference(both: Evaluation, solver: str) -> str:
    """Say whether a solver differs from the reference beyond chance."""
    [found] = both.differences(REFERENCE)
    verdict = "significant" if found.p_value < _SIGNIFICANT else "not significant"
    return (
        f"{solver}: accuracy {found.mean:+.3f} +- {found.standard_error:.3f} against {REFERENCE} "
        f"on the same folds, {verdict} (p = {found.p_value:.2g})."
    )
