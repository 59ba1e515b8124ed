"""The generative model of Gao, Zhang and Duan: a graph state, one invertible matrix a qubit."""
