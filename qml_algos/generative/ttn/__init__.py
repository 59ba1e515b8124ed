"""The engine of the tree-tensor-network Born machine: trees, training, sampling, marginals."""
