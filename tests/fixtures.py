"""The cast and the clock: fixtures that every test may ask for."""
