"""What calculations over all customers may know of them: no name, no number, nothing that is sealed."""
