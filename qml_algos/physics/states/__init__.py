"""What wave functions of every representation have in common."""
