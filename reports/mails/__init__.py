"""Reports by mail: when each is due, who gets it, and what its letter holds."""
