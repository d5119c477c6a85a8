"""Comply (合规): what may be offered, said and sent.

In: a customer's assessment and consent, a product, a text, a moment. Out: verdicts that fail closed. It
owns assessments, consent, contact counters and the wording rules.
"""
