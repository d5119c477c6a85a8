"""Tags: a catalogue in data, computed for everybody in ClickHouse, read whole or not at all.

In: the archive of events and what customers and comply let be mirrored. Out: one row per customer with every tag.
"""
