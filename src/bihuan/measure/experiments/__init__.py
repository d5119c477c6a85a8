"""Experiments read by assignment: completion per arm, lift with interval, sample-ratio check."""
