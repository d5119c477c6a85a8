"""Credit (业绩归属): who is owed what for which customer.

In: accounts opened, enquiries answered, rescues, relations. Out: an append-only ledger of entries with
the rule and the claims that lost, disputes and their decisions.
"""
