"""Demo mode only: the firm's own app, product system and opening system, played so that a visitor can try the loop.

Nothing here exists outside demo mode (404), and no room knows of it.
"""
