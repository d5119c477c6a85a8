"""Who a customer is: folded from tracked events and imports, visitor and user merged."""
