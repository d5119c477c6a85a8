"""What each customer allows: a ledger per purpose and channel."""
