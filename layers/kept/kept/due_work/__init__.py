"""Work that is due: swept from its lanes into queues, and done key by key."""
