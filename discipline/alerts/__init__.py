"""Alerts: who is told what and when, looked up in the database each time."""
