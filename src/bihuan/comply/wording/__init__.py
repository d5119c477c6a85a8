"""What must not be said: phrases that promise, lure or advise without a licence."""
