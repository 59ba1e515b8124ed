"""What quantum answers would take on a device, and where the curves cross."""
