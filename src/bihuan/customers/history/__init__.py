"""What was known of a customer, and from when: the records of imported files, folded into versions on reading."""
