"""What quantum kernels share: parameters, checks, and the choice between states and shots."""

from __future__ import annotations

import dataclasses
import inspect
import time
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray
from sklearn.gaussian_process.kernels import Kernel

from circuits.feature_maps import FeatureMap, ZZMap
from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_qubits, require_shots, seed_for
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.kernels.gram import GramMatrix
from qml_algos.kernels.positive_semidefinite import nearest_positive_semidefinite
from qml_algos.kernels.tiles import Report, StateSource
from qml_algos.pca.progress import progress_bar
from qml_algos.results import Resources
from qml_algos.validation import is_number, numeric_array

__all__ = ["DEFAULT_MAP", "Inputs", "QuantumKernel", "is_number"]

DEFAULT_MAP = ZZMap()
PRECISIONS = {"double": "complex128", "single": "complex64"}
_ROUNDING = 1e-12
"""Of the trace: what rounding makes of an eigenvalue that is 0."""


@dataclass(frozen=True)
class Inputs:
    """What a Gram matrix is computed from, checked.

    Attributes
    ----------
    features, qubits
        Numbers.
    first, second
        Angles, shapes ``(N, P)`` and ``(M, P)``; ``second`` is ``None`` where rows are compared
        among themselves.
    """

    features: int
    qubits: int
    first: NDArray[np.float64]
    second: NDArray[np.float64] | None


class QuantumKernel(Kernel):
    """Kernel of scikit-learn whose values come from quantum states; see its subclasses.

    It has no hyperparameter that scikit-learn's Gaussian processes would optimise (``theta`` is
    empty). Sums and products with other kernels have theirs.
    """

    feature_map: FeatureMap
    weights: ArrayLike | None
    bandwidth: float
    backend: str | Backend | None
    shots: int | None
    positive_semidefinite: bool
    random_state: int | np.random.Generator | None
    n_jobs: int | None
    precision: str
    max_bytes: int
    verbose: bool

    def __call__(
        self, X: ArrayLike, Y: ArrayLike | None = None, eval_gradient: bool = False
    ) -> Any:
        """Evaluate the kernel; `gram` without its errors and costs.

        Parameters
        ----------
        X, Y
            Shapes ``(N, features)`` and ``(M, features)``; Y ``None`` for X itself.
        eval_gradient
            Whether the derivatives by ``theta``, of which there are none, are wanted too.

        Returns
        -------
        NDArray, or a pair of them
            Shape ``(N, M)``; with ``eval_gradient`` also an empty array of shape ``(N, N, 0)``.

        Raises
        ------
        ValueError
            If ``eval_gradient`` is asked for with Y; else as `gram`.
        """
        if eval_gradient and Y is not None:
            raise ValueError("eval_gradient = True: derivatives are of kernel(X) only, without Y")
        values = self.gram(X, Y).values
        return (values, np.empty((*values.shape, 0))) if eval_gradient else values

    def gram(self, X: ArrayLike, Y: ArrayLike | None = None) -> GramMatrix:
        """Evaluate the kernel, with the standard errors and the costs of its values.

        Where Y has the same entries as X, the result is that for X alone: symmetric.

        Parameters
        ----------
        X, Y
            Shapes ``(N, features)`` and ``(M, features)``; Y ``None`` for X itself.

        Returns
        -------
        GramMatrix

        Raises
        ------
        InvalidProblemError
            If X or Y is no finite real matrix, they have different numbers of features or one
            that the feature map does not take, weights are missing or too many, or a parameter is
            out of range.
        UnknownNameError
            If a parameter is none of the names it may have, or there is no such backend.
        TooLargeError
            If two states exceed ``max_bytes``, or a backend has too few qubits or shots.
        """
        start = time.perf_counter()
        self._require_parameters()
        inputs = self._inputs(X, Y)
        opened = self._sampled_on(inputs.qubits)
        if opened is not None:
            return self._projected(self._sampled(inputs, *opened), inputs)
        with self._progress() as report:
            values = self._exact(inputs, report)
        seconds = time.perf_counter() - start
        used = Resources(classical_seconds=0.0, qubits=inputs.qubits, run_seconds=seconds)
        return GramMatrix(values, None, used)

    @abstractmethod
    def _exact(self, inputs: Inputs, report: Report) -> NDArray[np.float64]:
        """Return kernel values from exact states."""

    @abstractmethod
    def _sampled(self, inputs: Inputs, opened: Backend, shots: int) -> GramMatrix:
        """Measure kernel values."""

    def is_stationary(self) -> bool:
        """Return False: values depend on more than differences of data."""
        return False

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters; ``deep`` adds those of the feature map, by ``feature_map__``."""
        params: dict[str, Any] = super().get_params(deep=False)
        if deep:
            nested = {
                f"{name}__{inner}": value
                for name, holder in params.items()
                for inner, value in _inner_params(holder).items()
            }
            params |= nested
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters, also nested ones; feature maps are replaced, since they do not change.

        Raises
        ------
        UnknownNameError
            If there is no such parameter; nothing is set then.
        """
        plain = {name: value for name, value in params.items() if "__" not in name}
        after = self.get_params(deep=False) | plain
        _require_known(self, plain, self.get_params(deep=False))
        inner: dict[str, dict[str, Any]] = {}
        for name in params.keys() - plain.keys():
            holder, _, parameter = name.partition("__")
            _require_known(self, [holder], after)
            _require_known(
                after[holder], [parameter.partition("__")[0]], _inner_params(after[holder])
            )
            inner.setdefault(holder, {})[parameter] = params[name]
        for holder, values in inner.items():
            plain[holder] = _with_params(after[holder], values)
        for name, value in plain.items():
            setattr(self, name, value)
        return self

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return False
        others = other.get_params(deep=False)
        return all(
            _same(value, others[name]) for name, value in self.get_params(deep=False).items()
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        signature = inspect.signature(type(self)).parameters
        shown = [
            f"{name}={value!r}"
            for name, value in self.get_params(deep=False).items()
            if name == "feature_map" or not _same(value, signature[name].default)
        ]
        return f"{type(self).__name__}({', '.join(shown)})"

    def angles(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the values of the circuit's parameters for data; shape ``(N, P)``.

        Raises
        ------
        InvalidProblemError
            As `gram`.
        """
        self._require_map()
        return self._inputs(X, None).first

    def _require_parameters(self) -> None:
        """Refuse parameters that are wrong whatever the data."""
        self._require_map()
        if self.precision not in PRECISIONS:
            raise UnknownNameError("precision", self.precision, PRECISIONS)
        whole = isinstance(self.max_bytes, int | np.integer)
        if not whole or not is_number(self.max_bytes) or self.max_bytes < 1:
            raise InvalidProblemError(f"max_bytes = {self.max_bytes!r}: must be a positive integer")

    def _require_map(self) -> None:
        """Refuse what data cannot be encoded with."""
        if not isinstance(self.feature_map, FeatureMap):
            raise InvalidProblemError(
                f"feature_map = {self.feature_map!r}: must be a FeatureMap; CircuitMap makes one "
                "of a circuit"
            )
        if not (is_number(self.bandwidth) and 0 < self.bandwidth < np.inf):
            raise InvalidProblemError(f"bandwidth = {self.bandwidth!r}: must be a positive number")

    def _inputs(self, X: ArrayLike, Y: ArrayLike | None) -> Inputs:
        """Check data and encode them."""
        first = _data(X, "X")
        second = None if Y is None or Y is X else _data(Y, "Y")
        features = first.shape[1]
        if second is not None and second.shape[1] != features:
            raise InvalidProblemError(
                f"Y has {second.shape[1]} features, but X has {features}: they need the same"
            )
        if second is not None and np.array_equal(first, second):
            second = None
        try:
            qubits = self.feature_map.qubits(features)
            weights = self._weights(features)
            angles = [
                None if data is None else self.feature_map.angles(self.bandwidth * data, weights)
                for data in (first, second)
            ]
        except InvalidProblemError:
            raise
        except ValueError as error:
            raise InvalidProblemError(f"{self.feature_map!r}: {error}") from None
        # In one order, so that rounding does not depend on how a map makes them.
        x, y = (None if given is None else np.ascontiguousarray(given) for given in angles)
        assert x is not None
        return Inputs(features, qubits, x, y)

    def _weights(self, features: int) -> NDArray[np.float64]:
        needed = self.feature_map.weights(features)
        if self.weights is None and needed:
            raise InvalidProblemError(
                f"weights = None: {self.feature_map!r} has {needed} trainable weights for "
                f"{features} features; give them, or find them with align()"
            )
        weights = numeric_array(() if self.weights is None else self.weights, "weights")
        if weights.shape != (needed,) or weights.dtype.kind == "c":
            raise InvalidProblemError(
                f"weights of shape {weights.shape}: {self.feature_map!r} takes {needed} real ones "
                f"for {features} features"
            )
        return weights

    def _sampled_on(self, qubits: int) -> tuple[Backend, int] | None:
        """Return the backend and the shots, if the kernel is to be sampled."""
        if self.backend is None and self.shots is None:
            return None
        opened = open_backend("aer" if self.backend is None else self.backend)
        if self.shots is None and opened.exact:
            return None
        shots = opened.config.limits.default_shots if self.shots is None else self.shots
        require_shots(opened.config, shots)
        require_qubits(opened.config, qubits, f"the circuit of {self.feature_map!r}")
        return opened, int(shots)

    def _seed(self, opened: Backend) -> int:
        return seed_for(opened, self.random_state)

    def _source(self, features: int) -> StateSource:
        return StateSource(self.feature_map, features, PRECISIONS[self.precision])

    @contextmanager
    def _progress(self) -> Iterator[Report]:
        with progress_bar(shown=self.verbose) as bar:
            yield lambda done, total: bar("kernel", done, total)

    def _projected(self, measured: GramMatrix, inputs: Inputs) -> GramMatrix:
        """Bring a measured symmetric matrix to the nearest positive semidefinite one."""
        if inputs.second is not None:
            return measured
        values = measured.values
        least = float(scipy.linalg.eigvalsh(values, subset_by_index=[0, 0])[0])
        negative = least < -_ROUNDING * float(np.trace(values))
        projected = negative and self.positive_semidefinite
        return dataclasses.replace(
            measured,
            values=nearest_positive_semidefinite(values) if projected else values,
            projected=projected,
            least_eigenvalue=least,
        )


def _data(given: ArrayLike, name: str) -> NDArray[np.float64]:
    data = numeric_array(given, name)
    if data.ndim != 2 or not data.size:
        raise InvalidProblemError(
            f"{name} has shape {data.shape}: a matrix of samples by features is needed"
        )
    if data.dtype.kind == "c":
        raise InvalidProblemError(f"{name} is complex: feature maps take real numbers")
    return data


def _inner_params(holder: Any) -> dict[str, Any]:
    """Parameters of a parameter: of a feature map, or of a kernel of scikit-learn."""
    if isinstance(holder, FeatureMap):
        fields: Any = dataclasses.fields(holder) if dataclasses.is_dataclass(holder) else ()
        return {field.name: getattr(holder, field.name) for field in fields if field.init}
    return dict(holder.get_params()) if isinstance(holder, Kernel) else {}


def _with_params(holder: Any, values: dict[str, Any]) -> Any:
    if isinstance(holder, Kernel):
        return holder.set_params(**values)
    return dataclasses.replace(holder, **values)


def _require_known(holder: object, names: Any, known: dict[str, Any]) -> None:
    for name in names:
        if name not in known:
            raise UnknownNameError(f"parameter of {holder!r}", name, known)


def _same(first: Any, second: Any) -> bool:
    """Whether two values of a parameter are equal; arrays by entries, backends by description."""
    if first is second:
        return True
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        return first is not None and second is not None and np.array_equal(first, second)
    if hasattr(first, "config") and hasattr(second, "config"):
        return first.config == second.config
    return bool(first == second)
