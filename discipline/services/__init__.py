"""The only place that writes rules, assignments and scored days: one noun a module, one verb a function."""
