from django import forms

from accounts.forms.fields import LongSelect

CHOICES = [("", "None"), ("a&b", "<b>bold</b>"), (3, "Three")]


class Chosen(forms.Form):
    one = forms.ChoiceField(choices=CHOICES, widget=LongSelect, help_text="Pick")
    plain = forms.ChoiceField(choices=CHOICES)


def test_it_is_drawn_like_any_select_and_escapes():
    form = Chosen(initial={"one": "a&b"})
    html = str(form["one"])
    assert '<option value="a&amp;b" selected>&lt;b&gt;bold&lt;/b&gt;</option>' in html
    assert 'name="one"' in html
    assert 'id="id_one"' in html
    assert 'aria-describedby="id_one_helptext"' in html
    assert "data-search" in html
    assert html.count("selected") == 1


def test_what_was_sent_stays_chosen():
    assert '<option value="3" selected>' in str(Chosen({"one": "3"})["one"])
    assert "selected" not in str(Chosen({"one": "made up"})["one"])
