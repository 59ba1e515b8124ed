"""Evolution under a sum of Pauli strings by product formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterExpression
from qiskit.quantum_info import Pauli, PauliList, SparsePauliOp

from circuits.parity_rotations import parity_path, path_length
from circuits.pauli_algebra import (
    anticommuting_string,
    qubitwise_commuting,
    weight,
)
from circuits.splitting import Splitting, optimised_for_two_groups, suzuki
from circuits.trotter_error import MAX_GROUPS, StepError, effective_deviation, step_error

ORDERS = (2, 4)
"""Orders that `formulas` offers."""

_ROUNDING = 1e-9

Group = tuple[SparsePauliOp, ...]
"""Sums that commute with each other, each of strings with one letter besides I on every qubit."""


@dataclass(frozen=True, eq=False)
class ProductFormula:
    r"""A Lie-Trotter-Suzuki formula for :math:`e^{i H t}`, H a real sum of Pauli strings.

    Attributes
    ----------
    qubits
        Number of qubits.
    groups
        Parts of the sum that are each evolved exactly; the identity is in none of them. The
        commuting of their parts is taken for granted.
    splitting
        How a step is made of stages.
    identity
        Coefficient of the identity: a phase, exact.
    """

    qubits: int
    groups: tuple[Group, ...]
    splitting: Splitting
    identity: float = 0.0

    @classmethod
    def of(cls, operator: SparsePauliOp, order: int = 2) -> Self:
        """Suzuki's formula; the costliest groups come first and last, since these merge.

        Raises
        ------
        ValueError
            If a coefficient is not real or the order is none of a product formula.
        """
        simple = operator.simplify(atol=0, rtol=0)
        if np.any(simple.coeffs.imag):
            raise ValueError(
                "operator has coefficients that are not real: evolution takes a Hermitian sum"
            )
        suzuki(1, order)
        identity = ~np.any(simple.paulis.x | simple.paulis.z, axis=1)
        rest = simple[~identity & (simple.coeffs != 0)]
        commuting = rest.group_commuting() if len(rest) else []
        groups = sorted((tuple(qubitwise_commuting(group)) for group in commuting), key=group_cost)
        ordered = (*groups[-1:], *groups[:-1])
        constant = float(np.sum(simple.coeffs[identity]).real)
        return cls(simple.num_qubits, ordered, suzuki(len(ordered), order), constant)

    @cached_property
    def error(self) -> StepError:
        """Bound on the error of one step: see `trotter_error.step_error`."""
        return step_error([SparsePauliOp.sum(list(group)) for group in self.groups], self.splitting)

    @cached_property
    def one_norm(self) -> float:
        """Sum of the absolute coefficients, without the identity."""
        return float(sum(np.sum(np.abs(part.coeffs)) for group in self.groups for part in group))

    def circuit(self, time: float, steps: int) -> QuantumCircuit:
        """Build ``exp(i H time)``, up to ``steps * error(time / steps)``.

        Takes `steps_cost` CX before compilation.
        """
        circuit = QuantumCircuit(self.qubits, name="product_formula")
        circuit.global_phase = self.identity * time
        for group, part in self.splitting.repeated(steps):
            append_group(circuit, self.groups[group], part * time / steps)
        return circuit

    def steps_cost(self, steps: int) -> int:
        """Count the CX that so many steps take."""
        costs = [group_cost(group) for group in self.groups]
        return sum(costs[group] for group, _ in self.splitting.repeated(steps))


class _Run(NamedTuple):
    """Strings of one part of a group, and a string that anticommutes with all of them."""

    terms: SparsePauliOp
    toggle: Pauli


@dataclass(frozen=True, eq=False)
class ProductFormulaEvolution:
    r"""Evolution under a Pauli sum, never diagonalised: an `Evolution`.

    All powers consist of steps of *one* length :math:`\tau`, of a symmetric formula,
    :math:`S(-\tau) = S(\tau)^{-1}`. They are therefore exact evolutions, forwards and backwards,
    under one and the same effective Hamiltonian :math:`\tilde H = -i \log S(\tau) / \tau`, which
    deviates from H by at most `deviation`, and phase estimation is not to any extent
    perturbed: it sees the eigenvalues of :math:`\tilde H`. For a linear solver,

    .. math:: \|\tilde H^{-1} b - H^{-1} b\| = \|\tilde H^{-1} (H - \tilde H) H^{-1} b\|
              \le \frac{\eta}{\sigma - \eta}\, \|H^{-1} b\|,
              \qquad \|\tilde H - H\| \le \eta,

    with :math:`\sigma` the smallest singular value of H: relative to the solution, the error is
    that of the *matrix* times the condition number. It does not grow with the number of powers, as
    a sum over the errors of all steps would (that sum is larger by the whole evolution time).

    What time bits control is the direction. A string K that anticommutes with every term turns
    it, ``K S(t) K = S(-t)``, so that K is controlled twice for each *power*, whatever the number of
    steps, and the steps are not controlled at all. For the transverse-field Ising chain K is
    ``...YZYZ``; any bipartite hopping has one. Where no K serves all terms, runs of terms have
    one each (in the worst case a term each, of one letter: 2 CX for each rotation), and from run
    to run only the letters that differ are controlled.

    Parameters
    ----------
    formula
        Of even order, for the symmetry. Its identity costs no more than an Rz for each time bit.
    longest_step
        Steps are at most this long.
    frame
        The circuits act on ``F H F^dagger`` in place of H, F being this circuit on the system.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    A. Childs, Y. Su, M. Tran, N. Wiebe, S. Zhu, Phys. Rev. X 11, 011020 (2021),
    arXiv:1912.08854, for the error of a step; B. Bauer, S. Bravyi, M. Motta, G. Chan, Chem. Rev.
    120, 12685 (2020), Sec. 5.3, for control by strings that anticommute.
    """

    formula: ProductFormula
    longest_step: float
    frame: QuantumCircuit | None = None
    classically_diagonalised: bool = False

    def __post_init__(self) -> None:
        if self.formula.splitting.order % 2:
            raise ValueError(
                f"formula has order {self.formula.splitting.order}: an even one is needed, whose "
                "steps backwards undo those forwards"
            )
        if not self.longest_step > 0:
            raise ValueError(f"longest_step = {self.longest_step}: must be positive")

    @classmethod
    def cheapest(
        cls,
        formulas: Iterable[ProductFormula],
        deviation: float,
        time: float,
        *,
        norm: float | None = None,
        frame: QuantumCircuit | None = None,
    ) -> Self:
        r"""Choose formula and length of the steps from the deviation allowed.

        Parameters
        ----------
        formulas
            Of H: see `formulas`. Taken is that with the fewest CX for a unit of time.
        deviation
            Largest :math:`\|\tilde H - H\|` allowed.
        time
            That of one unit of the clock, which will be given to ``controlled_powers``: steps
            divide half of it.
        norm
            Upper bound on the spectral norm of H without its identity term; by default the sum of
            the absolute coefficients.
        frame
            See above.

        Raises
        ------
        ValueError
            If deviation or time is not positive.
        """
        if not (deviation > 0 and time > 0):
            raise ValueError(f"deviation = {deviation}, time = {time}: both must be positive")
        choices = []
        for formula in formulas:
            largest = min(formula.one_norm, np.inf if norm is None else norm)
            step = _longest_step(formula, deviation, largest, time / 2)
            choices.append(cls(formula, step, frame))
        return min(choices, key=lambda choice: choice.formula.steps_cost(choice.steps(time)))

    @property
    def system_qubits(self) -> int:
        """Number of qubits of the system register."""
        return self.formula.qubits

    def deviation(self, time: float, norm: float | None = None) -> float:
        """Bound on how far the effective Hamiltonian is from H, for powers of this time."""
        step = abs(time) / 2 / self.steps(time)
        largest = min(self.formula.one_norm, np.inf if norm is None else norm)
        return effective_deviation(self.formula.error(step), step * largest) / step

    def steps(self, time: float) -> int:
        """Count the steps of half a unit of time, which is the shortest evolution needed."""
        return max(1, int(np.ceil(abs(time) / 2 / self.longest_step - _ROUNDING)))

    def enter(self) -> QuantumCircuit:
        """Change to the frame."""
        return QuantumCircuit(self.system_qubits) if self.frame is None else self.frame

    def leave(self) -> QuantumCircuit:
        """Change back from the frame."""
        return self.enter().inverse()

    def controlled_powers(self, time_qubits: int, time: float) -> QuantumCircuit:
        """Evolve by ``time * (tau - (2**time_qubits - 1) / 2)``; see `Evolution`.

        Time bit j takes ``steps(time) * 2**j`` steps. With one K for all terms they and ``2 |K|``
        CX for each bit are all: see `controlled_cost`.
        """
        n = self.system_qubits
        circuit = QuantumCircuit(n + time_qubits, name="controlled_powers")
        for bit in range(time_qubits):
            circuit.rz(self.formula.identity * time * 2**bit, n + bit)
            self._append_power(circuit, n + bit, time * 2**bit / 2, self.steps(time) << bit)
        return circuit

    def controlled_cost(self, time_qubits: int, time: float) -> int:
        """Count CX, CY and CZ in ``controlled_powers``, in closed form if one K suffices."""
        if self._common_toggle is None:
            return self.controlled_powers(time_qubits, time).num_nonlocal_gates()
        toggles = 2 * weight(self._common_toggle) * time_qubits
        steps = (self.steps(time) << bit for bit in range(time_qubits))
        return toggles + sum(self.formula.steps_cost(count) for count in steps)

    @cached_property
    def _common_toggle(self) -> Pauli | None:
        """String that anticommutes with all terms; the identity if there are none."""
        if not self.formula.groups:
            return Pauli("I" * self.system_qubits)
        return anticommuting_string(_strings(self.formula.groups))

    @cached_property
    def _runs(self) -> list[list[_Run]]:
        """Runs of each group."""
        common = self._common_toggle
        if common is not None:
            return [[_Run(part, common) for part in group] for group in self.formula.groups]
        runs = []
        toggle: Pauli | None = None
        for group in self.formula.groups:
            of_group: list[_Run] = []
            for part in group:
                of_group += _split(part, toggle)
                toggle = of_group[-1].toggle
            runs.append(of_group)
        return runs

    def _append_power(self, circuit: QuantumCircuit, control: int, time: float, steps: int) -> None:
        """Evolve backwards, turned by the toggles, if the control is 1, into forwards."""
        n = self.system_qubits
        turned = Pauli("I" * n)
        for group, part in self.formula.splitting.repeated(steps):
            runs = self._runs[group]
            if _distance(turned, runs[-1].toggle) < _distance(turned, runs[0].toggle):
                runs = runs[::-1]
            for run in runs:
                turned = _turn(circuit, control, turned, run.toggle)
                append_group(circuit, (run.terms,), -part * time / steps)
        turned = _turn(circuit, control, turned, Pauli("I" * n))
        # Strings that return to the identity may do so with a sign.
        if turned.phase:
            circuit.p(np.pi / 2 * turned.phase, control)


def formulas(formula: ProductFormula, order: int | None = None) -> list[ProductFormula]:
    """All splittings of the same groups, of one order or of those in ``ORDERS``.

    For two groups the optimised ones are among them; orders above 2 are left out if there are too
    many groups to bound their error quickly.
    """
    groups = len(formula.groups)
    orders = ORDERS if order is None else (order,)
    if order is None and groups > MAX_GROUPS:
        orders = ORDERS[:1]
    splittings = [suzuki(groups, k) for k in orders]
    if groups == 2:
        splittings += [optimised_for_two_groups(k) for k in orders if k in ORDERS]
    return [replace(formula, splitting=splitting) for splitting in splittings]


def append_group(circuit: QuantumCircuit, group: Group, time: float | ParameterExpression) -> None:
    """Append ``exp(i H time)`` for the sum H of a group; the time may be a parameter.

    Strings of a part are rotated in one basis, where each is a parity; those with the same highest
    qubit are walked through with few CX between.
    """
    for part in group:
        letters = _letters(part.paulis)
        _change_basis(circuit, letters, inverse=False)
        for target, angles in _parities(part).items():
            reached = 0
            for mask in parity_path(angles):
                _flip(circuit, reached ^ mask, target)
                circuit.rz(-2 * angles[mask] * time, target)
                reached = mask
            _flip(circuit, reached, target)
        _change_basis(circuit, letters, inverse=True)


def group_cost(group: Group) -> int:
    """Count the CX that `append_group` takes."""
    return sum(
        path_length([0, *parity_path(angles), 0])
        for part in group
        for angles in _parities(part).values()
    )


def _parities(part: SparsePauliOp) -> dict[int, dict[int, float]]:
    """Coefficients by highest qubit, and by mask of the lower ones, of the strings of a part."""
    parities: dict[int, dict[int, float]] = {}
    for pauli, coefficient in zip(part.paulis, part.coeffs.real, strict=True):
        *lower, target = np.flatnonzero(pauli.x | pauli.z).tolist()
        parities.setdefault(target, {})[sum(1 << qubit for qubit in lower)] = float(coefficient)
    return parities


def _letters(paulis: PauliList) -> str:
    """Letter of each qubit, qubit 0 first, of qubit-wise commuting strings."""
    x, z = paulis.x.any(axis=0), paulis.z.any(axis=0)
    return "".join("IXZY"[int(a) + 2 * int(b)] for a, b in zip(x, z, strict=True))


def _change_basis(circuit: QuantumCircuit, letters: str, *, inverse: bool) -> None:
    for qubit, letter in enumerate(letters):
        if letter == "X":
            circuit.h(qubit)
        elif letter == "Y" and inverse:
            circuit.sxdg(qubit)
        elif letter == "Y":
            circuit.sx(qubit)


def _flip(circuit: QuantumCircuit, mask: int, target: int) -> None:
    for qubit in range(target):
        if mask >> qubit & 1:
            circuit.cx(qubit, target)


def _strings(groups: Iterable[Group]) -> PauliList:
    return SparsePauliOp.sum([part for group in groups for part in group]).paulis


def _split(terms: SparsePauliOp, near: Pauli | None) -> Iterator[_Run]:
    """Split a part into few runs that have a toggle each, near that of the run before."""
    first = 0
    for last in range(1, len(terms) + 1):
        paulis = terms.paulis[first : last + 1]
        if last == len(terms) or anticommuting_string(paulis) is None:
            toggle = anticommuting_string(terms.paulis[first:last], near)
            assert toggle is not None, "a string that is not the identity has one"
            yield _Run(terms[first:last], toggle)
            first, near = last, toggle


def _distance(a: Pauli, b: Pauli) -> int:
    return int(np.sum((a.x ^ b.x) | (a.z ^ b.z)))


def _turn(circuit: QuantumCircuit, control: int, turned: Pauli, wanted: Pauli) -> Pauli:
    """Control the letters between what was applied and what is wanted; return their product."""
    if np.array_equal(turned.x, wanted.x) and np.array_equal(turned.z, wanted.z):
        return turned
    between = Pauli((turned.z ^ wanted.z, turned.x ^ wanted.x))
    for qubit, letter in enumerate(reversed(between.to_label())):
        if letter != "I":
            {"X": circuit.cx, "Y": circuit.cy, "Z": circuit.cz}[letter](control, qubit)
    return between @ turned


def _longest_step(formula: ProductFormula, deviation: float, norm: float, longest: float) -> float:
    """Longest step that keeps within a deviation, a whole fraction of the longest."""

    def allowed(steps: int) -> bool:
        step = longest / steps
        return effective_deviation(formula.error(step), step * norm) <= deviation * step

    enough = 1
    while not allowed(enough):
        enough *= 2
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        enough, too_few = (middle, too_few) if allowed(middle) else (enough, middle)
    return longest / enough
