"""The engine of the matrix-product-state Born machine: training, sampling, marginals."""
