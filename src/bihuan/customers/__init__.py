"""Customers (客户): who they are.

In: tracked events and imports. Out: one profile per customer, merges of visitor and user, accounts,
relations (acquisition, service, contract) with dates and shares, the timeline.
"""
