"""Block encodings: matrices as the upper left block of a unitary."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister


@dataclass(frozen=True, eq=False)
class BlockEncoding:
    r"""A matrix A as a block of a unitary U.

    .. math:: (\langle 0|_{\mathrm{signal}} \otimes I)\, U\, (|0\rangle_{\mathrm{signal}} \otimes I)
              = A / \alpha

    with the workspace in 0 before and after. Workspace qubits return to 0 whatever the signal
    does, so nobody has to look at them; signal qubits do not.

    Attributes
    ----------
    circuit
        U, with the qubits ordered system, signal, workspace; the system's are the lowest.
    alpha
        Subnormalisation, at least the spectral norm of A.
    system_qubits, signal_qubits
        Sizes of the registers; what is left of the circuit is workspace.
    description
        What was encoded and how, for reports.
    controlled_circuit
        A circuit with one more qubit, the last: where that is 1 it has the same block as U, where
        it is 0 it leaves signal 0 alone. On other signals it need not be U, and it may take more
        workspace. ``None`` for a control on every gate.
    frame
        A basis change F of the system, paid for once around all uses of U: the block above is then
        ``F A F^dagger / alpha``. ``None`` for none.

    References
    ----------
    A. Gilyen, Y. Su, G. Low, N. Wiebe, STOC 2019, Definition 24, arXiv:1806.01838.
    """

    circuit: QuantumCircuit = field(repr=False)
    alpha: float
    system_qubits: int
    signal_qubits: int
    description: str
    controlled_circuit: QuantumCircuit | None = field(default=None, repr=False)
    frame: QuantumCircuit | None = field(default=None, repr=False)

    @property
    def workspace_qubits(self) -> int:
        """Number of qubits that start and end in 0."""
        return self.circuit.num_qubits - self.system_qubits - self.signal_qubits

    def controlled(self) -> QuantumCircuit:
        """Encode the identity or A, as the last qubit says: see ``controlled_circuit``."""
        if self.controlled_circuit is not None:
            return self.controlled_circuit
        qubits = self.circuit.num_qubits
        circuit = QuantumCircuit(qubits + 1, name="controlled_block_encoding")
        circuit.append(self.circuit.to_gate().control(1), [qubits, *range(qubits)])
        return circuit


def with_identity(encoding: BlockEncoding, identity: float, factor: float = 1.0) -> BlockEncoding:
    r"""Encode ``identity * I + factor * A`` from an encoding of A, by one controlled U.

    Parameters
    ----------
    encoding
        Of A.
    identity, factor
        Real weights, of any sign; not both zero.

    Returns
    -------
    BlockEncoding
        One signal qubit more, ``alpha = |identity| + |factor| * encoding.alpha``.

    Raises
    ------
    ValueError
        If both weights are zero.

    References
    ----------
    A. Childs, N. Wiebe, Quantum Inf. Comput. 12, 901 (2012), Lemma 6, arXiv:1202.5822.
    """
    weight = abs(factor) * encoding.alpha
    alpha = abs(identity) + weight
    if alpha == 0:
        raise ValueError("identity and factor are both zero: nothing is left to encode")
    system = QuantumRegister(encoding.system_qubits, "system")
    inner = QuantumRegister(encoding.signal_qubits, "inner")
    choice = QuantumRegister(1, "choice")
    controlled = encoding.controlled()
    spare = controlled.num_qubits - 1 - encoding.system_qubits - encoding.signal_qubits
    workspace = QuantumRegister(spare, "workspace")
    circuit = QuantumCircuit(system, inner, choice, workspace, name="with_identity")
    angle = 2 * np.arcsin(np.sqrt(weight / alpha))
    # Signs: the last rotation turns the other way for one of the two terms, and a global phase
    # takes care of the sign that both have.
    opposite = identity * factor < 0
    negative = identity < 0 if identity else factor < 0
    circuit.ry(angle, choice)
    circuit.compose(controlled, [*system, *inner, *workspace, *choice], inplace=True)
    circuit.ry(angle if opposite else -angle, choice)
    circuit.global_phase += np.pi * negative
    return BlockEncoding(
        circuit=circuit,
        alpha=alpha,
        system_qubits=encoding.system_qubits,
        signal_qubits=encoding.signal_qubits + 1,
        description=f"{encoding.description}, with a multiple of the identity",
        frame=encoding.frame,
    )


def scaled(encoding: BlockEncoding, factor: float) -> BlockEncoding:
    """Encode ``factor * A``, at no cost; factor real and not zero.

    Raises
    ------
    ValueError
        If the factor is zero.
    """
    if factor == 0:
        raise ValueError("factor is zero: nothing is left to encode")
    circuit, controlled = encoding.circuit, encoding.controlled_circuit
    if factor < 0:
        circuit = circuit.copy()
        circuit.global_phase += np.pi
        if controlled is not None:
            controlled = controlled.copy()
            controlled.z(controlled.num_qubits - 1)
    return replace(
        encoding, circuit=circuit, controlled_circuit=controlled, alpha=encoding.alpha * abs(factor)
    )


@dataclass(frozen=True, eq=False)
class DefiniteEncoding:
    r"""A definite matrix ``A = unit * (1 - K)`` through K and ``1 + K``.

    This is what an inversion at the square root of the condition number takes: see
    `circuits.inversion.definite_inversion`.

    Attributes
    ----------
    centred
        Encoding of K.
    opposite
        Encoding of ``1 + K``, in the same frame.
    unit
        Of either sign.
    radius
        All eigenvalues of K lie in [-radius, radius]; below 1.
    """

    centred: BlockEncoding
    opposite: BlockEncoding
    unit: float
    radius: float

    @classmethod
    def from_remainder(
        cls, remainder: BlockEncoding, centre: float, radius: float
    ) -> DefiniteEncoding:
        """Of ``A = centre * I - remainder``, with all eigenvalues within ``radius`` of the centre.

        ``1 + K`` takes one controlled use of the remainder's encoding.
        """
        centred = scaled(remainder, 1 / centre)
        return cls(centred, with_identity(centred, 1.0), centre, radius / abs(centre))
