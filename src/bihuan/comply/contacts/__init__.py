"""Quiet hours and how often a customer is contacted, over all channels."""
