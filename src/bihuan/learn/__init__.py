"""Learn (迭代优化): what happened after each decision comes back.

In: facts of outcomes. Out: retrained models, drift alarms, promotions. It owns outcome rows.
"""
