r"""Costs of block encodings, and how those of a linear solver compose.

An encoding's cost is a `BlockEncodingCost`; what uses one takes it whole. With b prepared by a
circuit of cost ``prepared``, the solver by singular value transformation costs ::

    encoding = path_block_encoding_cost(n, diagonal, neighbour)         # costs.path_encoding
    degree = odd_inversion_degree(kappa, epsilon)                       # costs.inversion
    inverse_circuit_cost(prepared, qsvt_cost(encoding, degree), encoding)

where kappa is alpha over the smallest singular value. A definite matrix, written as
``unit * (1 - K)``, takes the square root of it, and one use of ``1 + K`` behind the polynomial ::

    centred = path_block_encoding_cost(n, 0.0, -neighbour / diagonal)   # of K
    opposite = path_block_encoding_cost(n, 1.0, -neighbour / diagonal)  # of 1 + K
    degree = definite_inversion_degree(kappa, epsilon)
    inverse_circuit_cost(prepared, qsvt_cost(centred, degree), centred, opposite)

What the polynomial multiplies the solution by, on which the success probability depends, is
`costs.inversion.odd_inversion_scale` and `costs.inversion.definite_inversion_scale`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from circuits.costs.counts import GateCounts

_NOTHING = GateCounts()


@dataclass(frozen=True)
class BlockEncodingCost:
    """What a `circuits.block_encoding.BlockEncoding` costs.

    Attributes
    ----------
    circuit
        One use.
    system_qubits, signal_qubits
        Sizes of the registers; what is left of the circuit's qubits is workspace.
    controlled
        One controlled use. ``None`` where the encoding has no circuit of its own for that, and
        a control goes on every gate.
    frame
        The basis change around all uses, once.
    """

    circuit: GateCounts
    system_qubits: int
    signal_qubits: int
    controlled: GateCounts | None = None
    frame: GateCounts = _NOTHING

    @property
    def workspace_qubits(self) -> int:
        """Number of qubits that start and end in 0."""
        return int(self.circuit.qubits) - self.system_qubits - self.signal_qubits

    def require_controlled(self) -> GateCounts:
        """Return the cost of a controlled use.

        Raises
        ------
        ValueError
            If there is none: a control on every gate has no closed form.
        """
        if self.controlled is None:
            raise ValueError(
                "encoding has no controlled circuit of its own: a control on every gate has no "
                "closed form"
            )
        return self.controlled


def with_identity_cost(encoding: BlockEncodingCost) -> BlockEncodingCost:
    """Cost of `circuits.block_encoding.with_identity`: one controlled use and two rotations.

    Raises
    ------
    ValueError
        If the encoding has no controlled circuit.
    """
    controlled = encoding.require_controlled()
    turns = GateCounts(rotations=2, rotation_depth=2)
    return BlockEncodingCost(
        circuit=replace(controlled + turns, qubits=controlled.qubits),
        system_qubits=encoding.system_qubits,
        signal_qubits=encoding.signal_qubits + 1,
        frame=encoding.frame,
    )


def scaled_cost(encoding: BlockEncodingCost) -> BlockEncodingCost:
    """Cost of `circuits.block_encoding.scaled`: that of the encoding."""
    return encoding
