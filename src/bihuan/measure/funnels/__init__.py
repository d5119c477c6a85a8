"""Ordered funnels over the archive: who came how far, how fast, within a window."""
