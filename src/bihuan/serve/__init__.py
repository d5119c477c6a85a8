"""Serve (服务): a customer's question or stall meets a person or the bot.

In: enquiries from customers, stuck applications assigned to a person. Out: offers, claims,
conversations, rescues and their outcomes. It owns presence, enquiries, messages, rescues, knowledge.
"""
