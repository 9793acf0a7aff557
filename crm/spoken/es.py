"""Spanish, for a line of text. A star stands for any ending."""

from datetime import time

from crm.spoken.words import Words

WORDS = Words(
    kinds={
        "call": ("llamada", "llamé", "llamo", "llamar", "llamado", "telefoneé", "teléfono"),
        "meeting": ("reunión", "reunirse", "encuentro", "visita", "visité", "cita"),
        "note": ("nota", "apunte"),
        "email": ("correo", "escribir", "enviar"),
    },
    results={
        "reached": ("contestó", "hablé", "hablamos", "respondió"),
        "no_answer": ("no contesta", "no contestó", "no responde", "no respondió", "sin respuesta", "buzón de voz"),
        "busy": ("ocupado", "ocupada", "comunica"),
        "wrong_number": ("número equivocado", "número incorrecto"),
        "agreed": ("de acuerdo", "acordado", "acordamos", "aceptó", "aceptado", "quedamos"),
        "follow_up": ("continuará", "seguimos hablando"),
        "refused": ("rechazó", "rechazado", "se negó", "no le interesa", "no interesado"),
        "not_held": ("no se celebró", "no tuvo lugar", "cancelada", "cancelado"),
    },
    days={-1: ("ayer",), 0: ("hoy",), 1: ("mañana",), 2: ("pasado mañana",)},
    weekdays=(
        ("lun", "lunes"), ("martes",), ("mié", "miérc", "miércoles"), ("jue", "jueves"), ("vie", "viernes"), ("sáb", "sábado"),
        ("domingo",),
    ),
    months=(
        ("ene", "enero"), ("febrero",), ("marzo",), ("abr", "abril"), ("mayo",), ("junio",), ("julio",), ("ago", "agosto"),
        ("septiembre", "setiembre"), ("octubre",), ("noviembre",), ("dic", "diciembre"),
    ),
    units={
        "minute": ("min", "minuto", "minutos"), "hour": ("h", "hora", "horas"), "day": ("día", "días"),
        "week": ("semana", "semanas"), "month": ("mes", "meses"),
    },
    numbers={
        1: ("un", "una", "uno"), 2: ("dos",), 3: ("tres",), 4: ("cuatro",), 5: ("cinco",), 6: ("seis",), 7: ("siete",), 8: ("ocho",),
        9: ("nueve",), 10: ("diez",),
    },
    hours={
        time(10): ("por la mañana", "temprano"), time(12): ("a mediodía", "al mediodía"), time(15): ("por la tarde",),
        time(18): ("por la noche",),
    },
    lengths={30: ("media hora",), 15: ("un cuarto de hora",), 90: ("hora y media",)},
    afternoons=("de la tarde", "de la noche"),
    mornings=("de la mañana",),
    next_week=("la próxima semana", "próxima semana", "la semana que viene", "la semana próxima"),
    within=("en", "dentro de"),
    at=("a las", "a la", "sobre las"),
    on=("el", "el próximo", "este", "para el", "próximo"),
    lasting=("durante", "unos"),
    then=("luego", "después", "próximo paso", "siguiente paso"),
    fillers=("con", "a", "al", "y", "de", "para", "señor", "señora", "sr", "sra"),
)  # fmt: skip
