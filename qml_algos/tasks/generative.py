"""Learning the distribution of one data set with one model as a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits, require_shots
from qml_algos.errors import InvalidProblemError
from qml_algos.generative.data.problem import DensityProblem, density_set_files, read_problem
from qml_algos.generative.deployment.circuit import qubits_of
from qml_algos.generative.deployment.deploy import deploy
from qml_algos.generative.deployment.deployed import Deployed
from qml_algos.generative.execution import ModelRun
from qml_algos.generative.mps_born_machine import MPSBornMachine
from qml_algos.generative.registry import (
    APPROXIMATED,
    BONDED,
    RUNNABLE,
    make_model,
)
from qml_algos.generative.sample_files import draw_samples, write_samples
from qml_algos.speedup.contest import Setting
from qml_algos.speedup.generative import GenerativeContest, shots_of
from qml_algos.speedup.generative_notes import STANDING
from qml_algos.tasks.files import InputFile
from qml_algos.tasks.generative_result import GenerativeResult, measured
from qml_algos.tasks.recording import fields_of
from qml_algos.validation import require_epsilon

DRAWN = 1000
"""Samples that are written to files if the model is not run on a backend."""

SHAPE_OF_DRAWN = "--shape: drawn pictures have a shape already; this is for --data"

_ALWAYS = ("solver", "epsilon", "shots", "seed", "data", "family", "size", "samples", "test_share")
_FILES = ("data", "valid_data", "test_data")


@dataclass(frozen=True)
class GenerativeTask:
    """Train a model on samples, and draw from its circuit on a backend.

    Attributes
    ----------
    solver
        Its name.
    epsilon
        Of shares among the samples of a backend, twice the largest standard error.
    shots
        Repetitions of the circuit; ``None``: none on a backend that is exact, and elsewhere
        ``epsilon**-2``.
    seed
        Of the data drawn, of the parting, of training, and of the shots.
    data, valid_data, test_data
        File with samples; of a set in three files all of them; or
    family, size
        samples to draw.
    samples, test_share
        How many, and which part of them tests; see `read_problem` and `draw_problem`.
    shape
        Height and width of pictures that a file holds.
    bond_dimension
        Of tensor networks, at most.
    fidelity, max_two_qubit_gates
        Of circuits that approximate a state; 0.99 by default.
    samples_out, samples_png
        Absolute paths: where samples are written as a table, and drawn as pictures.
    """

    name: ClassVar[str] = "generative"

    solver: str
    epsilon: float
    shots: int | None
    seed: int
    data: InputFile | None = None
    family: str | None = None
    size: int | None = None
    samples: int | None = None
    test_share: float | None = None
    valid_data: InputFile | None = None
    test_data: InputFile | None = None
    shape: tuple[int, int] | None = None
    bond_dimension: int | None = None
    fidelity: float | None = None
    max_two_qubit_gates: int | None = None
    samples_out: str | None = None
    samples_png: str | None = None

    def __post_init__(self) -> None:
        self._contest().require_solver(self.solver)
        require_epsilon(self.epsilon)
        if self.shape is not None:
            # A record has a list.
            object.__setattr__(self, "shape", tuple(self.shape))
        if self.shape is not None and self.data is None:
            raise ValueError(SHAPE_OF_DRAWN)
        for option, given, names in (
            ("--shots", self.shots, RUNNABLE),
            ("--bond-dimension", self.bond_dimension, BONDED),
            ("--fidelity", self.fidelity, APPROXIMATED),
            ("--max-two-qubit-gates", self.max_two_qubit_gates, APPROXIMATED),
        ):
            if given is not None and self.solver not in names:
                raise ValueError(f"{option}: not for {self.solver}, but for {_either(names)}")
        for option, path, suffix in (
            ("--samples-out", self.samples_out, ".csv"),
            ("--samples-png", self.samples_png, ".png"),
        ):
            if path is not None and Path(path).suffix.lower() != suffix:
                raise ValueError(f"{option}: {path} does not end in {suffix}")

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> GenerativeTask:
        """Read what `to_json` wrote; see `fields_of`."""
        return cls(**fields_of(cls, values, always=_ALWAYS, files=_FILES))

    @staticmethod
    def input_files(path: str) -> dict[str, InputFile]:
        """Note what a path names: a table, or a set of three files.

        Raises
        ------
        OSError
            If a file cannot be read.
        """
        files: tuple[str | Path, ...] = density_set_files(path) or (path,)
        return {name: InputFile.of(file) for name, file in zip(_FILES, files, strict=False)}

    def problem(self) -> DensityProblem:
        """Read or draw the data."""
        rng = np.random.default_rng(self.seed)
        if self.data is None:
            assert self.family is not None
            assert self.size is not None
            return self._contest().draw(self.family, self.size, rng)
        for file in (self.valid_data, self.test_data):
            if file is not None:
                file.unchanged()
        return read_problem(
            self.data.unchanged(),
            rng,
            samples=self.samples,
            test_share=self.test_share,
            shape=self.shape,
        )

    def check(self, backend: Backend) -> None:
        """Refuse what cannot be done there, before anything is recorded.

        Raises
        ------
        InvalidProblemError, UnsuitableSolverError, TooLargeError, ValueError, OSError
            Saying what is wrong.
        """
        problem = self.problem()
        make_model(self.solver, problem)
        shots = self._shots(backend)
        if shots is not None:
            require_shots(backend.config, shots)
            qubits = sum(map(qubits_of, problem.categories))
            require_qubits(backend.config, qubits, f"a model of {problem.variables} variables")
        if self.samples_png is not None and problem.train.shape is None:
            raise InvalidProblemError(
                f"--samples-png: {problem.name} holds no pictures; --shape says what their height "
                "and width are"
            )
        for option, path in (
            ("--samples-out", self.samples_out),
            ("--samples-png", self.samples_png),
        ):
            if path is not None and not Path(path).parent.is_dir():
                raise InvalidProblemError(f"{option}: no folder {Path(path).parent}")

    def run(self, backend: Backend) -> GenerativeResult:
        """Do it: train, measure beside the baselines, run the circuit, and write samples."""
        problem = self.problem()
        setting = Setting(backend, self.epsilon, self._shots(backend), self.seed)
        model, seconds = self._contest().trained(problem, self.solver, setting, verbose=True)
        drawn = self._drawn(model, problem, setting)
        return measured(
            self.solver,
            model,
            problem,
            self._contest().reference(problem),
            seconds=seconds,
            run=drawn,
            written=self._write(model, problem, drawn, backend.name),
            caveats=tuple(STANDING[name] for name in (self.solver,) if name in STANDING),
        )

    def unknown_cost(self, backend: Backend) -> str | None:  # noqa: ARG002
        """Say that nothing is: training is classical, and one job draws all samples."""
        return None

    def _contest(self) -> GenerativeContest:
        given = {"bond_dimension": self.bond_dimension, "fidelity": self.fidelity}
        known = {name: value for name, value in given.items() if value is not None}
        return GenerativeContest(self.samples, self.test_share, **known)  # type: ignore[arg-type]

    def _shots(self, backend: Backend) -> int | None:
        """Return the shots of a circuit; ``None`` if none is run."""
        if self.solver not in RUNNABLE:
            return None
        return shots_of(Setting(backend, self.epsilon, self.shots, self.seed))

    def _drawn(
        self, model: Any, problem: DensityProblem, setting: Setting
    ) -> Deployed | ModelRun | None:
        if setting.shots is None:
            return None
        if not isinstance(model, MPSBornMachine):
            return self._contest().run(model, problem, setting, self.max_two_qubit_gates)
        return deploy(
            model,
            setting.backend,
            setting.shots,
            fidelity=self._contest().fidelity,
            max_two_qubit_gates=self.max_two_qubit_gates,
            X_test=problem.test.X,
            random_state=self.seed,
        )

    def _write(
        self, model: Any, problem: DensityProblem, drawn: Deployed | ModelRun | None, backend: str
    ) -> tuple[str, ...]:
        """Write samples to the files asked for, of the backend if it drew some."""
        if self.samples_out is None and self.samples_png is None:
            return ()
        samples = None if drawn is None else drawn.samples
        title = f"{self.solver} on {backend}"
        if samples is None:
            title = self.solver
            samples = model.sample(DRAWN, random_state=self.seed)
        if self.samples_out is not None:
            write_samples(problem.train, samples, self.samples_out)
        if self.samples_png is not None:
            draw_samples(problem.test, {title: samples}, self.samples_png)
        return tuple(path for path in (self.samples_out, self.samples_png) if path is not None)


def _either(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
