"""Trained tensor-network models as circuits: prepared, run on a backend, and compared."""
