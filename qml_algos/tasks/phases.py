"""The boundary of two phases from snapshots as a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np

from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits, require_shots
from qml_algos.errors import InvalidProblemError, TooFewPointsError, TooLargeError
from qml_algos.physics.ground_states import make_model
from qml_algos.physics.hamiltonians import SpinHamiltonian
from qml_algos.physics.phases import ConfusionScan, PhaseBoundaryClassifier, PhaseClusters
from qml_algos.physics.phases.circuits import circuit_sweep
from qml_algos.physics.snapshots import Snapshots, load_snapshots
from qml_algos.physics.variational.ground_state import MOST_QUBITS
from qml_algos.results import Estimate
from qml_algos.tasks.files import InputFile
from qml_algos.tasks.phases_result import PhasesResult
from qml_algos.tasks.plots import require_plot, write_png
from qml_algos.tasks.recording import fields_of
from qml_algos.validation import require_positive

DEFAULT_SIZE, DEFAULT_SHOTS = 8, 1000
DEFAULT_FIELDS = tuple(round(0.1 * step, 1) for step in range(2, 21))
"""From the ordered to the disordered phase, the critical field 1 in the middle."""

FEWEST_FIELDS = 6
"""Confusion takes five cuts between them."""

CRITICAL_FIELD = 1.0
"""Of the infinite chain, in units of the coupling."""

_OF_CIRCUITS = ("size", "fields", "layers", "shots")
_ALWAYS = ("seed",)


@dataclass(frozen=True)
class PhasesTask:
    """Find where the phases of an Ising chain meet, from measured configurations alone.

    Attributes
    ----------
    seed
        Of parts of the samples and of networks, and of the shots.
    snapshots
        File with labelled snapshots; or
    size, fields, layers, shots
        spins of the ring, transverse fields, layers of the circuits that prepare its ground states,
        and repetitions of each; ``None`` for defaults.
    unlearnt
        Pair of parameters between which nothing is learnt from; the middle third by default.
    plot
        Absolute path of a PNG file.
    """

    name: ClassVar[str] = "phases"

    seed: int
    snapshots: InputFile | None = None
    size: int | None = None
    fields: tuple[float, ...] | None = None
    layers: int | None = None
    shots: int | None = None
    unlearnt: tuple[float, float] | None = None
    plot: str | None = None

    def __post_init__(self) -> None:
        for option in ("fields", "unlearnt"):
            if getattr(self, option) is not None:
                # A record has a list.
                object.__setattr__(self, option, tuple(getattr(self, option)))
        for option in _OF_CIRCUITS:
            if self.snapshots is not None and getattr(self, option) is not None:
                raise ValueError(f"--{option}: the snapshots are read from a file")
        for field in self.fields or ():
            require_positive("--fields", field)
        if self.fields is not None:
            _require_fields("--fields", self.fields)
        require_plot(self.plot)

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> PhasesTask:
        """Read what `to_json` wrote; see `fields_of`."""
        return cls(**fields_of(cls, values, always=_ALWAYS, files=("snapshots",)))

    def check(self, backend: Backend) -> None:
        """Refuse what cannot be done there, before anything is recorded.

        Raises
        ------
        InvalidProblemError, TooFewPointsError, TooLargeError, UnknownNameError, ValueError, OSError
            Saying what is wrong.
        """
        if self.snapshots is not None:
            self._read()
            return
        model = self._model(CRITICAL_FIELD)
        if model.qubits > MOST_QUBITS:
            raise TooLargeError(
                f"--size: {model.qubits} spins; circuits are trained for at most {MOST_QUBITS}"
            )
        require_qubits(backend.config, model.qubits, model.name)
        require_shots(backend.config, self.shots or DEFAULT_SHOTS)

    def run(self, backend: Backend) -> PhasesResult:
        """Do it: measure the circuits, or read snapshots, and learn from them."""
        worst = None
        if self.snapshots is not None:
            snapshots = self._read()
        else:
            sweep = circuit_sweep(
                self._model,
                self.fields or DEFAULT_FIELDS,
                layers=self.layers,
                random_state=self.seed,
            )
            worst = float(sweep.v_scores.max())
            snapshots = sweep.snapshots(
                backend, self.shots or DEFAULT_SHOTS, random_state=self.seed
            )
        result = self._learnt(snapshots, worst)
        if self.plot is not None:
            from qml_algos.tasks.phases_plot import phases_figure

            write_png(phases_figure(result), self.plot)
        return result

    def unknown_cost(self, backend: Backend) -> str | None:  # noqa: ARG002
        """Say that nothing is: training is classical, and one job measures all circuits."""
        return None

    def _model(self, field: float) -> SpinHamiltonian:
        return make_model("tfim", self.size or DEFAULT_SIZE, field)

    def _read(self) -> Snapshots:
        """Read a file, and refuse what no boundary can be found from."""
        assert self.snapshots is not None
        path = self.snapshots.unchanged()
        found = load_snapshots(path)
        if found.labels is None:
            raise InvalidProblemError(
                f"--snapshots: {path} has no labels: each sample needs its field, or another "
                "parameter that changes the phase"
            )
        if len(np.unique(found.bases, axis=0)) > 1:
            raise InvalidProblemError(
                f"--snapshots: {path} has several bases: bits of one basis are compared"
            )
        _require_fields(f"--snapshots: labels of {path}", found.labels)
        return found

    def _learnt(self, snapshots: Snapshots, worst_v_score: float | None) -> PhasesResult:
        bits, labels = snapshots.bits, np.asarray(snapshots.labels)
        supervised = PhaseBoundaryClassifier(transition=self.unlearnt, random_state=self.seed)
        supervised.fit(bits, labels)
        confusion = ConfusionScan(random_state=self.seed).fit(bits, labels)
        clusters = PhaseClusters(random_state=self.seed).fit(bits, labels)
        generator = np.random.default_rng(self.seed)
        cuts = confusion.accuracy_curve_.parameters
        boundaries = {
            "supervised": Estimate(supervised.boundary_, supervised.boundary_error_),
            # A cut stands for all values up to the middles between it and its neighbours, which
            # are spread evenly about it.
            "confusion": Estimate(confusion.transition_, float(np.diff(cuts).max() / np.sqrt(12))),
            "clusters": Estimate(clusters.boundary_, clusters.disorder_.crossing_error(generator)),
        }
        return PhasesResult(
            source=snapshots.source,
            qubits=snapshots.qubits,
            samples=len(bits),
            parameters=len(np.unique(labels)),
            supervised=supervised,
            confusion=confusion,
            clusters=clusters,
            boundaries=boundaries,
            exact=None if worst_v_score is None else CRITICAL_FIELD,
            worst_v_score=worst_v_score,
            written=self.plot,
        )


def _require_fields(name: str, given: Any) -> None:
    different = len(np.unique(given))
    if different < FEWEST_FIELDS:
        raise TooFewPointsError(f"{name}: different values", FEWEST_FIELDS, different)
