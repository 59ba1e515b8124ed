"""Born machines of instantaneous quantum polynomial-time circuits."""
