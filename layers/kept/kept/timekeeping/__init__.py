"""Time as a business keeps it: local time, offsets of zones, weekly hours, working days and its calendar."""
