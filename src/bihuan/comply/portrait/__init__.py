"""What calculations over all customers may know of suitability and consent."""
