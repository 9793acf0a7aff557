"""Pages of the control system."""

from django.urls import path

from discipline.views import cards, reviews, team_days, upkeep

app_name = "discipline"
urlpatterns = [
    path("team-day/", team_days.show, name="team-day"),
    path("team-day/cell/", team_days.cell, name="cell"),
    path("team-day/review/", reviews.show, name="review"),
    path("team-day/review/<int:pk>/", reviews.mark, name="review-mark"),
    path("cards/", cards.card_list, name="card-list"),
    path("cards/<int:pk>/", cards.card, name="card"),
    path("control/upkeep/", upkeep.upkeep, name="upkeep"),
    path("control/upkeep/<int:pk>/retry/", upkeep.retry, name="upkeep-retry"),
]
