"""Understand (洞察): what state a customer is in.

In: tracked events. Out: the state of each account opening, per step, and the facts of its turns
(started, advanced, stuck, returned, submitted, opened). It owns openings and can rebuild them from the
log.
"""
