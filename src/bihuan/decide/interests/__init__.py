"""Interests: what topics a customer cares for, and which items are clicked."""
