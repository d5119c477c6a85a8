"""The tracking wire of stock SDKs: bytes in, durable entries of the log or quarantine out."""
