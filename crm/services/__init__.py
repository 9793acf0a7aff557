"""The only place that writes clients, deals, tasks and activities: one noun a module, one verb a function."""
