r"""Derivatives of the log-likelihood, as ratios of expectation values of local operators."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.factor_graph.state import QuantumGenerativeState


def log_probability_gradient(
    state: QuantumGenerativeState, X: ArrayLike, method: str = "auto"
) -> tuple[NDArray[np.float64], NDArray[np.complex128]]:
    r"""Return log P(x) and its derivative with respect to every matrix.

    Parameters
    ----------
    state
        The model.
    X
        Shape ``(N, n_variables)``, 0 or 1.
    method
        ``"statevector"``, ``"contraction"`` or ``"auto"``.

    Returns
    -------
    log_probabilities
        Shape ``(N,)``, nats.
    gradient
        Shape ``(N, m, 2, 2)``, complex, g. For any real parameter t of :math:`M_i`,
        :math:`\partial_t \log P(x) = \mathrm{Re} \sum_{ba} g^*_{i,ba} \partial_t M_{i,ba}`: real
        and imaginary parts of g are the derivatives in those of the entries.

    Raises
    ------
    InvalidProblemError
        If X is not binary, has another number of columns, or a row of it has probability 0.
    TooLargeError
        If the network is too wide, and too large for a statevector.

    Notes
    -----
    With :math:`O = (\partial_t M_i) M_i^{-1}`, which acts on qubit i only,

    .. math:: \partial_t \log P(x) = 2\,\mathrm{Re}\left[\frac{\langle Q|\Pi_x O|Q\rangle}
        {\langle Q|\Pi_x|Q\rangle} - \frac{\langle Q|\Pi O|Q\rangle}{\langle Q|\Pi|Q\rangle}\right],

    where :math:`\Pi` projects the conditioned qubits only: the difference of expectation values by
    which Gao, Zhang and Duan train the model. Both ratios for all qubits come out of a contraction
    each and its derivatives. Cost: about three to five times that of the probabilities.
    """
    variables = range(state.n_variables)
    weights, with_data = state.site_matrices(variables, X, method)
    if len(bad := np.flatnonzero(~np.isfinite(weights))):
        raise InvalidProblemError(
            f"X[{bad[0]}] has probability 0 in this model: its logarithm has no derivative"
        )
    norm, without = state.site_matrices((), np.zeros((1, 0)), method)
    # tr(dM inverse(M) A) for all dM at once.
    slopes = 2 * np.linalg.inv(state.matrices) @ (with_data - without)
    return weights - norm, slopes.conj().swapaxes(-1, -2)
