"""From nothing to a business that takes bookings."""
