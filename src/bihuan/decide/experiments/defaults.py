"""The experiment the code itself knows."""

RESCUE = "opening-rescue"
