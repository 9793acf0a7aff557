"""The wizard of an import: files, columns, preview, run, report."""
