"""What late changes and missed visits cost, and why: rules applied to one booking or to a past of many."""
