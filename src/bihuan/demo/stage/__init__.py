"""What the demo's pages are given: personas, keys, seats, and the speed of the clock."""
