"""The loop as figures: the cockpit of headquarters and the morning page of a branch."""
