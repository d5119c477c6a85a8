"""The exchange's calendar in the hands of staff: on which days of a year it is closed."""
