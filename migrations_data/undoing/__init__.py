"""Taking an import back whole: what it made, what of it stays and why."""
