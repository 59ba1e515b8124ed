"""Machine learning for quantum physics: phases, neural and tensor-network states, tomography."""
