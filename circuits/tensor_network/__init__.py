"""Circuits that prepare matrix product states, exactly or to a fidelity asked for."""
