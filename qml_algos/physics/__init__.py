"""Machine learning for quantum physics.

`hamiltonians`, `states` and `configurations` are what all the rest shares. `ground_states` finds
ground states by exact vectors, matrix product states (`tensor_networks`), Boltzmann machines
(`neural`) and circuits (`variational`). `snapshots` come from any backend; `phases`, `tomography`
and `nonlocality` learn from them; `ising` draws classical configurations. `learning` and
`renormalisation` are machine learning by the methods of physics.
"""
