"""Amplitude amplification of a prepared state: Grover's, exact, and fixed-point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit
from qiskit.circuit.library import RCCXGate

from circuits.multiplexed import diagonal

# Up to here a diagonal unitary (2**k - 2 cx) takes no more than a ladder of Toffolis (6 k - 10).
_DIAGONAL_QUBITS = 4


@dataclass(frozen=True)
class AmplificationSchedule:
    r"""Phases of the rounds of an amplitude amplification, first round first.

    A round is :math:`-A\, S_0(\alpha)\, A^\dagger\, S_{good}(\beta)`, where S multiplies a subspace
    by :math:`e^{i\,\mathrm{angle}}`: the good one, and :math:`|0 \ldots 0\rangle`.

    Attributes
    ----------
    good
        Angles beta, radians.
    zero
        Angles alpha, as many.
    """

    good: tuple[float, ...]
    zero: tuple[float, ...]

    @property
    def rounds(self) -> int:
        """Number of rounds r; A and its inverse are used 2 r + 1 times in all."""
        return len(self.good)

    def gain(self, success_probability: float) -> complex:
        """Factor by which every good amplitude grows, phase included.

        Parameters
        ----------
        success_probability
            Of A alone, in (0, 1].

        Raises
        ------
        ValueError
            If it is no probability, or 0.
        """
        _require_probability(success_probability, "success_probability")
        start = np.sqrt([success_probability, 1 - success_probability])
        state = start.astype(complex)
        for beta, alpha in zip(self.good, self.zero, strict=True):
            state[0] *= np.exp(1j * beta)
            state = -(state + np.expm1(1j * alpha) * (start @ state) * start)
        return complex(state[0] / start[0])

    def amplified(self, success_probability: float) -> float:
        """Probability after all rounds; arguments and errors are those of `gain`."""
        return float(success_probability * abs(self.gain(success_probability)) ** 2)


def grover_schedule(success_probability: float, least: float = 0.5) -> AmplificationSchedule:
    r"""Choose the number of rounds, all of phases pi, that costs least per success.

    With :math:`\theta = \arcsin \sqrt p`, r rounds bring p to :math:`\sin^2((2 r + 1) \theta)`; r
    is the one with the least ``2 r + 1`` uses of A per success among those that reach ``least``.
    For a small p that is 1.38 / theta uses per success, where exact amplification takes
    1.57 / theta.

    Parameters
    ----------
    success_probability
        p, in (0, 1].
    least
        Probability to reach, in [0, 0.5]; a larger one may be out of reach between two rounds.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    M. Boyer, G. Brassard, P. Hoyer, A. Tapp, Fortschr. Phys. 46, 493 (1998),
    arXiv:quant-ph/9605034, Sec. 3.
    """
    _require_probability(success_probability, "success_probability")
    if not 0 <= least <= 0.5:
        raise ValueError(f"least = {least}: a probability of at most 0.5 is needed")
    theta = np.arcsin(np.sqrt(success_probability))
    uses = 2 * np.arange(int(np.pi / (4 * theta)) + 1) + 1
    reached = np.sin(uses * theta) ** 2
    # From below 45 degrees, steps of 2 theta do not jump over those from 45 to 135.
    costs = np.where(reached >= least - 1e-12, uses / reached, np.inf)
    rounds = int(np.argmin(costs))
    return AmplificationSchedule((np.pi,) * rounds, (np.pi,) * rounds)


def exact_schedule(success_probability: float) -> AmplificationSchedule:
    r"""Phases that bring a known success probability p to 1.

    With :math:`\theta = \arcsin \sqrt p` there are ``r = ceil(pi / (4 theta) - 1/2)`` rounds, each
    with both phases :math:`2 \arcsin(\sin(\pi / (4 r + 2)) / \sin \theta)`.

    Raises
    ------
    ValueError
        If the probability is not in (0, 1].

    References
    ----------
    G. L. Long, Phys. Rev. A 64, 022307 (2001), arXiv:quant-ph/0106071, Eq. 10: as many rounds as
    in G. Brassard, P. Hoyer, M. Mosca, A. Tapp, arXiv:quant-ph/0005055, Theorem 4.
    """
    _require_probability(success_probability, "success_probability")
    sine = np.sqrt(success_probability)
    # Rounding must not add a round where r is a whole number.
    rounds = int(np.ceil(np.pi / (4 * np.arcsin(sine)) - 0.5 - 1e-9))
    angle = float(2 * np.arcsin(min(1.0, np.sin(np.pi / (4 * rounds + 2)) / sine)))
    return AmplificationSchedule((angle,) * rounds, (angle,) * rounds)


def fixed_point_schedule(success_lower_bound: float, failure: float) -> AmplificationSchedule:
    r"""Phases that leave at most a chosen failure probability, whatever p above a bound is.

    The number of uses of A is the smallest odd L with
    :math:`T_{1/L}(1/\delta) \ge (1 - p_0)^{-1/2}`, about :math:`\log(2/\delta) / \sqrt{p_0}`,
    where :math:`\delta^2` is the failure and :math:`p_0` the bound. Success is
    :math:`1 - \delta^2 T_L(T_{1/L}(1/\delta) \sqrt{1 - p})^2`.

    Parameters
    ----------
    success_lower_bound
        In (0, 1].
    failure
        Failure probability allowed, in (0, 1).

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    T. Yoder, G. Low, I. Chuang, Phys. Rev. Lett. 113, 210501 (2014), arXiv:1409.3305, Eqs. 1, 3
    and 11.
    """
    _require_probability(success_lower_bound, "success_lower_bound")
    if not 0 < failure < 1:
        raise ValueError(f"failure = {failure}: a probability between 0 and 1 is needed")
    # T_{1/L}(1/delta) = cosh(arccosh(1/delta) / L), and 1/sqrt(1 - p0) = cosh(artanh(sqrt(p0))).
    growth = np.arccosh(1 / np.sqrt(failure))
    uses = growth / np.arctanh(np.sqrt(min(success_lower_bound, 1 - 1e-15)))
    rounds = max(0, int(np.ceil((uses - 1) / 2 - 1e-9)))
    uses = 2 * rounds + 1
    root = np.tanh(growth / uses)
    steps = np.arange(1, rounds + 1)
    alphas = 2 * np.arctan2(1.0, np.tan(2 * np.pi * steps / uses) * root)
    return AmplificationSchedule(tuple((-alphas[::-1]).tolist()), tuple((-alphas).tolist()))


def amplify(
    circuit: QuantumCircuit,
    schedule: AmplificationSchedule,
    qubits: Sequence[int],
    value: int = 0,
    *,
    workspace: Sequence[int] = (),
) -> QuantumCircuit:
    r"""Amplify the part of a prepared state in which some qubits have a chosen value.

    Parameters
    ----------
    circuit
        A, from :math:`|0 \ldots 0\rangle`; unitary.
    schedule
        Of `grover_schedule`, `exact_schedule` or `fixed_point_schedule`.
    qubits
        Where a success is read, the least significant bit first.
    value
        What is read there on success.
    workspace
        Qubits that A takes from 0 to 0 whatever the others do: no phase depends on them, and they
        are lent to the phases.

    Returns
    -------
    QuantumCircuit
        On the qubits of ``circuit``, and a register ``amplification`` of one more, from 0 to 0, if
        a phase on more than 4 qubits finds no workspace. The good amplitudes are those of A times
        ``schedule.gain(p)``.

        *Cost* of r rounds: 2 r + 1 uses of A or its inverse; r phases on the k qubits that are no
        workspace, and r on the qubits of success: ``2**k - 2`` CX for k <= 4, ``6 k - 10`` beyond.

    Raises
    ------
    ValueError
        If a qubit does not exist, the value does not fit, a qubit of success is called workspace,
        or A is not unitary.
    """
    _check(circuit, qubits, value, workspace)
    inverse = _inverse(circuit)
    amplified = circuit.copy(name=f"amplified_{circuit.name}")
    touched = [qubit for qubit in range(circuit.num_qubits) if qubit not in set(workspace)]
    clean = [*workspace[:1]]
    if schedule.rounds and not clean and len(touched) > _DIAGONAL_QUBITS:
        clean = [amplified.num_qubits]
        amplified.add_register(QuantumRegister(1, "amplification"))
    wires = amplified.qubits
    lent = [wires[qubit] for qubit in clean]
    for beta, alpha in zip(schedule.good, schedule.zero, strict=True):
        phase_on_value(amplified, beta, [wires[qubit] for qubit in qubits], value, lent)
        amplified.compose(inverse, range(circuit.num_qubits), inplace=True)
        phase_on_value(amplified, alpha, [wires[qubit] for qubit in touched], 0, lent)
        amplified.compose(circuit, range(circuit.num_qubits), inplace=True)
    amplified.global_phase += np.pi * schedule.rounds
    return amplified


def phase_on_value(
    circuit: QuantumCircuit,
    angle: float,
    qubits: Sequence[Qubit],
    value: int,
    clean: Sequence[Qubit] = (),
) -> None:
    r"""Append a factor :math:`e^{i\,\mathrm{angle}}` where qubits have a value.

    Parameters
    ----------
    circuit
        Appended to.
    angle
        Radians.
    qubits
        k of them, the least significant bit first; without any, it is a global phase.
    value
        Of those qubits.
    clean
        One qubit in 0, needed for k > 4; 0 again afterwards.

    Notes
    -----
    ``2**k - 2`` CX up to k = 4, ``6 k - 10`` beyond: Toffolis up to relative phases, of three CX
    each, which their inverses undo.

    References
    ----------
    One clean qubit is enough: T. Khattar, C. Gidney, arXiv:2407.17966. Relative phases:
    D. Maslov, Phys. Rev. A 93, 022311 (2016), arXiv:1508.03273.
    """
    if not qubits:
        circuit.global_phase += angle
        return
    if len(qubits) <= _DIAGONAL_QUBITS:
        phases = np.zeros(2 ** len(qubits))
        phases[value] = angle
        circuit.compose(diagonal(phases), qubits, inplace=True)
        return
    zeros = [qubit for bit, qubit in enumerate(qubits) if not value >> bit & 1]
    conjunction, left = _conjunction(len(qubits))
    wires = [*qubits, clean[0]]
    if zeros:
        circuit.x(zeros)
    circuit.compose(conjunction, wires, inplace=True)
    circuit.compose(diagonal([0, 0, 0, angle]), [wires[place] for place in left], inplace=True)
    circuit.compose(conjunction.inverse(), wires, inplace=True)
    if zeros:
        circuit.x(zeros)


def _conjunction(count: int) -> tuple[QuantumCircuit, tuple[int, int]]:
    r"""Permute basis states so that two bits are both 1 just where ``count`` bits were.

    The last qubit is clean. It becomes :math:`a = x_0 x_1`; where it is 1, so were these two, and
    flipped they are clean in their turn. Upwards, :math:`x_0` becomes :math:`z_0 = x_2 x_3`, where
    that is 1 :math:`x_2` becomes :math:`z_1 = x_4 x_5`, and so on. Downwards, the odd bits
    collect the z from the last to the first; :math:`x_1` ends as the product of all. What stands
    in a bit where an earlier z is 0 does not matter: a product with that z follows.
    """
    circuit = QuantumCircuit(count + 1)
    circuit.append(RCCXGate(), [0, 1, count])
    chain = []
    for first in range(2, count - 1, 2):
        target = max(first - 2, 0)
        circuit.x(target)
        circuit.append(RCCXGate(), [first, first + 1, target])
        chain.append(target)
    collected = count - 1 if count % 2 else chain.pop()
    for above in reversed(chain):
        circuit.x(above + 1)
        circuit.append(RCCXGate(), [above, collected, above + 1])
        collected = above + 1
    return circuit, (count, collected)


def _inverse(circuit: QuantumCircuit) -> QuantumCircuit:
    if circuit.num_clbits or any(item.operation.name == "reset" for item in circuit.data):
        raise ValueError("circuit measures or resets qubits: a unitary one is needed")
    return circuit.inverse()


def _check(
    circuit: QuantumCircuit, qubits: Sequence[int], value: int, workspace: Sequence[int]
) -> None:
    for name, given in (("qubits", qubits), ("workspace", workspace)):
        outside = [qubit for qubit in given if not 0 <= qubit < circuit.num_qubits]
        if outside or len(set(given)) < len(given):
            raise ValueError(
                f"{name} = {list(given)}: distinct numbers below {circuit.num_qubits} are needed"
            )
    if not 0 <= value < 2 ** len(qubits):
        raise ValueError(f"value = {value} does not fit {len(qubits)} qubits")
    if set(qubits) & set(workspace):
        raise ValueError(
            f"workspace = {list(workspace)}: {sorted(set(qubits) & set(workspace))} are among the "
            "qubits where success is read"
        )


def _require_probability(probability: float, name: str) -> None:
    if not 0 < probability <= 1:
        raise ValueError(f"{name} = {probability}: a probability above 0 and at most 1 is needed")
