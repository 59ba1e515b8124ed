"""Classification of one data set by one support vector machine as a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline

from qml_algos.backends import Backend
from qml_algos.backends.base import require_shots
from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.kernels.gram import GramMatrix
from qml_algos.kernels.sampled import gram_error
from qml_algos.results import Estimate, Resources
from qml_algos.speedup.contest import Setting
from qml_algos.speedup.svm import SVMContest, require_qubits_of
from qml_algos.svm.data import LabelledData, read_labelled
from qml_algos.svm.registry import METHODS
from qml_algos.tasks.files import InputFile
from qml_algos.tasks.recording import fields_of
from qml_algos.validation import require_epsilon

_ALWAYS = ("solver", "epsilon", "shots", "seed", "data", "family", "size", "target", "samples")


@dataclass(frozen=True)
class Resolution:
    """What shots tell of the entries of a Gram matrix beside its diagonal.

    Attributes
    ----------
    spread
        Standard deviation of the entries.
    standard_error
        Of an entry, the root of the mean square.
    """

    spread: float
    standard_error: float


@dataclass(frozen=True, eq=False)
class SVMResult:
    """What a task found.

    Attributes
    ----------
    solver, data
        Names.
    features, classes
        How many there are.
    training, test
        Numbers of samples.
    accuracy
        Share of right labels of test samples, with its binomial standard error.
    support
        Number of support vectors, ``None`` for solvers that have none.
    resources
        Of the training Gram matrix; ``None`` for classical solvers.
    resolution
        Of the entries of a sampled Gram matrix.
    gram_error
        Relative distance of a sampled Gram matrix from the exact one, where that can be simulated.
    projected
        Whether the sampled Gram matrix was not positive semidefinite.
    linear_systems
        Of least squares: costs of all linear systems, the largest circuit and sums.
    certain
        Of least squares: share of test samples whose label is that of the exact solution for sure.
    caveats
        What belongs beside the figures.
    """

    solver: str
    data: str
    features: int
    classes: int
    training: int
    test: int
    accuracy: Estimate
    support: int | None
    resources: Resources | None
    resolution: Resolution | None
    gram_error: Estimate | None
    projected: bool
    linear_systems: Resources | None
    certain: float | None
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class SVMTask:
    """Train a classifier on a part of the data and test it on the rest.

    Attributes
    ----------
    solver
        Its name.
    epsilon
        Relative error of the linear system's solution, of least squares.
    shots
        Repetitions of each circuit.
    seed
        Of the data drawn, of the parting, and of the shots.
    data, target
        File with data, and the column of it that holds the labels; or
    family, size
        data to draw.
    samples
        How many are drawn, or taken of a file; ``None`` for all in a file.
    test_share
        Part of the samples that is held out.
    feature_map, bandwidth, scaled
        See `SVMContest`.
    linear_solver
        Of least squares.
    """

    name: ClassVar[str] = "svm"

    solver: str
    epsilon: float
    shots: int | None
    seed: int
    data: InputFile | None = None
    target: str | None = None
    family: str | None = None
    size: int | None = None
    samples: int | None = None
    test_share: float = 0.25
    feature_map: str = "zz"
    bandwidth: float | None = None
    scaled: bool = True
    linear_solver: str | None = None

    def __post_init__(self) -> None:
        self._contest().require_solver(self.solver)
        require_epsilon(self.epsilon)
        if not 0 < self.test_share < 1:
            raise ValueError(f"--test-share: {self.test_share:g} is not between 0 and 1")
        if self.shots is not None and self.solver not in METHODS:
            raise ValueError(
                f"--shots: {self.solver} is a classical solver; this is for those that measure"
            )
        if self.linear_solver is not None and self.solver != "least-squares":
            raise ValueError(
                f"--linear-solver: {self.solver} solves no linear system; least-squares does"
            )
        if self.data is not None and self.target is None:
            raise ValueError("--target: name the column that holds the labels")

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SVMTask:
        """Read what `to_json` wrote; see `fields_of`."""
        return cls(**fields_of(cls, values, always=_ALWAYS, files=("data",)))

    def problem(self) -> LabelledData:
        """Read or draw the data."""
        if self.data is not None:
            assert self.target is not None
            found = read_labelled(self.data.unchanged(), self.target)
            return found if self.samples is None else found.part(self.samples, self.seed)
        assert self.family is not None
        assert self.size is not None
        return self._contest().draw(self.family, self.size, np.random.default_rng(self.seed))

    def check(self, backend: Backend) -> None:
        """Refuse what cannot be done there, before anything is recorded.

        Raises
        ------
        InvalidProblemError, TooLargeError, ValueError
            Saying what is wrong.
        """
        problem = self.problem()
        self._parts(problem)
        if self.shots is not None:
            require_shots(backend.config, self.shots)
        if self.solver in METHODS:
            require_qubits_of(self.feature_map, problem.features, backend)

    def run(self, backend: Backend) -> SVMResult:
        """Do it; a sampled Gram matrix is measured against the exact one if that is feasible."""
        problem = self.problem()
        train, test = self._parts(problem)
        setting = Setting(backend, self.epsilon, self.shots, self.seed)
        contest = self._contest()
        classifier = contest.classifier(
            problem, self.solver, setting, self.linear_solver, self.test_share
        )
        classifier.fit(problem.X[train], problem.y[train])
        right = classifier.predict(problem.X[test]) == problem.y[test]
        pipeline = getattr(classifier, "best_estimator_", classifier)
        machine = pipeline[-1]
        gram = getattr(machine, "gram_", None) if self.solver in METHODS else None
        support = getattr(machine, "support_", None)
        least_squares = self.solver == "least-squares"
        return SVMResult(
            solver=self.solver,
            data=problem.name,
            features=problem.features,
            classes=len(problem.target_names),
            training=len(train),
            test=len(test),
            accuracy=_share(right),
            support=None if support is None else len(support),
            resources=None if gram is None else gram.resources,
            resolution=None if gram is None else _resolution(gram),
            gram_error=None if gram is None else _gram_error(pipeline, problem.X[train]),
            projected=gram is not None and gram.projected,
            linear_systems=machine.resources_ if least_squares else None,
            certain=_certain(pipeline, problem.X[test]) if least_squares else None,
            caveats=contest.caveats(problem, self.solver, setting, self.linear_solver),
        )

    def unknown_cost(self, backend: Backend) -> str | None:
        """Say what is decided on the way."""
        if (backend.exact and self.shots is None) or self.solver not in METHODS:
            return None
        if self.solver == "trained":
            return "every step of the training sends circuits of its own"
        if self.solver == "least-squares":
            return "test samples are compared with the training samples after these are measured"
        return (
            "test samples are compared with support vectors, which are known once the Gram matrix "
            "is measured"
        )

    def _contest(self) -> SVMContest:
        given = {} if self.samples is None else {"samples": self.samples}
        return SVMContest(
            feature_map=self.feature_map, bandwidth=self.bandwidth, scaled=self.scaled, **given
        )

    def _parts(self, problem: LabelledData) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the indices of training and test samples, with the shares of the classes kept."""
        try:
            train, test = train_test_split(
                np.arange(problem.samples),
                test_size=self.test_share,
                stratify=problem.y,
                random_state=self.seed,
            )
        except ValueError as error:
            raise InvalidProblemError(
                f"{problem.name}: {problem.samples} samples of {len(problem.target_names)} classes "
                f"cannot be parted with --test-share {self.test_share:g} ({error})"
            ) from None
        return train, test


def _share(right: NDArray[np.bool_]) -> Estimate:
    share = float(right.mean())
    # Never 0: after n right ones of n the next one may still be wrong (Agresti and Coull).
    near = (right.sum() + 2) / (len(right) + 4)
    return Estimate(share, float(np.sqrt(near * (1 - near) / (len(right) + 4))))


def _resolution(gram: GramMatrix) -> Resolution | None:
    if gram.standard_errors is None:
        return None
    above = np.triu_indices(len(gram.values), 1)
    errors = gram.standard_errors[above]
    return Resolution(float(gram.values[above].std()), float(np.sqrt((errors**2).mean())))


def _certain(pipeline: Pipeline, X: NDArray[np.float64]) -> float:
    """Return the share of labels that the errors of linear systems cannot change."""
    return float(pipeline[-1].labels_certain(pipeline[:-1].transform(X)).mean())


def _gram_error(pipeline: Pipeline, X: NDArray[np.float64]) -> Estimate | None:
    """Compare a sampled Gram matrix with the exact one; ``None`` if it is exact or too large."""
    machine = pipeline[-1]
    if machine.gram_.standard_errors is None:
        return None
    exact = clone(machine.kernel_).set_params(backend=None, shots=None)
    try:
        return gram_error(machine.gram_, exact(pipeline[:-1].transform(X)))
    except TooLargeError:
        return None
