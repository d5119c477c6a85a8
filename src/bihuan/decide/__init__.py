"""Decide (决策): what to show, offer or do for a customer.

In: a slot or a moment, a customer, the catalogue. Out: a decision with reasons and evidence; the arm of
an experiment. It owns the catalogue, slots, experiments and decisions.
"""
