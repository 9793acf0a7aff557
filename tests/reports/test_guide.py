"""Help shows what concerns somebody's work, and each topic has its text."""

import pytest
from django.urls import reverse

from accounts.policy import holds
from reports.views.guide import TOPICS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.key)
def test_each_topic_opens_for_those_it_concerns_and_for_nobody_else(cast, sign_in, topic):
    for person in (cast.manager, cast.head, cast.owner, cast.admin):
        answer = sign_in(person).get(reverse("reports:help-topic", args=[topic.key]))
        assert answer.status_code == (200 if holds(person, topic.permission) else 404), person


def test_the_index_lists_the_topics_of_the_role(cast, sign_in):
    titles = {topic.key for topic in sign_in(cast.manager).get(reverse("reports:help")).context["topics"]}
    assert "log-a-call" in titles
    assert "people-and-teams" not in titles


def test_a_topic_that_does_not_exist_is_not_found(cast, sign_in):
    assert sign_in(cast.manager).get(reverse("reports:help-topic", args=["nothing"])).status_code == 404
