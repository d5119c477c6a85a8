"""Understand (洞察): what state a customer is in, what is true of him, and whom a rule fits.

In: tracked events, and what customers and comply let be mirrored. Out: the state of each account opening, per step, and
the facts of its turns (started, advanced, stuck, returned, submitted, opened); every tag of every customer; the members
of segments and the facts of who entered and left. It owns openings, tags and segments and can compute all of them again
from the log.
"""
