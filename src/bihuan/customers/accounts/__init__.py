"""Accounts and holdings as the counter tells them, in a first form: imported, shown, never traded on."""
