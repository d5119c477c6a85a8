"""What headquarters expects of each branch, month by month."""
