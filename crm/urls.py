"""Pages of the CRM. Names are noun-verb; a noun alone is its card or page."""

from django.urls import URLPattern, path

from crm.views import (
    activities,
    assignments,
    board,
    companies,
    contacts,
    deals,
    files,
    grants,
    queue,
    quick_log,
    saved_views,
    search,
    segments,
    settings,
    shares,
    suggest,
    tasks,
    timeline,
)

app_name = "crm"

clients: list[URLPattern] = [
    path("companies/", companies.company_list, name="company-list"),
    path("companies/new/", companies.new, name="company-new"),
    path("companies/alike/", companies.alike, name="company-alike"),
    path("companies/<int:pk>/", companies.company, name="company"),
    path("companies/<int:pk>/edit/", companies.edit, name="company-edit"),
    path("companies/<int:pk>/give/", companies.give, name="company-give"),
    path("companies/<int:pk>/delete/", companies.delete, name="company-delete"),
    path("contacts/", contacts.contact_list, name="contact-list"),
    path("contacts/new/", contacts.new, name="contact-new"),
    path("contacts/alike/", contacts.alike, name="contact-alike"),
    path("contacts/<int:pk>/", contacts.contact, name="contact"),
    path("contacts/<int:pk>/edit/", contacts.edit, name="contact-edit"),
    path("contacts/<int:pk>/move/", contacts.move, name="contact-move"),
    path("contacts/<int:pk>/give/", contacts.give, name="contact-give"),
    path("contacts/<int:pk>/delete/", contacts.delete, name="contact-delete"),
    path("timeline/<str:noun>/<int:pk>/", timeline.show, name="timeline"),
    path("activities/log/", activities.log, name="activity-log"),
    path("activities/<int:pk>/edit/", activities.edit, name="activity-edit"),
    path("activities/<int:pk>/delete/", activities.delete, name="activity-delete"),
    path("activities/<int:pk>/undo/", activities.undo, name="activity-undo"),
    path("files/add/<str:noun>/<int:pk>/", files.add, name="file-add"),
    path("files/<int:pk>/", files.download, name="file"),
    path("files/<int:pk>/delete/", files.delete, name="file-delete"),
    path("shares/add/<str:noun>/<int:pk>/", shares.add, name="share-add"),
    path("shares/<int:pk>/delete/", shares.delete, name="share-delete"),
    path("views/save/", saved_views.save, name="view-save"),
    path("views/<int:pk>/forget/", saved_views.forget, name="view-forget"),
    path("suggest/<str:noun>/", suggest.suggest, name="suggest"),
]

# Board, deals, tasks, quick log, search.
work: list[URLPattern] = [
    path("deals/", board.board, name="deal-board"),
    path("deals/list/", deals.deal_list, name="deal-list"),
    path("deals/new/", deals.new, name="deal-new"),
    path("deals/<int:pk>/", deals.deal, name="deal"),
    path("deals/<int:pk>/edit/", deals.edit, name="deal-edit"),
    path("deals/<int:pk>/products/", deals.lines, name="deal-lines"),
    path("deals/<int:pk>/move/", board.move, name="deal-move"),
    path("deals/<int:pk>/enter/<int:stage>/", board.enter, name="deal-enter"),
    path("deals/<int:pk>/win/", deals.win, name="deal-win"),
    path("deals/<int:pk>/lose/", deals.lose, name="deal-lose"),
    path("deals/<int:pk>/reopen/", deals.reopen, name="deal-reopen"),
    path("deals/<int:pk>/give/", deals.give, name="deal-give"),
    path("deals/<int:pk>/delete/", deals.delete, name="deal-delete"),
    path("tasks/", tasks.task_list, name="task-list"),
    path("tasks/new/", tasks.new, name="task-new"),
    path("tasks/<int:pk>/edit/", tasks.edit, name="task-edit"),
    path("tasks/<int:pk>/done/", tasks.finish, name="task-done"),
    path("tasks/<int:pk>/drop/", tasks.drop, name="task-drop"),
    path("tasks/<int:pk>/reopen/", tasks.reopen, name="task-reopen"),
    path("tasks/<int:pk>/move/", tasks.move, name="task-move"),
    path("tasks/<int:pk>/give/", tasks.give, name="task-give"),
    path("next/", queue.queue, name="queue"),
    path("next/mark/", queue.mark, name="queue-mark"),
    path("next/follow/", queue.follow, name="queue-follow"),
    path("next/back/", queue.back, name="queue-back"),
    path("log/", quick_log.quick_log, name="quick-log"),
    path("log/who/", quick_log.who, name="quick-log-who"),
    path("log/deals/", quick_log.deals, name="quick-log-deals"),
    path("search/", search.search, name="search"),
]

# Clients chosen by conditions, and what is given to do for all of them.
many: list[URLPattern] = [
    path("segments/", segments.segment_list, name="segment-list"),
    path("segments/new/", segments.new, name="segment-new"),
    path("segments/condition/", segments.condition, name="segment-condition"),
    path("segments/preview/", segments.preview, name="segment-preview"),
    path("segments/<int:pk>/", segments.segment, name="segment"),
    path("segments/<int:pk>/edit/", segments.edit, name="segment-edit"),
    path("segments/<int:pk>/delete/", segments.delete, name="segment-delete"),
    path("segments/<int:pk>/give/", segments.give, name="segment-give"),
    path("assignments/", assignments.assignment_list, name="assignment-list"),
    path("assignments/<int:pk>/", assignments.assignment, name="assignment"),
    path("assignments/<int:pk>/remind/", assignments.remind, name="assignment-remind"),
]

# What the coordinator looks after.
upkeep: list[URLPattern] = [
    path("grant/", grants.grant, name="grant"),
    path("grant/<int:pk>/end/", grants.end, name="grant-end"),
    path("settings/", settings.settings, name="settings"),
]

urlpatterns = [*clients, *work, *many, *upkeep]
