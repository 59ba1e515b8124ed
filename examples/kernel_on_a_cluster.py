"""A quantum kernel on a cluster: one line of joblib's.

Run: ``python examples/kernel_on_a_cluster.py``. Its cluster is two processes of this machine. For
one of many machines give the address of its scheduler, ``Client("tcp://...:8786")``; for Ray,
``ray.util.joblib.register_ray()`` and ``backend="ray"``.
"""

from __future__ import annotations

import joblib
import numpy as np
from dask.distributed import Client, LocalCluster
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import SVC

from circuits.feature_maps import ZZMap
from qml_algos.kernels import FidelityKernel


def main() -> None:
    """Evaluate a kernel on the cluster and here, and classify with it."""
    X, y = load_breast_cancer(return_X_y=True)
    X = MinMaxScaler().fit_transform(X)[:, :6]
    kernel = FidelityKernel(ZZMap(entanglement="linear"), bandwidth=0.5)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster, set_as_default=True),
        joblib.parallel_config(backend="dask"),
    ):
        spread = kernel(X)
    alone = kernel(X)
    print(f"{len(X)} samples; largest difference from one process: {np.ptp(spread - alone):.1e}")
    score = SVC(kernel="precomputed").fit(spread, y).score(spread, y)
    print(f"training accuracy {score:.3f}")


# The processes of the cluster read this file too.
if __name__ == "__main__":
    main()
