"""What is measured, never asserted in a test. Each module runs alone and ends with one JSON object."""
