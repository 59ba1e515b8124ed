"""Matrix-product states and operators of qubits, and ground states by sweeps."""

from qml_algos.physics.tensor_networks.mpo import MatrixProductOperator, matrix_product_operator
from qml_algos.physics.tensor_networks.mps import MPSState

__all__ = ["MPSState", "MatrixProductOperator", "matrix_product_operator"]
