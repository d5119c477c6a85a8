"""Measure (效果评估): what the loop achieved.

In: the archive in ClickHouse and the facts of all rooms. Out: funnels, results of experiments against
control groups, the cockpit and the morning page, and the one catalogue of metric definitions. It owns
counters and folded outcomes, and nothing that another room decides by.
"""
