"""What sources send right now: the latest entries of the log and a live topic of them."""
