"""Exact simulation of circuits that keep few basis states, on any number of qubits."""

import numpy as np

_AND = ["sx", "t", "cx", "t", "cx", "tdg", "cx", "tdg", "sxdg"]


class Branches:
    """Basis states with amplitudes: bits[q, j] of qubit q in branch j, amplitudes[j]."""

    def __init__(self, bits, amplitudes):
        self.bits = np.array(bits, dtype=bool)
        self.amplitudes = np.array(amplitudes, dtype=complex)

    def run(self, circuit):
        """Apply a circuit without measurement; its ANDs must find their targets as promised."""
        self._run(_lowered(circuit, {}), range(circuit.num_qubits))
        self.amplitudes *= np.exp(1j * float(circuit.global_phase))
        return self

    def values(self, qubits):
        """Numbers that qubits hold, least significant first, one for each branch."""
        weights = 1 << np.arange(len(qubits), dtype=np.int64)
        return weights @ self.bits[list(qubits)].astype(np.int64)

    def _run(self, steps, qubits):
        for name, places, argument in steps:
            here = [qubits[place] for place in places]
            if name == "nested":
                self._run(argument, here)
            else:
                getattr(self, f"_{name}")(here, None if argument is None else float(argument))

    def _x(self, qubits, _):
        np.logical_not(self.bits[qubits[0]], out=self.bits[qubits[0]])

    def _cx(self, qubits, _):
        self.bits[qubits[1]] ^= self.bits[qubits[0]]

    def _swap(self, qubits, _):
        self.bits[qubits] = self.bits[qubits[::-1]]

    def _ccx(self, qubits, _):
        self.bits[qubits[2]] ^= self.bits[qubits[0]] & self.bits[qubits[1]]

    def _and(self, qubits, _):
        both, target = self.bits[qubits[0]] & self.bits[qubits[1]], self.bits[qubits[2]]
        assert not np.any(target & ~both), "the target of an AND is neither 0 nor the AND"
        target ^= both

    def _p(self, qubits, angle):
        self.amplitudes[self.bits[qubits].all(axis=0)] *= np.exp(1j * angle)

    _cp = _p

    def _z(self, qubits, _):
        self._p(qubits, np.pi)

    _cz = _z

    def _rz(self, qubits, angle):
        self._p(qubits, angle)
        self.amplitudes *= np.exp(-0.5j * angle)

    def _h(self, qubits, _):
        self._turn(qubits[0], np.array([[1, 1], [1, -1]]) / np.sqrt(2))

    def _rx(self, qubits, angle):
        cosine, sine = np.cos(angle / 2), -1j * np.sin(angle / 2)
        self._turn(qubits[0], np.array([[cosine, sine], [sine, cosine]]))

    def _turn(self, qubit, matrix):
        column = self.bits[qubit].astype(int)
        self.amplitudes = np.concatenate([matrix[row, column] * self.amplitudes for row in (0, 1)])
        self.bits = np.hstack([self.bits, self.bits])
        self.bits[qubit] = np.repeat([False, True], column.size)
        # Equal branches are found by a random hash of 64 bits.
        hashes = np.random.default_rng(0).integers(2**63, size=len(self.bits), dtype=np.uint64)
        keys = np.zeros(self.bits.shape[1], dtype=np.uint64)
        for bits, value in zip(self.bits, hashes, strict=True):
            keys ^= bits * value
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        merged = np.zeros(first.size, dtype=complex)
        np.add.at(merged, inverse, self.amplitudes)
        kept = np.abs(merged) > 1e-13
        self.bits = np.ascontiguousarray(self.bits[:, first[kept]])
        self.amplitudes = merged[kept]


def _lowered(circuit, known):
    """Steps of a circuit, with its three-CX ANDs put together again; gates within are shared."""
    index = {qubit: place for place, qubit in enumerate(circuit.qubits)}
    items = [
        (item.operation, [index[qubit] for qubit in item.qubits])
        for item in circuit.data
        if item.operation.name != "barrier"
    ]
    steps, place = [], 0
    while place < len(items):
        operation, qubits = items[place]
        window = items[place : place + len(_AND)]
        if operation.name == _AND[0]:
            assert [gate.name for gate, _ in window] == _AND
            assert window[2][1] == window[6][1]
            steps.append(("and", [window[2][1][0], window[4][1][0], qubits[0]], None))
            place += len(_AND)
            continue
        if hasattr(Branches, f"_{operation.name}"):
            steps.append((operation.name, qubits, *(operation.params or [None])))
        else:
            definition = operation.definition
            if id(definition) not in known:
                known[id(definition)] = (definition, _lowered(definition, known))
            steps.append(("nested", qubits, known[id(definition)][1]))
        place += 1
    return steps


_CX = {"cx": 1, "cz": 1, "and": 3, "ccx": 6, "cp": 2, "swap": 3}


def counted(circuit):
    """CX gates, and ANDs with Toffoli gates, of a circuit that `Branches` can run."""
    return _counted(_lowered(circuit, {}), {})


def _counted(steps, known):
    if id(steps) not in known:
        total = np.zeros(2, dtype=int)
        for name, _, inner in steps:
            if name == "nested":
                total += _counted(inner, known)
            else:
                total += [_CX.get(name, 0), name in ("and", "ccx")]
        known[id(steps)] = total
    return known[id(steps)]
