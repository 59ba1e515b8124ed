"""What tensor-network Born machines share: exact marginals, conditionals and inpainting."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.base import DiscreteDensity
from qml_algos.generative.checks import MISSING, as_discrete, require_known
from qml_algos.validation import seed_from


class BornMachine(DiscreteDensity):
    """A density estimator that is a state whose marginals can be contracted."""

    random_state: int | np.random.Generator | None

    def sample(
        self, n_samples: int = 1, random_state: int | np.random.Generator | None = None
    ) -> NDArray[np.int64]:
        """Draw independent samples, shape ``(n_samples, n_features)``.

        Parameters
        ----------
        n_samples
            How many.
        random_state
            Seed or generator; ``None`` for that of the estimator.

        Raises
        ------
        InvalidProblemError
            If ``n_samples`` is no positive integer.
        """
        return super().sample(
            n_samples, self.random_state if random_state is None else random_state
        )

    def marginal(self, variables: Sequence[int]) -> NDArray[np.float64]:
        """Joint distribution of some variables.

        Parameters
        ----------
        variables
            Distinct; their number of joint outcomes is what limits them.

        Returns
        -------
        numpy.ndarray
            One axis of categories for each of the variables, in the order given.

        Raises
        ------
        InvalidProblemError, TooLargeError
            If they are no variables, or too many.
        """
        return self.conditional(variables, {})

    def conditional(
        self, variables: Sequence[int], evidence: Mapping[int, int]
    ) -> NDArray[np.float64]:
        """Joint distribution of some variables given others.

        Parameters
        ----------
        variables
            Distinct, none of them in the evidence.
        evidence
            Category of each variable that is known.

        Returns
        -------
        numpy.ndarray
            One axis of categories for each of the variables, in the order given.

        Raises
        ------
        InvalidProblemError, TooLargeError
            If they are no variables or too many, or the evidence has probability 0.
        """
        check_is_fitted(self)
        self._require_variables(variables, evidence)
        known = {int(variable): int(value) for variable, value in evidence.items()}
        return self._distribution([int(variable) for variable in variables], known)

    def inpaint(
        self, X: ArrayLike, random_state: int | np.random.Generator | None = None
    ) -> NDArray[np.int64]:
        """Draw the missing entries of samples from their distribution given the others.

        Parameters
        ----------
        X
            Shape ``(n_samples, n_features)``, NaN where an entry is missing.
        random_state
            Seed or generator; ``None`` for that of the estimator.

        Returns
        -------
        numpy.ndarray
            The samples without gaps. Repeat rows to see how uncertain they are.

        Raises
        ------
        ValueError, InvalidProblemError
            If what is known is no category of its variable, or has probability 0.
        """
        check_is_fitted(self)
        given = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        gaps = np.isnan(given)
        data = as_discrete(np.where(gaps, 0, given))
        require_known(data, self.categories_)
        seed = seed_from(self.random_state if random_state is None else random_state)
        return self._complete(np.where(gaps, MISSING, data), np.random.default_rng(seed))

    def _require_variables(self, variables: Sequence[int], evidence: Mapping[int, int]) -> None:
        """Refuse variables and evidence that the model does not have, or that overlap."""
        count, sizes = self.categories_.variables, self.categories_.sizes
        wanted = list(variables)
        for name, numbers in (("variables", wanted), ("evidence", list(evidence))):
            for number in numbers:
                if not isinstance(number, int | np.integer) or not 0 <= number < count:
                    raise InvalidProblemError(
                        f"{name}: {number!r} is no variable; they are numbered 0 to {count - 1}"
                    )
        if not wanted or len(set(wanted)) < len(wanted) or set(wanted) & set(evidence):
            raise InvalidProblemError(
                f"variables = {wanted!r}: at least one, each once, and none of the evidence"
            )
        for variable, value in evidence.items():
            if not isinstance(value, int | np.integer) or not 0 <= value < sizes[variable]:
                raise InvalidProblemError(
                    f"evidence: {value!r} is no category of variable {variable}; they are numbered "
                    f"0 to {sizes[variable] - 1}"
                )

    @abstractmethod
    def _distribution(
        self, variables: Sequence[int], evidence: Mapping[int, int]
    ) -> NDArray[np.float64]:
        """Return the joint distribution of checked variables given checked evidence."""

    @abstractmethod
    def _complete(self, X: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
        """Draw the entries that are `MISSING`."""
