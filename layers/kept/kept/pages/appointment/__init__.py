"""An appointment in the hands of whoever holds its link."""
