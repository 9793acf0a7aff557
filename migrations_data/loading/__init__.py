"""From rows to records: read by field, matched with what is there, written in chunks. Preview and run are this same code."""
