"""What a point of a comparison depends on, as a hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp

from qml_algos.backends.jobs.identity import content_key, logical_key


def content_hash(value: object) -> str | None:
    """Return a hash of a value's content: the same in every process and on every day.

    Parameters
    ----------
    value
        Numbers, text, arrays, dense or sparse, circuits, sums of Pauli operators, containers of
        them, and objects whose attributes are such values. What an object only remembers of itself
        (cached properties) does not count. Cost: linear in the bytes; circuits are taken apart.

    Returns
    -------
    str or None
        ``None`` if something in it has no content that could be told, a function say: two of them
        may have the same name and do different things.
    """
    arrays: list[NDArray[Any]] = []
    try:
        parts = _parts(value, arrays)
    except _NoContentError:
        return None
    return content_key({"parts": parts}, arrays)


class _NoContentError(Exception):
    """Something has no content that could be told."""


def _parts(value: object, arrays: list[NDArray[Any]]) -> object:
    """Return JSON values, and put arrays into the list beside them."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, complex):
        return {"complex": [value.real.hex(), value.imag.hex()]}
    if isinstance(value, np.generic):
        return _parts(value.item(), arrays)
    if isinstance(value, np.ndarray):
        return _array(value, arrays)
    if scipy.sparse.issparse(value):
        rows: Any = scipy.sparse.csr_array(value)
        rows.sum_duplicates()
        return {"sparse": _parts([rows.shape, rows.data, rows.indices, rows.indptr], arrays)}
    if isinstance(value, QuantumCircuit):
        return {"circuit": logical_key(value)}
    if isinstance(value, SparsePauliOp):
        paulis = value.paulis
        return {"operator": _parts([paulis.x, paulis.z, paulis.phase, value.coeffs], arrays)}
    if isinstance(value, Mapping):
        pairs = [[_parts(key, arrays), _parts(entry, arrays)] for key, entry in value.items()]
        return {"mapping": pairs}
    if isinstance(value, Set):
        return {"set": [_parts(entry, arrays) for entry in sorted(value, key=repr)]}
    if isinstance(value, Sequence) and not isinstance(value, bytes | memoryview):
        return [_parts(entry, arrays) for entry in value]
    return _attributes(value, arrays)


def _array(array: NDArray[Any], arrays: list[NDArray[Any]]) -> object:
    if array.dtype.hasobject:
        return {"objects": _parts(array.tolist(), arrays)}
    arrays.append(array)
    return {"array": len(arrays)}


def _attributes(value: object, arrays: list[NDArray[Any]]) -> object:
    """Return an object's class and what it consists of."""
    kind = type(value)
    attributes = getattr(value, "__dict__", None)
    if attributes is None or callable(value):
        raise _NoContentError(kind.__qualname__)
    own = {
        name: _parts(entry, arrays)
        for name, entry in sorted(attributes.items())
        if not isinstance(getattr(kind, name, None), cached_property)
    }
    return {"class": f"{kind.__module__}.{kind.__qualname__}", "attributes": own}
