"""What a table is about and which column holds what: guessed from headers and values, shown, and changed by the person."""
