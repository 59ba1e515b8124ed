"""Principal components as a contest."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, UnknownNameError, UnsuitableSolverError
from qml_algos.pca import DATASETS, FAMILIES, METHODS, make_data, make_estimator, subspace_angle
from qml_algos.pca.classical import CLASSICAL, CLASSICAL_FOR_CIRCUITS
from qml_algos.pca.sources import Data, PreparedState, Source
from qml_algos.speedup.contest import Demand, Setting
from qml_algos.speedup.measure import measure
from qml_algos.speedup.measure.work import principal_component_flops
from qml_algos.speedup.record import Row

SOLVERS = (*METHODS, *CLASSICAL, *CLASSICAL_FOR_CIRCUITS)
"""All solvers by the names that the command line takes."""

DEFAULT_SOLVERS = ("phase-estimation", "covariance", "randomised")
DEFAULT_SOLVERS_OF_CIRCUITS = ("phase-estimation", "shadows")

_WITHOUT_COVARIANCE = ("randomised", "incremental", "dequantised")

LIMITED = ("density-matrix-exponentiation", "shadows")
"""Those that are told how many copies of a state there are."""


@dataclass(frozen=True)
class PCAContest:
    """Find the leading principal components; the error is the angle between the subspaces.

    Attributes
    ----------
    components
        How many, the same for all data.
    """

    components: int = 2

    name = "pca"
    default_sizes = (4, 8, 16, 32, 256, 1024)

    def __post_init__(self) -> None:
        if self.components < 1:
            raise InvalidProblemError(f"components = {self.components}: at least 1 is needed")

    @property
    def families(self) -> Collection[str]:
        """Of data, and data sets of which the leading features are taken; the first the default."""
        return [*FAMILIES, *DATASETS]

    def draw(self, family: str, size: int, rng: np.random.Generator) -> Source:
        """Draw data."""
        return Data(make_data(family, size, rng))

    def require_solver(self, name: str) -> None:
        """Refuse an unknown one."""
        if name not in SOLVERS:
            raise UnknownNameError("solver", name, SOLVERS)

    def default_solvers(self, problem: Source) -> list[str]:
        """Name those that suit data, or circuits."""
        return [*(DEFAULT_SOLVERS if isinstance(problem, Data) else DEFAULT_SOLVERS_OF_CIRCUITS)]

    def distance(self, fitted: Any, problem: Source) -> float | None:
        """Error of a fitted estimator, or ``None`` if there is nothing to compare with."""
        try:
            return subspace_angle(fitted.components_, self.reference(problem))
        except InvalidProblemError:
            return None

    def reference(self, problem: Source) -> NDArray[Any]:
        """Find the components by a singular value or eigenvalue decomposition."""
        return problem.principal_axes(self.components)

    def demand(self, problem: Source, solver: str) -> Demand:
        """Memory of the centred data and of a covariance matrix with its eigenvectors.

        And a gate for each entry of that matrix, which a circuit loads.
        """
        if not isinstance(problem, Data):
            return Demand()
        entries = problem.features**2
        covariance = 0 if solver in _WITHOUT_COVARIANCE else 3 * 16 * entries
        return Demand(
            memory=int(problem.values.nbytes) + covariance,
            gates=entries if solver in METHODS else 0,
        )

    def row(self, problem: Source, solver: str, reference: NDArray[Any], setting: Setting) -> Row:
        """Run a solver."""
        if solver in CLASSICAL:
            measured = measure(
                lambda: fit(problem, solver, self.components, setting),
                seconds_of=lambda found: found[1],
            )
            fitted, costs = measured.value[0], measured.costs(_flops(problem, solver))
        else:
            fitted, seconds = fit(problem, solver, self.components, setting)
            costs = {**vars(fitted.resources_), "copies": fitted.copies_}
            costs["gates_per_accepted_shot"] = fitted.resources_.two_qubit_gates
            costs["postprocessing_seconds"] = max(0.0, seconds - _before_reading(costs))
        return replace(
            self.failed(problem, solver, setting),
            error=subspace_angle(fitted.components_, reference),
            caveats=caveats(fitted),
            **costs,
        )

    def failed(self, problem: Source, solver: str, setting: Setting) -> Row:
        """Return what is known without a solution."""
        classical = solver in CLASSICAL
        return Row(
            problem="",
            size=problem.features,
            condition_number=None,
            solver=solver,
            kind="quantum" if solver in METHODS else "classical",
            backend=None if classical else setting.backend.name,
            target_error=setting.epsilon,
            output="set of components",
            error_of="angle between the subspaces, radians",
        )


def _before_reading(costs: dict[str, Any]) -> float:
    """Seconds up to the end of the last run."""
    names = ("classical_seconds", "build_seconds", "compile_seconds", "run_seconds")
    return sum(costs[name] or 0.0 for name in names)


def fit(
    problem: Source, solver: str, components: int, setting: Setting, copies: int | None = None
) -> tuple[Any, float]:
    """Fit a new estimator, and say how many seconds that took.

    Parameters
    ----------
    problem, solver, components, setting
        What is to be done.
    copies
        How many copies there are, of `LIMITED` solvers. Shadows measure each once, by default as
        many as there are shots.

    Raises
    ------
    UnsuitableSolverError
        If the solver takes data only, or circuits only.
    InvalidProblemError
        As the estimator does.
    """
    if isinstance(problem, PreparedState) and solver in CLASSICAL:
        raise UnsuitableSolverError(
            f"{solver} takes data: of a state that a circuit prepares there are copies only; use "
            f"{', '.join([*METHODS, *CLASSICAL_FOR_CIRCUITS])}"
        )
    if isinstance(problem, Data) and solver in CLASSICAL_FOR_CIRCUITS:
        raise UnsuitableSolverError(f"{solver} takes a circuit: use {', '.join(CLASSICAL)}")
    estimator = _estimator(solver, components, setting, copies)
    start = time.perf_counter()
    fitted = problem.fit(estimator)
    return fitted, time.perf_counter() - start


def caveats(fitted: Any) -> tuple[str, ...]:
    """Sentences that belong beside the figures of a fitted estimator."""
    found = []
    details = getattr(fitted, "details_", {})
    if "floor" in details:
        found.append(
            f"Resolution: the clock does not tell eigenvalues below {details['floor']:.2g} of the "
            "variance apart; components there come from what is left beside the others."
        )
    if getattr(fitted, "resources_", None) and fitted.resources_.classically_diagonalised:
        found.append("The eigenvectors were computed classically to build the circuit.")
    return tuple(found)


def _flops(problem: Source, solver: str) -> float | None:
    """Operations of an exact solver; iterative and random ones decide on theirs as they go."""
    if not isinstance(problem, Data):
        return None
    samples, features = problem.values.shape
    return principal_component_flops(samples, features, solver)


def _estimator(solver: str, components: int, setting: Setting, copies: int | None) -> Any:
    if solver in CLASSICAL_FOR_CIRCUITS:
        number = setting.shots if copies is None else copies
        given = {} if number is None else {"copies": number}
        return CLASSICAL_FOR_CIRCUITS[solver](
            n_components=components,
            backend=setting.backend,
            random_state=setting.seed,
            **given,
        )
    return make_estimator(
        solver,
        components,
        epsilon=setting.epsilon,
        backend=setting.backend,
        shots=setting.shots,
        random_state=setting.seed,
        **({} if copies is None else {"copies": copies}),
    )
