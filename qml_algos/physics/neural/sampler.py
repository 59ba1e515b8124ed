"""Markov chains of configurations, many in parallel, by squared amplitude of a machine."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.physics.neural.flips import FlipRatios, Flips, exchanges, single_flips

_MATCHINGS = 32
"""Sets of disjoint exchanges to draw from."""
_ACCEPTANCE = 0.5
"""What the number of flips proposed is adjusted to."""
_PROPOSAL_TOLERANCE = 0.3
"""Of the ratios that proposals are made of; they need not be exact."""
_OVERFLOW = 80.0
"""Where the exponential of a single-precision number ends."""


class Chains:
    r"""Metropolis chains whose steps flip many spins at once.

    A step flips each spin independently with probability ``1 / (1 + exp(lambda - r))`` for
    ``r = log |psi(s') / psi(s)|`` of its flip alone, and accepts all by Metropolis and Hastings'
    rule, so that the squared amplitude stays the stationary distribution. Where the magnetisation
    is conserved, a set of disjoint pairs of opposite spins takes the place of the spins, drawn
    anew for each step. Lambda follows from an acceptance of one half.

    Parameters
    ----------
    qubits, count
        Spins, and chains.
    generator
        For all that is drawn.
    magnetisation
        Sum of the spins, if it is to be conserved.
    pairs
        Spins that are exchanged more often than those drawn at random.
    complex_valued
        Whether the machine has complex parameters; else all is in single precision.

    Attributes
    ----------
    spins
        In columns, +1 and -1; shape ``(qubits, chains)``.
    tanh
        Of the hidden angles of these spins; shape ``(hidden, chains)``.
    machine
        W, a, b as they were given.

    Notes
    -----
    Cost of a step: O(hidden * qubits * chains), in products of matrices. G. Zanella, J. Am. Stat.
    Assoc. 115, 852 (2020); R. Zhang, X. Liu, Q. Liu, ICML 2022.
    """

    def __init__(
        self,
        qubits: int,
        count: int,
        generator: np.random.Generator,
        *,
        magnetisation: int | None = None,
        pairs: NDArray[np.int64] | None = None,
        complex_valued: bool = False,
    ) -> None:
        self._generator = generator
        self._dtype = np.complex128 if complex_valued else np.float32
        real = np.float64 if complex_valued else np.float32
        if magnetisation is None:
            self._moves = [single_flips(qubits)]
            spins = generator.choice([-1.0, 1.0], size=(qubits, count))
        else:
            self._moves = _exchanges(qubits, pairs, generator)
            up = (qubits + magnetisation) // 2
            column = np.repeat([1.0, -1.0], [up, qubits - up])[:, None]
            spins = generator.permuted(np.tile(column, (1, count)), axis=0)
        self.spins: NDArray[Any] = spins.astype(real)
        # One for each kind of moves.
        self._reluctance = [1.0, 1.0]

    def take(self, W: NDArray[Any], a: NDArray[Any], b: NDArray[Any]) -> None:
        """Go on with the parameters of a machine."""
        self.machine = W, a, b
        self._W, self._a = W.astype(self._dtype), a.astype(self._dtype)
        self._b = b.astype(self._dtype)[:, None]
        self._ratios: dict[int, FlipRatios] = {}
        self.tanh, self._logs = self._evaluate(self.spins)

    def ratios(self, flips: Flips) -> FlipRatios:
        """Prepare ratios of amplitudes of the present machine."""
        return FlipRatios(self._W, self._a, flips)

    def run(self, steps: int) -> float:
        """Take steps; return the share that was accepted."""
        return float(np.mean([self._step() for _ in range(steps)]))

    def _step(self) -> float:
        move = int(self._generator.integers(len(self._moves)))
        flips = self._moves[move]
        allowed = flips.allowed(self.spins)
        logits = self._logits(move, self.spins, self.tanh)
        drawn = self._generator.random(logits.shape, dtype=np.float32)
        chosen = (drawn * (1 + np.exp(-logits)) < 1) & allowed
        spins = flips.flipped(self.spins, chosen)
        tanh, logs = self._evaluate(spins)
        back = self._logits(move, spins, tanh)
        # Both ways the same spins are flipped and the same are not.
        ways = np.where(chosen, back - logits, 0) + np.where(
            allowed, np.log((1 + np.exp(logits)) / (1 + np.exp(back))), 0
        )
        gain = 2 * (logs - self._logs) + ways.sum(axis=0)
        accepted = np.log1p(-self._generator.random(len(gain), dtype=np.float32)) < gain
        self.spins[:, accepted] = spins[:, accepted]
        self.tanh[:, accepted] = tanh[:, accepted]
        self._logs[accepted] = logs[accepted]
        share = float(accepted.mean())
        kind = move % 2
        self._reluctance[kind] = max(0.0, self._reluctance[kind] + 0.1 * (_ACCEPTANCE - share))
        return share

    def _logits(self, move: int, spins: NDArray[Any], tanh: NDArray[Any]) -> NDArray[Any]:
        """Log-odds of each flip."""
        if move not in self._ratios:
            self._ratios[move] = FlipRatios(
                self._W, self._a, self._moves[move], _PROPOSAL_TOLERANCE
            )
        found = self._ratios[move].logarithms(spins, tanh).real - self._reluctance[move % 2]
        return np.clip(found, -_OVERFLOW, _OVERFLOW, out=found)

    def _evaluate(self, spins: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return ``tanh theta`` and ``log |psi|`` of columns of spins."""
        angles = self._W @ spins + self._b
        # tanh and cosh from one exponential; the factors of a hundred units fit in one product.
        turned = np.where(angles.real < 0, -angles, angles)
        decay = np.exp(-2 * turned)
        tanh = np.where(angles.real < 0, decay - 1, 1 - decay) / (1 + decay)
        logs = turned.real.sum(axis=0) + (self._a.real @ spins)
        decay += 1
        moduli = np.abs(decay)
        for first in range(0, len(moduli), 100):
            logs += np.log(np.prod(moduli[first : first + 100], axis=0))
        return tanh, logs


def _exchanges(
    qubits: int, pairs: NDArray[np.int64] | None, generator: np.random.Generator
) -> list[Flips]:
    """Make sets of disjoint exchanges: of the pairs given, in turn with pairs from afar."""
    found = []
    for number in range(_MATCHINGS):
        drawn = generator.permutation(qubits)[: qubits // 2 * 2].reshape(-1, 2)
        if pairs is not None and len(pairs) and number % 2 == 0:
            drawn = _disjoint(generator.permutation(pairs))
        found.append(exchanges(drawn))
    return found


def _disjoint(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take each pair that shares no spin with those taken before."""
    taken: set[int] = set()
    chosen = []
    for pair in pairs:
        ends = set(pair.tolist())
        if not ends & taken:
            taken |= ends
            chosen.append(pair)
    return np.array(chosen)
