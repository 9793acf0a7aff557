"""Invented names and sentences of the demo clients, by language."""

from __future__ import annotations

from dataclasses import dataclass

INDUSTRIES = (
    "Food",
    "Logistics",
    "Metal",
    "Retail",
    "Construction",
    "Energy",
    "Health",
    "Textiles",
    "Furniture",
    "Printing",
)
PRODUCTS = (
    ("Fleet tracker", "Hardware", 48_000),
    ("Warehouse scanner", "Hardware", 129_000),
    ("Service plan 24/7", "Service", 36_000),
    ("Training package", "Service", 24_000),
    ("Annual licence", "Software", 96_000),
    ("Spare-parts programme", "Parts", 18_500),
)
LOSS_REASONS = (
    ("Price", False),
    ("Chose a competitor", True),
    ("No budget this year", False),
    ("No answer any more", False),
)
COMPETITORS = ("Northgate Systems", "Optiline", "Kestrel & Co")
STAGES: tuple[tuple[str, int, int, str, list[str]], ...] = (
    ("New", 10, 7, "grey", []),
    ("Qualified", 30, 10, "blue", []),
    ("Proposal", 55, 14, "violet", ["amount_minor"]),
    ("Negotiation", 80, 14, "orange", ["amount_minor", "expected_close"]),
)


@dataclass(frozen=True)
class Words:
    """What clients of one language are called and what is said about them."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    stems: tuple[str, ...]
    forms: tuple[str, ...]
    cities: tuple[str, ...]
    streets: tuple[str, ...]
    titles: tuple[str, ...]
    deals: tuple[str, ...]
    notes: tuple[str, ...]
    steps: tuple[str, ...]
    country: str


POLISH = Words(
    given=("Agnieszka", "Paweł", "Katarzyna", "Łukasz", "Małgorzata", "Grzegorz", "Joanna", "Michał", "Zofia", "Świętosław"),
    family=("Dąbrowska", "Wiśniewski", "Kamińska", "Lewandowski", "Zając", "Król", "Wróbel", "Jabłońska", "Stępień", "Żak"),
    stems=("Brukmar", "Stalpol", "Zielony Dom", "Wisłomet", "Drewbud", "Piekarnia Pod Lipą", "Karpaty Logistyka", "Mazurmleko", "Okna Śląsk", "Baltgaz", "Tkalnia Łódzka", "Kwiaty Podlasia"),
    forms=("Sp. z o.o.", "S.A.", "s.c."),
    cities=("Warszawa", "Kraków", "Łódź", "Wrocław", "Gdańsk", "Poznań", "Rzeszów"),
    streets=("ul. Długa", "ul. Polna", "al. Jana Pawła II", "ul. Krótka", "ul. Leśna"),
    titles=("Dyrektor zakupów", "Kierownik magazynu", "Prezes", "Specjalista ds. IT", "Główna księgowa"),
    deals=("Odnowienie floty", "Skanery do magazynu", "Umowa serwisowa", "Szkolenie załogi", "Rozszerzenie licencji"),
    notes=(
        "Prosi o ofertę z dwoma terminami dostawy.", "Budżet zatwierdzony, czekamy na zarząd.", "Wraca z urlopu w poniedziałek.",
        "Zadowoleni z próby, pytają o serwis.", "Porównują nas z jednym konkurentem.", "Uzgodniono wizytę w zakładzie.",
    ),
    steps=("Wysłać ofertę", "Zadzwonić w sprawie decyzji", "Umówić prezentację", "Sprawdzić budżet"),
    country="Poland",
)  # fmt: skip
ENGLISH = Words(
    given=("Grace", "Oliver", "Hannah", "Marcus", "Priya", "Callum", "Freya", "Nathan"),
    family=("Holloway", "Brandt", "Ashworth", "Quill", "Merriman", "Okafor", "Lindqvist", "Thorne"),
    stems=("Quarry & Sons", "Fjord Optics", "Harbour Foods", "Elm Street Clinics", "Redwood Transport", "Greenfield Agro", "Zephyr Cycles", "Cobalt Print"),
    forms=("Ltd", "plc", "GmbH"),
    cities=("Berlin", "Rotterdam", "Leeds", "Hamburg", "Dublin"),
    streets=("Mill Road", "Station Street", "Harbour Lane", "Kingsway"),
    titles=("Head of purchasing", "Warehouse lead", "Managing director", "IT lead"),
    deals=("Fleet renewal", "Warehouse upgrade", "Licence extension", "Training package", "Service plan 24/7"),
    notes=(
        "Asked for a revised quote with two delivery dates.", "Budget is signed off, waiting for the board.",
        "Liked the demo, wants a second site included.", "Back from holiday on Monday.", "Comparing us with one other offer.",
    ),
    steps=("Send the offer", "Call about the decision", "Arrange a demo", "Check the budget"),
    country="Germany",
)  # fmt: skip
SPANISH = Words(
    given=("María", "Íñigo", "Concepción", "Raúl", "Begoña", "Andrés", "Sofía", "Joaquín", "Núria", "Álvaro"),
    family=("García Peña", "Muñoz", "Ibáñez", "Castaño", "Delgado", "Echevarría", "Ruiz Lozano", "Santamaría", "Ordóñez"),
    stems=("Aceites del Sur", "Cerámicas Levante", "Transportes Duero", "Panadería La Espiga", "Frutas Almería", "Talleres Nervión", "Bodegas Peñafiel", "Muebles Cañada", "Gráficas Ebro", "Clínicas Sol"),
    forms=("S.L.", "S.A.", "S.L.U."),
    cities=("Madrid", "Sevilla", "Valencia", "Málaga", "A Coruña", "Zaragoza"),
    streets=("Calle Mayor", "Avenida de la Constitución", "Calle del Río", "Paseo Marítimo"),
    titles=("Directora de compras", "Jefe de almacén", "Gerente", "Responsable de sistemas"),
    deals=("Renovación de flota", "Lectores de almacén", "Contrato de servicio", "Formación del equipo", "Ampliación de licencias"),
    notes=(
        "Pide una oferta revisada con dos fechas de entrega.", "Presupuesto aprobado, falta la firma.", "Vuelve de vacaciones el lunes.",
        "Le gustó la demostración, pregunta por el servicio.", "Nos compara con otra oferta.",
    ),
    steps=("Enviar la oferta", "Llamar por la decisión", "Concertar una demostración", "Revisar el presupuesto"),
    country="Spain",
)  # fmt: skip
RUSSIAN = Words(
    given=("Алексей", "Наталья", "Дмитрий", "Светлана", "Айгуль", "Сергей", "Марина", "Ерлан", "Юлия", "Фёдор"),
    family=("Кузнецов", "Белова", "Морозов", "Жукова", "Нурланов", "Орлова", "Щербаков", "Ким", "Савельева"),
    stems=("СтальМонтаж", "Алатау Логистик", "Хлебный двор", "Степные фермы", "МебельГрад", "ТехноСнаб", "Медео Строй", "Золотая нива", "Печатный дом", "ЭнергоСервис"),
    forms=("ТОО", "ООО", "АО"),
    cities=("Алматы", "Астана", "Караганда", "Шымкент", "Павлодар"),
    streets=("ул. Абая", "пр. Достык", "ул. Сатпаева", "ул. Гагарина"),
    titles=("Директор по закупкам", "Начальник склада", "Генеральный директор", "Главный бухгалтер"),
    deals=("Обновление парка", "Сканеры для склада", "Сервисный договор", "Обучение сотрудников", "Расширение лицензии"),
    notes=(
        "Просит предложение с двумя сроками поставки.", "Бюджет согласован, ждём подписи.", "Вернётся из отпуска в понедельник.",
        "Довольны пробой, спрашивают о сервисе.", "Сравнивают с одним конкурентом.",
    ),
    steps=("Отправить предложение", "Позвонить о решении", "Договориться о показе", "Уточнить бюджет"),
    country="Kazakhstan",
)  # fmt: skip
BY_LANGUAGE = {"pl": POLISH, "en": ENGLISH, "es": SPANISH, "ru": RUSSIAN}
