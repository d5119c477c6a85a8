"""What happened to a customer, in order: the archive, and the tail of the log that is not shipped yet."""
