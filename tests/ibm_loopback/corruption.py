"""Ways to spoil the JSON of a result so that it is still JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ibm_quantum_schemas.common import CompressedTensorModel

Result = dict[str, Any]


def _first_register(result: Result) -> tuple[dict[str, Any], str]:
    registers = result["data"][0]["results"]
    return registers, next(iter(registers))


def _wrong_schema(result: Result) -> None:
    result["schema_version"] = "v99.0"


def _no_data(result: Result) -> None:
    del result["data"]


def _fewer_items(result: Result) -> None:
    result["data"] = result["data"][:-1]


def _no_register(result: Result) -> None:
    registers, name = _first_register(result)
    del registers[name]


def _renamed_register(result: Result) -> None:
    registers, name = _first_register(result)
    registers["other_" + name] = registers.pop(name)


def _fewer_shots(result: Result) -> None:
    """Consistent in itself: the last shot of every parameter set is missing."""
    registers, name = _first_register(result)
    bits = CompressedTensorModel.model_validate(registers[name]).to_numpy()
    registers[name] = CompressedTensorModel.from_numpy(bits[..., :-1, :]).model_dump(mode="json")


def _wrong_shape(result: Result) -> None:
    """Inconsistent in itself: the shape claims more than the data hold."""
    registers, name = _first_register(result)
    registers[name]["shape"][-2] += 8


def _not_base64(result: Result) -> None:
    registers, name = _first_register(result)
    registers[name]["data"] = "!" + registers[name]["data"][1:]


def _no_passthrough(result: Result) -> None:
    result["passthrough_data"] = None


def _no_role(result: Result) -> None:
    result["semantic_role"] = None


WAYS: dict[str, Callable[[Result], None]] = {
    "wrong_schema": _wrong_schema,
    "no_data": _no_data,
    "fewer_items": _fewer_items,
    "no_register": _no_register,
    "renamed_register": _renamed_register,
    "fewer_shots": _fewer_shots,
    "wrong_shape": _wrong_shape,
    "not_base64": _not_base64,
    "no_passthrough": _no_passthrough,
    "no_role": _no_role,
}
