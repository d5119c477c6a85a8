"""How the simulated people behave: pure rules over documented parameters. Nothing here knows the network."""
