"""Experiments: who gets which arm, and who was exposed when."""
