"""The one catalogue of metric definitions."""
