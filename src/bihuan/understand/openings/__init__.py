"""Openings: the state of each account application, step by step, folded from the step events."""
