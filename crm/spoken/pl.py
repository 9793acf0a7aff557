"""Polish, for a line of text. A star stands for any ending."""

from datetime import time

from crm.spoken.words import Words

WORDS = Words(
    kinds={
        "call": ("tel", "telefon", "telefonicznie", "zadzwonił*", "zadzwonić", "zadzwoń", "dzwonił*", "dzwonić", "rozmowa", "rozmawiał*"),
        "meeting": ("spotkanie", "spotkał*", "spotkać", "wizyta", "u klienta"),
        "note": ("notatka", "notka"),
        "email": ("mejl", "mailem", "napisać", "wysłać"),
    },
    results={
        "reached": ("odebrał*", "rozmawiał*", "porozmawiał*"),
        "no_answer": ("nie odbiera*", "nie odebrał*", "brak odpowiedzi", "nie odpowiada", "poczta głosowa"),
        "busy": ("zajęty", "zajęta", "zajęte", "linia zajęta"),
        "wrong_number": ("zły numer", "błędny numer", "pomyłka"),
        "agreed": ("zgoda", "zgodził*", "zgadza", "umówił*", "umówione", "uzgodnił*", "uzgodnione", "dogadał*"),
        "follow_up": ("do kontynuacji", "ciąg dalszy nastąpi"),
        "refused": ("odmówił*", "odmowa", "nie jest zainteresowan*", "niezainteresowan*"),
        "not_held": ("nie odbyło się", "nie doszło do skutku", "odwołane", "odwołał*"),
    },
    days={-1: ("wczoraj",), 0: ("dziś", "dzisiaj"), 1: ("jutro",), 2: ("pojutrze",)},
    weekdays=(
        ("pn", "pon", "poniedział*"), ("wt", "wtor*"), ("śr", "środ*"), ("czw", "czwart*"), ("pt", "piąt*"),
        ("sob", "sobot*"), ("nd", "niedz", "niedziel*"),
    ),
    months=(
        ("sty", "styczeń", "styczni*"), ("lut", "luty", "lutego", "lutym"), ("marca", "marzec", "marcu"), ("kwi", "kwiecień", "kwietni*"),
        ("maj", "maja", "maju"), ("cze", "czerw*"), ("lip", "lipca", "lipiec", "lipcu"), ("sie", "sierp*"), ("wrz", "wrześ*", "wrzesień"),
        ("paź", "październik*"), ("lis", "listopad*"), ("gru", "grud*"),
    ),
    units={
        "minute": ("min", "minut*"), "hour": ("godz", "godzin*"), "day": ("dzień", "dni"),
        "week": ("tydzień", "tygodni*", "tyg"), "month": ("miesiąc*", "miesięcy"),
    },
    numbers={
        1: ("jeden", "jedną"), 2: ("dwa", "dwie"), 3: ("trzy",), 4: ("cztery",), 5: ("pięć",), 6: ("sześć",), 7: ("siedem",),
        8: ("osiem",), 9: ("dziewięć",), 10: ("dziesięć",),
    },
    hours={
        time(10): ("rano", "z rana"), time(12): ("w południe",), time(15): ("po południu", "popołudniu"), time(18): ("wieczorem",),
    },
    lengths={30: ("pół godziny",), 15: ("kwadrans",), 90: ("półtorej godziny",)},
    next_week=("w przyszłym tygodniu", "przyszły tydzień", "w następnym tygodniu", "następny tydzień"),
    within=("za",),
    at=("o", "o godz", "o godzinie", "na"),
    on=("w", "we", "na", "w najbliższy", "w przyszły", "w następny", "do"),
    lasting=("przez", "ok", "około"),
    then=("potem", "następnie", "następny krok", "dalej"),
    fillers=("z", "ze", "do", "i", "pan", "pani", "panem", "panią", "pana"),
)  # fmt: skip
