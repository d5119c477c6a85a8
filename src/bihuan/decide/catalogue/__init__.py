"""The catalogue: items in versions, and the slots they may fill."""
