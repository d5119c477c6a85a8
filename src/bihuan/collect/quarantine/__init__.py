"""Messages that could not enter the log, and log entries no reaction could swallow: seen, repaired, replayed."""
