"""Whether everything that was in the files is in the CRM: asked again of the rows and the records, and never of the running totals."""
