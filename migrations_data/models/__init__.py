from migrations_data.models.files import ImportFile, ImportSheet
from migrations_data.models.imports import WORKING, Import, Status
from migrations_data.models.rows import LOADED, ImportRow, Outcome

__all__ = ["LOADED", "WORKING", "Import", "ImportFile", "ImportRow", "ImportSheet", "Outcome", "Status"]
