"""Results as plain arrays, and back. No pickle."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from qiskit.primitives.containers import BitArray, DataBin, PubResult, SamplerPubResult
from qiskit.primitives.containers.sampler_pub import SamplerPub

from qml_algos.backends.jobs.service import Pub
from qml_algos.errors import CorruptResultError, LedgerError

_META = "meta"
_BITS = "bits:"
_ARRAY = "array:"


def expected_of(pub: Pub, more_shots: bool = False) -> dict[str, Any]:
    """Say, in JSON values, what a result of a PUB must look like.

    With ``more_shots`` there may be more than were asked for.
    """
    expected: dict[str, Any] = {"shape": list(pub.shape)}
    if isinstance(pub, SamplerPub):
        expected["shots"] = pub.shots
        expected["registers"] = {register.name: register.size for register in pub.circuit.cregs}
        if more_shots:
            expected["more_shots"] = True
    return expected


def require_expected(
    results: Sequence[PubResult], expected: Sequence[Mapping[str, Any]]
) -> list[PubResult]:
    """Refuse results that do not belong to the PUBs that were sent.

    Returns
    -------
    list of PubResult
        The results, without shots beyond those asked for.

    Raises
    ------
    CorruptResultError
        Saying what is missing or different.
    """
    if len(results) != len(expected):
        raise CorruptResultError(f"{len(expected)} results were expected, {len(results)} came")
    cut = []
    for position, (result, wanted) in enumerate(zip(results, expected, strict=True)):
        kept = _first_shots(result, wanted["shots"]) if wanted.get("more_shots") else result
        found = _found(kept, "registers" in wanted)
        if found != {key: value for key, value in wanted.items() if key != "more_shots"}:
            raise CorruptResultError(
                f"result {position} is of another circuit or incomplete: {wanted} was expected, "
                f"{found} came"
            )
        cut.append(kept)
    return cut


def _first_shots(result: PubResult, shots: int) -> PubResult:
    """Drop what the client's random circuits gave beyond a number of shots."""
    fields = {
        name: value.slice_shots(range(shots))
        if isinstance(value, BitArray) and value.num_shots > shots
        else value
        for name, value in result.data.items()
    }
    return SamplerPubResult(DataBin(**fields, shape=result.data.shape), result.metadata)


def _found(result: PubResult, samples: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"shape": list(result.data.shape)}
    if samples:
        bits = {n: v for n, v in result.data.items() if isinstance(v, BitArray)}
        shots = {value.num_shots for value in bits.values()}
        found["shots"] = shots.pop() if len(shots) == 1 else None
        found["registers"] = {name: value.num_bits for name, value in bits.items()}
        if any(list(value.shape) != found["shape"] for value in bits.values()):
            found["shape"] = None
    return found


def dump_result(result: PubResult) -> bytes:
    """Serialise the data of a PUB's result: bits packed, arrays as they are."""
    arrays: dict[str, np.ndarray] = {}
    sizes = {}
    for name, value in result.data.items():
        if isinstance(value, BitArray):
            arrays[_BITS + name] = value.array
            sizes[name] = value.num_bits
        else:
            arrays[_ARRAY + name] = np.asarray(value)
    meta = {"shape": list(result.data.shape), "bits": sizes}
    arrays[_META] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    # Not compressed: shots are hardly compressible, and it would take longer than all the rest.
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def load_result(content: bytes) -> PubResult:
    """Read what `dump_result` wrote.

    Raises
    ------
    LedgerError
        If the bytes are anything else.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        meta = json.loads(arrays.pop(_META).tobytes())
        data = DataBin(
            shape=tuple(int(length) for length in meta["shape"]),
            **dict(_field(name, array, meta["bits"]) for name, array in arrays.items()),
        )
    # numpy, zipfile, zlib and json each have words of their own for garbage.
    except Exception as error:
        raise LedgerError(f"a recorded result cannot be read: {error}") from None
    kind = SamplerPubResult if meta["bits"] else PubResult
    return kind(data)


def _field(name: str, array: np.ndarray, bits: dict[str, int]) -> tuple[str, Any]:
    if name.startswith(_BITS):
        plain = name.removeprefix(_BITS)
        return plain, BitArray(array, bits[plain])
    if name.startswith(_ARRAY):
        return name.removeprefix(_ARRAY), array
    raise ValueError(f"unknown field {name!r}")
