"""The state and the distribution of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.factor_graph import statevector
from qml_algos.generative.factor_graph.checks import (
    checked_edges,
    checked_matrices,
    checked_qubits,
    checked_samples,
)
from qml_algos.generative.factor_graph.contraction import order_of_contraction
from qml_algos.generative.factor_graph.engines import engine
from qml_algos.validation import require_count, seed_from

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_ENUMERATED = 20
"""Most variables whose joint distribution is written out."""


@dataclass(frozen=True, eq=False)
class QuantumGenerativeState:
    r"""The state :math:`|Q\rangle = \bigotimes_i M_i |G\rangle` and the distribution it holds.

    The visible qubits are measured in the computational basis, the conditioned ones are projected
    on 0, the others are hidden: traced out. With :math:`\Pi_x` the projector on outcome x of the
    visible qubits and 0 of the conditioned ones,

    .. math:: P(x) = \langle Q|\Pi_x|Q\rangle / \sum_y \langle Q|\Pi_y|Q\rangle.

    Variable k is ``visible[k]``. In flat tables the variable named first is the least significant
    bit.

    Parameters
    ----------
    edges
        Of the graph, pairs of qubits.
    matrices
        Invertible :math:`M_i`, shape ``(m, 2, 2)``; their scale does not matter.
    visible
        Qubits, at least one.
    conditioned
        Other qubits.

    Raises
    ------
    InvalidProblemError
        If the graph has loops or double edges, a qubit is out of range, occurs twice or is both
        visible and conditioned, or there is no visible one.
    SingularMatrixError
        If a matrix is not invertible, with its qubit.

    References
    ----------
    X. Gao, Z.-Y. Zhang, L.-M. Duan, Science Advances 4, eaat9004 (2018), arXiv:1711.02038.
    """

    edges: tuple[tuple[int, int], ...]
    matrices: NDArray[np.complex128]
    visible: tuple[int, ...]
    conditioned: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        matrices = checked_matrices(self.matrices)
        qubits = len(matrices)
        visible = checked_qubits("visible", self.visible, qubits)
        conditioned = checked_qubits("conditioned", self.conditioned, qubits)
        if not visible:
            raise InvalidProblemError("visible is empty: at least one qubit must be measured")
        if both := sorted({*visible} & {*conditioned}):
            raise InvalidProblemError(f"qubits {both} are both visible and conditioned")
        object.__setattr__(self, "matrices", matrices)
        object.__setattr__(self, "edges", checked_edges(self.edges, qubits))
        object.__setattr__(self, "visible", visible)
        object.__setattr__(self, "conditioned", conditioned)

    @property
    def n_qubits(self) -> int:
        """Number of qubits, m."""
        return len(self.matrices)

    @property
    def n_variables(self) -> int:
        """Number of visible qubits, n."""
        return len(self.visible)

    @property
    def hidden(self) -> tuple[int, ...]:
        """Qubits that are traced out."""
        named = {*self.visible, *self.conditioned}
        return tuple(i for i in range(self.n_qubits) if i not in named)

    @property
    def condition_numbers(self) -> Floats:
        """Of the matrices, shape ``(m,)``."""
        found: Floats = np.linalg.cond(self.matrices)
        return found

    def width(self, variables: Iterable[int] | None = None) -> int:
        """Bound the treewidth of the contraction that gives the weight of some variables' values.

        ``None`` for all variables. Each traced qubit joins the two copies of the network, so fewer
        variables make it wider: up to twice the width of the graph.
        """
        pinned = self._pinned(self._variables(variables))
        return order_of_contraction(self.n_qubits, self.edges, pinned).width

    def amplitudes(self) -> NDArray[np.complex128]:
        """Return ``|Q>``, shape ``(2**m,)``, qubit 0 the least significant bit, not normalised.

        Raises
        ------
        TooLargeError
            If there are more than 22 qubits.
        """
        state = statevector.amplitudes(self.matrices, self.edges)
        return state.transpose().reshape(-1)

    def log_norm(self, method: str = "auto") -> float:
        r"""Return :math:`\log\langle Q|Q\rangle`.

        Raises
        ------
        TooLargeError
            If the network is too wide, and too large for a statevector.
        """
        chosen = engine(method, self.n_qubits, self.edges, (), 1)
        none = np.zeros((1, 0), dtype=np.int64)
        return float(chosen.log_weights(self.matrices, self.edges, (), none)[0])

    def condition_probability(self, method: str = "auto") -> float:
        """Return the probability that the conditioned qubits of ``|Q>`` are all found in 0."""
        return float(
            np.exp(self.log_weights((), np.zeros((1, 0)), method)[0] - self.log_norm(method))
        )

    def log_weights(
        self, variables: Iterable[int], values: ArrayLike, method: str = "auto"
    ) -> Floats:
        r"""Return :math:`\log\langle Q|\Pi|Q\rangle` for values of some variables.

        Parameters
        ----------
        variables
            The others are traced out.
        values
            Shape ``(N, len(variables))``.
        method
            ``"statevector"``, ``"contraction"`` or ``"auto"``: the one with fewer multiplications.

        Returns
        -------
        array, shape ``(N,)``

        Raises
        ------
        TooLargeError
            As `log_norm`.
        """
        chosen = self._variables(variables)
        rows = self._with_conditions(checked_samples(values, len(chosen)))
        pinned = self._pinned(chosen)
        compute = engine(method, self.n_qubits, self.edges, pinned, len(rows)).log_weights
        return compute(self.matrices, self.edges, pinned, rows)

    def site_matrices(
        self, variables: Iterable[int], values: ArrayLike, method: str = "auto"
    ) -> tuple[Floats, NDArray[np.complex128]]:
        r"""Return the weights of `log_weights`, and what expectations of local operators take.

        Returns
        -------
        log_weights
            Shape ``(N,)``.
        sites
            Shape ``(N, m, 2, 2)``: :math:`A_i`, of trace 1, with
            :math:`\langle Q|\Pi O_i|Q\rangle / \langle Q|\Pi|Q\rangle = \mathrm{tr}(O_i A_i)`.
        """
        chosen = self._variables(variables)
        rows = self._with_conditions(checked_samples(values, len(chosen)))
        pinned = self._pinned(chosen)
        compute = engine(method, self.n_qubits, self.edges, pinned, len(rows)).site_matrices
        return compute(self.matrices, self.edges, pinned, rows)

    def log_probability(self, X: ArrayLike, method: str = "auto") -> Floats:
        """Return log P(x), in nats, of each row of X.

        Parameters
        ----------
        X
            Shape ``(N, n_variables)``, 0 or 1.
        method
            As in `log_weights`.

        Returns
        -------
        array, shape ``(N,)``

        Raises
        ------
        InvalidProblemError
            If X is not binary, or has another number of columns.
        TooLargeError
            As `log_norm`.
        """
        weights = self.log_weights(range(self.n_variables), X, method)
        return weights - self.log_weights((), np.zeros((1, 0)), method)

    def probabilities(self, method: str = "auto") -> Floats:
        """Return the joint distribution, shape ``(2**n_variables,)``.

        Raises
        ------
        TooLargeError
            If there are more than 20 variables, or as `log_norm`.
        """
        return self.marginal(range(self.n_variables), method)

    def marginal(self, variables: Iterable[int], method: str = "auto") -> Floats:
        """Return the joint distribution of some variables, shape ``(2**len(variables),)``.

        Raises
        ------
        InvalidProblemError
            If a variable is out of range or occurs twice.
        TooLargeError
            As `probabilities`.
        """
        chosen = self._variables(variables)
        if len(chosen) > MOST_ENUMERATED:
            raise TooLargeError(
                f"{len(chosen)} variables have 2**{len(chosen)} values; tables go up to "
                f"{MOST_ENUMERATED} variables. Use log_probability, or sample"
            )
        values = np.arange(2 ** len(chosen))[:, None] >> np.arange(len(chosen)) & 1
        logs = self.log_weights(chosen, values, method)
        weights: Floats = np.exp(logs - logs.max())
        return weights / weights.sum()

    def conditional(self, given: Mapping[int, int]) -> QuantumGenerativeState:
        """Return the state of the other variables when some have known values.

        Their qubits become conditioned ones; a known 1 is a 0 after a bit flip, which is a matrix
        with its rows exchanged.

        Parameters
        ----------
        given
            Values, by variable. The variables that are left keep their order.

        Raises
        ------
        InvalidProblemError
            If a variable or a value is not allowed, none is left, or the values have probability 0.
        """
        known = self._variables(given)
        rows = checked_samples(np.array([list(given.values())]).reshape(1, -1), len(known))
        if self.log_weights(known, rows)[0] == -np.inf:
            raise InvalidProblemError(f"given = {dict(given)}: has probability 0")
        matrices = self.matrices.copy()
        for variable, value in zip(known, rows[0], strict=True):
            if value:
                matrices[self.visible[variable]] = matrices[self.visible[variable], ::-1]
        pinned = tuple(self.visible[k] for k in known)
        left = tuple(qubit for qubit in self.visible if qubit not in pinned)
        conditioned = (*self.conditioned, *pinned)
        return replace(self, matrices=matrices, visible=left, conditioned=conditioned)

    def sample(
        self,
        n_samples: int = 1,
        random_state: int | np.random.Generator | None = None,
        method: str = "auto",
    ) -> Integers:
        """Draw values of all variables, one after the other given those before: exact.

        Returns
        -------
        array, shape ``(n_samples, n_variables)``

        Raises
        ------
        InvalidProblemError
            If ``n_samples`` is no positive integer.
        TooLargeError
            As `log_norm`.

        Notes
        -----
        Each distinct beginning is computed once, whatever the number of samples that share it.
        """
        require_count("n_samples", n_samples)
        generator = np.random.default_rng(seed_from(random_state))
        drawn = np.zeros((n_samples, self.n_variables), dtype=np.int64)
        for k in range(self.n_variables):
            before, which = np.unique(drawn[:, :k], axis=0, return_inverse=True)
            ones = self._probability_of_one(k, before, method)
            drawn[:, k] = generator.random(n_samples) < ones[which.reshape(-1)]
        return drawn

    def _probability_of_one(self, k: int, before: Integers, method: str) -> Floats:
        """P(variable k is 1), given each row of values of the variables before it."""
        both = np.repeat(before, 2, axis=0)
        values = np.column_stack([both, np.tile([0, 1], len(before))])
        logs = self.log_weights(range(k + 1), values, method).reshape(-1, 2)
        weights = np.exp(logs - logs.max(axis=1, keepdims=True))
        ones: Floats = weights[:, 1] / weights.sum(axis=1)
        return ones

    def _variables(self, variables: Iterable[int] | None) -> tuple[int, ...]:
        if variables is None:
            return tuple(range(self.n_variables))
        found = list(variables)
        for k in found:
            if isinstance(k, bool) or not isinstance(k, int | np.integer):
                raise InvalidProblemError(f"variable {k!r}: must be an integer")
            if not 0 <= k < self.n_variables:
                raise InvalidProblemError(
                    f"variable {k}: variables go from 0 to {self.n_variables - 1}"
                )
        if len(set(found)) < len(found):
            raise InvalidProblemError(f"variables {found}: one occurs twice")
        return tuple(map(int, found))

    def _pinned(self, variables: Sequence[int]) -> tuple[int, ...]:
        return (*(self.visible[k] for k in variables), *self.conditioned)

    def _with_conditions(self, values: Integers) -> Integers:
        zeros: Any = np.zeros((len(values), len(self.conditioned)), dtype=np.int64)
        return np.concatenate([values, zeros], axis=1)
