"""Decisions: which items fill a slot for whom, why, and the evidence."""
