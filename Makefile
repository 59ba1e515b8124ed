# make demo: the library's main job on real input. make test: the tests.
# Each sets everything up by itself; all it takes is Python 3.11 (or PYTHON=...) and make.

PYTHON ?= python3.11
VENV ?= .venv
OUT ?= comparison
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test lint types bench clean

demo: $(VENV)/installed
	$(BIN)/qml-algos compare linear-systems --family spd --sizes 4 8 16 \
	    --matrix examples/data/heat_plate_A.mtx --rhs examples/data/heat_plate_b.mtx --out $(OUT)

# One process a core, and one thread a process.
test: $(VENV)/installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto

lint: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/installed-dev
	$(BIN)/mypy

bench: $(VENV)/installed-dev
	$(BIN)/python benchmarks/hhl.py
	$(BIN)/python benchmarks/aer_sweep.py
	$(BIN)/python benchmarks/noise.py
	$(BIN)/python benchmarks/jobs.py
	$(BIN)/python benchmarks/linear_systems.py table growth kappa promise phases --only qml-algos stock
	$(BIN)/python benchmarks/devices.py
	$(BIN)/python benchmarks/classical.py
	$(BIN)/python benchmarks/qft.py
	$(BIN)/python benchmarks/fourier.py
	$(BIN)/python benchmarks/phase_estimation.py
	$(BIN)/python benchmarks/pca.py
	$(BIN)/python benchmarks/density_matrix.py
	$(BIN)/python benchmarks/classical_pca.py
	$(BIN)/python benchmarks/kernel_states.py
	$(BIN)/python benchmarks/gram_memory.py
	$(BIN)/python benchmarks/kernel_devices.py
	$(BIN)/python benchmarks/ad_hoc.py
	$(BIN)/python benchmarks/discrete_log.py
	$(BIN)/python benchmarks/qml_benchmarks_tasks.py
	$(BIN)/python benchmarks/least_squares_svm.py
	$(BIN)/python benchmarks/born_machine.py
	$(BIN)/python benchmarks/ttn_born_machine.py
	$(BIN)/python benchmarks/mps_circuits.py
	$(BIN)/python benchmarks/mps_depth.py
	$(BIN)/python benchmarks/factor_graph_model.py
	$(BIN)/python benchmarks/factor_graph_circuits.py
	$(BIN)/python benchmarks/factor_graph_training.py
	$(BIN)/python benchmarks/quantum_rivals.py
	$(BIN)/python benchmarks/density_baselines.py
	$(BIN)/python benchmarks/scaling_fits.py
	$(BIN)/python benchmarks/local_solves.py
	$(BIN)/python benchmarks/crossover.py
	$(BIN)/python benchmarks/physics_rbm --parts figures.py
	$(BIN)/python benchmarks/physics_dmrg.py
	$(BIN)/python benchmarks/physics_phases.py
	$(BIN)/python benchmarks/physics_snapshots.py
	$(BIN)/python benchmarks/physics_tomography.py
	$(BIN)/python benchmarks/physics_nonlocality.py
	$(BIN)/python benchmarks/physics_learning.py

clean:
	rm -rf $(VENV) $(OUT)

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (a minute or two, once) ..."
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) install --constraint constraints.txt --editable ".[dev]"
	touch $@
