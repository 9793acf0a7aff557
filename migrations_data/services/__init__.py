"""The only place that writes imports: uploaded, read, understood, tried, run."""
