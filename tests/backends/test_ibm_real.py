"""One small job on a real device, with your own account: ``pytest -m ibm_real``.

Takes about three seconds of quantum time on the least busy device. The loopback service cannot
prove what IBM's does; this can. A second run reads the ledger and sends nothing.
"""

import pytest
from qiskit import QuantumCircuit

import qml_algos
from qml_algos.backends import Ledger, Recorder


@pytest.mark.ibm_real
def test_a_bell_pair_on_the_least_busy_device() -> None:
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure_all()
    ledger = Ledger()
    backend = qml_algos.backend("ibm_least_busy", recorder=Recorder(ledger))
    [compiled] = backend.compile([circuit])
    counts = backend.sampler().run([compiled], shots=1000).result()[0].data.meas.get_counts()
    assert counts.get("00", 0) + counts.get("11", 0) > 800
    [again] = qml_algos.backend("ibm_least_busy", recorder=Recorder(ledger)).compile([circuit])
    before = len(ledger.jobs())
    repeated = backend.sampler().run([again], shots=1000).result()[0].data.meas.get_counts()
    assert repeated == counts
    assert len(ledger.jobs()) == before
