"""Pages of the import."""

from django.urls import path

from migrations_data.views import audit, columns, differences, imports, matches, questions, report, rows, undo, unlock

app_name = "migrations_data"

urlpatterns = [
    path("imports/", imports.import_list, name="import-list"),
    path("imports/new/", imports.new, name="import-new"),
    path("imports/<int:pk>/", imports.one, name="import"),
    path("imports/<int:pk>/columns/", columns.columns, name="import-columns"),
    path("imports/<int:pk>/words/", matches.words, name="import-words"),
    path("imports/sheets/<int:pk>/", columns.sheet, name="import-sheet"),
    path("imports/sheets/<int:pk>/parts/", columns.parts, name="import-parts"),
    path("imports/<int:pk>/unlock/", unlock.unlock, name="import-unlock"),
    path("imports/<int:pk>/differences/", differences.differences, name="import-differences"),
    path("imports/<int:pk>/who-is-who/", questions.questions, name="import-questions"),
    path("imports/<int:pk>/who-is-who/answer/", questions.answer, name="import-answer"),
    path("imports/<int:pk>/who-is-who/back/", questions.back, name="import-answer-back"),
    path("imports/<int:pk>/run/", imports.run, name="import-run"),
    path("imports/<int:pk>/cancel/", imports.cancel, name="import-cancel"),
    path("imports/<int:pk>/give-up/", imports.give_up, name="import-give-up"),
    path("imports/<int:pk>/undo/", undo.undo, name="import-undo"),
    path("imports/<int:pk>/progress/", imports.progress, name="import-progress"),
    path("imports/<int:pk>/report/", report.report, name="import-report"),
    path("imports/<int:pk>/report/data/", report.data, name="import-report-data"),
    path("imports/<int:pk>/report/excel/", report.excel, name="import-report-excel"),
    path("imports/<int:pk>/report/files/<int:file>/", report.rejected, name="import-returned"),
    path("imports/<int:pk>/close/", report.close, name="import-close"),
    path("imports/<int:pk>/faults/", audit.faults, name="import-faults"),
    path("imports/<int:pk>/faults/file/", audit.faults_file, name="import-faults-file"),
    path("imports/<int:pk>/faults/<slug:code>/", audit.fault, name="import-fault"),
    path("imports/<int:pk>/faults/<slug:code>/tasks/", audit.tasks, name="import-fault-tasks"),
    path("imports/sheets/<int:pk>/rows/", rows.rows, name="import-rows"),
    path("imports/rows/<int:pk>/", rows.row, name="import-row"),
]
