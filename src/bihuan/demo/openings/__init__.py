"""The firm's opening system: it numbers applications and tells their steps."""
