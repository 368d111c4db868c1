"""Calls of strangers' servers: those that hear of events, those that have somebody's own calendar."""
