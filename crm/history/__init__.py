"""History that the database writes by itself, so that "as of T" is exact whatever wrote the row: form, API, bulk or raw SQL."""
