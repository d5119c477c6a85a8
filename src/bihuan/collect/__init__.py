"""Collect (采集): everything that comes in.

In: the tracking wire of stock SDKs, and files. Out: tracked entries of the log, each exactly once; what
is not valid waits in quarantine. It owns sources' quarantine and imports.
"""
