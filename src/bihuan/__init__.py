"""Bihuan (闭环): a brokerage's whole customer operation as one closed loop."""

__version__ = "0.1.0"
