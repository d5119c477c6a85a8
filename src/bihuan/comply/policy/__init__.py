"""The numbers compliance sets, as rows with their source."""
