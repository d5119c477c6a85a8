"""What staff may read of events: never an answer, and nobody's phone, name or papers in plain text."""
