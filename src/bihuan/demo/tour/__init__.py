"""What has come of a story of the tour: which facts the product has published about its application."""
