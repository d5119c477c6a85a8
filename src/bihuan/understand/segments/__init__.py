"""Segments: who fits a rule over tags, deeds and other segments; entering and leaving are facts.

In: rules that staff write, tags, behaviour. Out: members, and the facts of whom the last evaluation added and removed.
"""
