"""Numbers of measure that a firm sets itself."""
