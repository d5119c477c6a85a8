"""What the firm's app shows a customer from other systems: himself, his holdings, and an answer to his order."""
