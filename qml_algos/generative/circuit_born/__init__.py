"""Born machines of parametrised circuits."""
