"""What is said to whom, over which channel, in which language, and when it may be."""
