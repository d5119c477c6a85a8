"""How often things happen, by the hour: counted once as the log is read."""
