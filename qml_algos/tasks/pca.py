"""Principal components of one data set or state as a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits, require_shots
from qml_algos.errors import InvalidProblemError
from qml_algos.pca import METHODS
from qml_algos.pca.classical import CLASSICAL
from qml_algos.pca.sources import Source, read_source
from qml_algos.speedup.contest import Setting
from qml_algos.speedup.pca import LIMITED, PCAContest, caveats, fit
from qml_algos.tasks.files import InputFile
from qml_algos.tasks.recording import fields_of
from qml_algos.validation import require_epsilon

_ALWAYS = ("solver", "epsilon", "shots", "seed", "data", "family", "size", "components")


@dataclass(frozen=True, eq=False)
class PCAResult:
    """What a task found.

    Attributes
    ----------
    solver
        Its name.
    features
        Number of features.
    ratios
        Shares of the variance that the components explain, largest first; shape ``(k,)``.
    components
        Rows, shape ``(k, features)``.
    ratio_errors, component_errors
        Standard errors of both, where there are some.
    fitted
        The estimator.
    error
        Angle to the subspace of classical components, radians; ``None`` if there is nothing to
        compare with.
    caveats
        What belongs beside the figures.
    """

    solver: str
    features: int
    ratios: NDArray[np.float64]
    components: NDArray[Any]
    ratio_errors: NDArray[np.float64] | None
    component_errors: NDArray[np.float64] | None
    fitted: Any
    error: float | None
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class PCATask:
    """Find the principal components of one data set, or of a state, with one solver.

    Attributes
    ----------
    solver
        Its name.
    epsilon
        Error that an eigenvalue may have, as a share of the variance.
    shots
        Repetitions of each circuit.
    seed
        Of the data drawn, and of the shots.
    data, system_qubits
        File with data, or with a circuit and how many of its lowest qubits are in the state; or
    family, size
        data to draw.
    components
        How many.
    copies
        How many copies of the state there are, of solvers that take nothing but copies.
    """

    name: ClassVar[str] = "pca"

    solver: str
    epsilon: float
    shots: int | None
    seed: int
    data: InputFile | None = None
    family: str | None = None
    size: int | None = None
    components: int = 2
    system_qubits: int | None = None
    copies: int | None = None

    def __post_init__(self) -> None:
        contest = PCAContest(self.components)
        contest.require_solver(self.solver)
        require_epsilon(self.epsilon)
        if self.shots is not None and self.solver in CLASSICAL:
            raise ValueError(
                f"--shots: {self.solver} is a classical solver; this is for those that measure"
            )

        if self.copies is not None and self.solver not in LIMITED:
            raise ValueError(
                f"--copies: {self.solver} is not told how many there are; this is for "
                f"{', '.join(LIMITED)}"
            )

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> PCATask:
        """Read what `to_json` wrote; see `fields_of`."""
        return cls(**fields_of(cls, values, always=_ALWAYS, files=("data",)))

    def problem(self) -> Source:
        """Read or draw the data."""
        if self.data is not None:
            return read_source(self.data.unchanged(), self.system_qubits)
        assert self.family is not None
        assert self.size is not None
        rng = np.random.default_rng(self.seed)
        return PCAContest(self.components).draw(self.family, self.size, rng)

    def check(self, backend: Backend) -> None:
        """Refuse what cannot be done there, before anything is recorded.

        Raises
        ------
        InvalidProblemError, TooLargeError, ValueError
            Saying what is wrong.
        """
        problem = self.problem()
        if self.shots is not None:
            require_shots(backend.config, self.shots)
        if self.components > problem.features:
            raise InvalidProblemError(
                f"--components: {self.components} asked for, of {problem.features} features"
            )
        if self.solver in METHODS:
            qubits = (problem.features - 1).bit_length()
            require_qubits(backend.config, qubits, f"{problem.features} features")

    def run(self, backend: Backend) -> PCAResult:
        """Do it; the error is measured against classical components."""
        problem = self.problem()
        setting = Setting(backend, self.epsilon, self.shots, self.seed)
        fitted, _ = fit(problem, self.solver, self.components, setting, self.copies)
        contest = PCAContest(self.components)
        return PCAResult(
            solver=self.solver,
            features=problem.features,
            ratios=fitted.explained_variance_ratio_,
            components=fitted.components_,
            ratio_errors=_relative(fitted),
            component_errors=getattr(fitted, "components_standard_errors_", None),
            fitted=fitted,
            error=contest.distance(fitted, problem),
            caveats=caveats(fitted),
        )

    def unknown_cost(self, backend: Backend) -> str | None:
        """Say what is decided on the way."""
        if backend.exact or self.solver not in METHODS:
            return None
        if self.solver == "variational":
            return "every step of the training sends circuits of its own"
        return "the clock is lengthened until the components asked for are told apart"


def _relative(fitted: Any) -> NDArray[np.float64] | None:
    """Return standard errors of the shares of the variance."""
    errors = getattr(fitted, "explained_variance_standard_errors_", None)
    if errors is None:
        return None
    scale = fitted.explained_variance_ratio_ / fitted.explained_variance_
    relative: NDArray[np.float64] = errors * scale
    return relative
