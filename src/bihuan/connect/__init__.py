"""Adapters to outside systems.

In: Protocols that a room owns (a text message to send, a receipt to read). Out: calls of the outside
system's real protocol. It owns no tables and decides nothing.
"""
