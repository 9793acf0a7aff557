"""What every endpoint under /api/v1/ shares."""

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    """Newest first, by key: the cost of a page does not grow with how far one has read, and nothing is counted."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
