"""What every room stands on: settings, PostgreSQL, ClickHouse, the one log, deadlines, jobs, live updates, time,
files, models, audit, crypto and typed errors.

In: nothing from the rooms. Out: functions and types that carry no word of the brokerage's business.
"""
