"""Regions, branches and the people who work in them."""
