"""Kept keeps appointments: booking, reminders, attendance and follow-up for service businesses."""
