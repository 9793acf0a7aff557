"""What people type when a field must be filled and they have nothing to put there: written once, for all that look for it."""

PHONE = r"^(\d)\1{4,}$|0?123456789?|0?987654321?|^0{3,}"
"""Of the digits of a number: one digit over and over, or the row of keys."""
MAIL = (
    r"^(test|tests|testing|asdf|qwerty|abc|none|null|no|x+|a+|noname|example|mail|email|user)@|"
    r"@(test|example|asdf|domain|email|mail|none|no|x+|a+)\.[a-z]{2,}$|@localhost"
)
NAME = (
    r"^(test|tests|testing|тест|prueba|proba|abc|abcd|abcdef|asdf|asdfg|qwerty|qwe|null|none|nil|nan|n a|na|no name|noname|unknown|"
    r"xxx+|name|client|customer|brak|nieznany|неизвестно|имя|клиент|klient|nazwa|sin nombre|desconocido)( \d+)?$|^(.)\3{2,}$|^[^[:alpha:]]*$"
)
"""Of a folded name."""
AMOUNT = r"^(0+|1|9{4,}|1{5,}|123456(789?)?)$"
"""Of the digits of an amount without its decimals."""
FIGURE = r"^(9{5,}|123456(789?)?)$"
"""Of the digits of a figure that may well be 0 or 1."""
