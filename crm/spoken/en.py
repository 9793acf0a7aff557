"""English, for a line of text. A star stands for any ending."""

from datetime import time

from crm.spoken.words import Words

WORDS = Words(
    kinds={
        "call": ("call", "called", "calling", "phone", "phoned", "rang", "ring"),
        "meeting": ("meeting", "meet", "met", "visit", "visited"),
        "note": ("note", "memo"),
        "email": ("email", "e-mail", "mail", "write", "send"),
    },
    results={
        "reached": ("reached", "spoke", "talked", "answered"),
        "no_answer": ("no answer", "no reply", "not reached", "did not answer", "didn't answer", "voicemail"),
        "busy": ("busy", "line busy"),
        "wrong_number": ("wrong number",),
        "agreed": ("agreed", "agree", "accepted"),
        "follow_up": ("to be continued", "follow up needed"),
        "refused": ("refused", "declined", "rejected", "not interested"),
        "not_held": ("did not take place", "didn't take place", "cancelled", "canceled", "no show"),
    },
    days={-1: ("yesterday",), 0: ("today", "tonight"), 1: ("tomorrow", "tmrw", "tmr"), 2: ("day after tomorrow", "the day after tomorrow")},
    weekdays=(
        ("mon", "monday", "mondays"), ("tue", "tues", "tuesday"), ("wed", "wednesday"), ("thu", "thur", "thurs", "thursday"),
        ("fri", "friday"), ("sat", "saturday"), ("sun", "sunday"),
    ),
    months=(
        ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"), ("jul", "july"),
        ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"), ("dec", "december"),
    ),
    units={
        "minute": ("m", "min", "mins", "minute", "minutes"), "hour": ("h", "hr", "hrs", "hour", "hours"), "day": ("d", "day", "days"),
        "week": ("week", "weeks"), "month": ("month", "months"),
    },
    numbers={
        1: ("a", "an", "one"), 2: ("two",), 3: ("three",), 4: ("four",), 5: ("five",), 6: ("six",), 7: ("seven",), 8: ("eight",),
        9: ("nine",), 10: ("ten",),
    },
    hours={
        time(10): ("morning", "in the morning"), time(12): ("noon", "midday"), time(15): ("afternoon", "in the afternoon"),
        time(18): ("evening", "in the evening"),
    },
    lengths={30: ("half an hour", "half hour"), 15: ("quarter of an hour",)},
    afternoons=("pm",),
    mornings=("am",),
    next_week=("next week",),
    within=("in", "within"),
    at=("at", "by"),
    on=("on", "next", "this", "by"),
    lasting=("for", "about"),
    then=("then", "next step", "next"),
    fillers=("with", "to", "and"),
)  # fmt: skip
