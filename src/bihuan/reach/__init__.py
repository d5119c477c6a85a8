"""Reach (触达): messages that leave the house.

In: moments that call for a message. Out: deliveries through a channel, after consent, quiet hours, caps
and template approval were asked; each moment at most once. It owns templates and deliveries.
"""
