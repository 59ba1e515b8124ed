"""Every builder that the package exports has its cost in closed form."""

import importlib
import inspect
import pkgutil
import re

import circuits
import circuits.costs

RETURNED = ("QuantumCircuit", "Encoding", "Purification", "PreparedMPS", "Design", "Estimation")
OTHER_NAMES = {
    "CopyEvolution": "copy_powers_cost",
    "IQPMap": "pair_map_cost",
    "UnitaryEvolution": "matrix_evolution_cost",
    "WalkEvolution": "walk_powers_cost",
    "ZMap": "z_map_cost",
    "ZZMap": "pair_map_cost",
    "eigenvector_circuit": "hardware_efficient_ansatz_cost",
    "fourier_design": "qft_cost",
}
PROTOCOLS = {"Evolution", "FeatureMap"}
ANY_CIRCUIT = {"CircuitMap"}


def closed_forms():
    names = set()
    for module in pkgutil.iter_modules(circuits.costs.__path__, "circuits.costs."):
        names |= {
            name
            for name in vars(importlib.import_module(module.name))
            if name.endswith(("_cost", "_bound"))
        }
    return names


def builders():
    for name in circuits.__all__:
        value = getattr(circuits, name)
        if inspect.isclass(value):
            if name.endswith(("Evolution", "Map")) and name not in PROTOCOLS:
                yield name
        elif str(inspect.signature(value).return_annotation).endswith(RETURNED):
            yield name


def test_every_builder_has_a_closed_form():
    known, found = closed_forms(), list(builders())
    missing = []
    for name in found:
        snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
        wanted = OTHER_NAMES.get(name, f"{snake}_cost")
        if name not in ANY_CIRCUIT and not {wanted, f"{snake}_bound"} & known:
            missing.append(name)
    assert len(found) > 70
    assert not missing
