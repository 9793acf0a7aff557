"""The headers under which people keep things, folded, in English, Polish, Russian and Spanish."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


_PHONE = _words(
    "phone, phone number, telephone, tel, mobile, home phone, office phone, telefono2, telefon 2, mobile phone, cell, cell phone, phone no, phone 1, phone 2, work phone, telefon, nr telefonu, "
    "numer telefonu, telefon komorkowy, komorka, телефон, номер телефона, тел, мобильный, мобильный телефон, контактный телефон, "
    "telefono, numero de telefono, celular, movil, telefono 1, telefono 2"
)
_MAIL = _words(
    "email, e mail, mail, email address, e mail address, adres email, adres e mail, poczta, почта, электронная почта, эл почта, "
    "correo, correo electronico"
)
_CITY = _words("city, town, location, нас пункт, miasto, miejscowosc, город, населенный пункт, ciudad, localidad")
_NOTE = _words(
    "note, notes, comment, comments, remarks, description, notatka, notatki, uwagi, opis, komentarz, примечание, "
    "комментарий, комментарии, описание, заметки, nota, notas, comentario, comentarios, observaciones, descripcion"
)
_OWNER = _words(
    "owner, account owner, account rep, przedst konta, przedstawiciel konta, opiekun klienta, account manager, sales agent, agent, sales rep, sales representative, salesperson, seller, manager, "
    "responsible, assigned to, opiekun, handlowiec, sprzedawca, przedstawiciel, wlasciciel, ответственный, менеджер, "
    "ответственный менеджер, куратор, vendedor, comercial, responsable, propietario, ejecutivo"
)
_COMPANY = _words(
    "company, company name, account, account name, customer, customer name, client, client name, organization, organisation, firm, "
    "employer, nazwa firmy, firma, klient, nazwa klienta, kontrahent, nazwa kontrahenta, компания, название компании, организация, "
    "клиент, контрагент, наименование клиента, заказчик, empresa, cliente, nombre del cliente, nombre de la empresa, razon social, "
    "compania, company id, account id, customer id, client id, klient id, id klienta, id контрагента, id клиента, cliente id, id cliente"
)
_CURRENCY = _words("currency, waluta, валюта, moneda, divisa")
_CONTACT = _words(
    "contact, contact name, contact person, contact id, person, kontakt, osoba kontaktowa, osoba, id kontaktu, контакт, контактное лицо, "
    "id контакта, contacto, persona de contacto, id contacto"
)
_DEAL = _words(
    "deal, deal name, deal id, opportunity, opportunity name, opportunity id, lead id, szansa, id szansy, transakcja, сделка, "
    "название сделки, id сделки, oportunidad, negocio, id oportunidad"
)
_DOER = _OWNER + _words(
    "assignee, assigned, user, employee, who, done by, created by, author, wykonawca, pracownik, kto, autor, исполнитель, сотрудник, кто, "
    "автор, asignado a, empleado, quien, autor"
)
_FIRST_NAME = _words("first name, given name, forename, firstname, imie, имя, nombre, nombres")
_LAST_NAME = _words("last name, surname, family name, lastname, nazwisko, фамилия, apellido, apellidos")

FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "companies": {
        "key": _words(
            "id, key, code, no, number, company id, account id, customer id, client id, kod, nr, id firmy, id klienta, klient id, "
            "код, код клиента, id клиента, номер, codigo, cliente id, id cliente, codigo cliente"
        ),
        "name": _words(
            "name, nazwa, название, наименование, наименование контрагента, название контрагента, nazwa dostawcy, supplier, supplier name, dostawca, полное наименование, краткое наименование, имя клиента, nombre"
        )
        + tuple(word for word in _COMPANY if " id" not in f" {word}" and not word.startswith("id ")),
        "tax_number": _words(
            "tax number, tax id, tax no, vat, vat number, vat id, vat no, nip, numer nip, инн, инн кпп, nif, cif, cuit, rfc, rut"
        ),
        "domain": _words(
            "website, web site, site, www, domain, web, url, homepage, strona, strona www, сайт, веб сайт, sitio web, pagina web"
        ),
        "phone": _PHONE,
        "email": _MAIL,
        "address": _words(
            "address, street, street address, address line 1, adres, ulica, адрес, улица, юридический адрес, фактический адрес, "
            "direccion, domicilio, calle"
        ),
        "postcode": _words(
            "postcode, post code, postal code, zip, zip code, kod pocztowy, индекс, почтовый индекс, codigo postal, cp, c p"
        ),
        "region": _words(
            "region, state, province, county, wojewodztwo, stan, область, регион, край, provincia, departamento"
        ),
        "city": _CITY,
        "country": _words("country, office location, kraj, страна, pais"),
        "industry": _words(
            "industry, sector, branch, line of business, branza, sektor, отрасль, сфера деятельности, вид деятельности, rubro, industria"
        ),
        "employees": _words(
            "employees, number of employees, headcount, staff, company size, pracownicy, liczba pracownikow, zatrudnienie, сотрудники, "
            "сотрудников, количество сотрудников, численность, empleados, numero de empleados, plantilla"
        ),
        "founded": _words(
            "founded, founded in, year founded, year established, established, rok zalozenia, год основания, основана, fundada, ano de fundacion"
        ),
        "revenue": _words(
            "revenue, annual revenue, yearly revenue, turnover, sales volume, przychod, przychody, roczny przychod, obrot, obroty, выручка, "
            "годовая выручка, оборот, ingresos, facturacion, ingresos anuales"
        ),
        "parent": _words(
            "parent, parent company, part of, subsidiary of, group, holding, spolka matka, grupa, головная компания, материнская компания, "
            "холдинг, matriz, empresa matriz, grupo"
        ),
        "currency": _CURRENCY,
        "owner": _OWNER,
        "note": _NOTE,
    },
    "contacts": {
        "key": _words(
            "id, key, code, contact id, person id, kod, id kontaktu, id klienta, klient id, код, id контакта, codigo, id contacto"
        ),
        "name": _words(
            "name, full name, contact, contact name, contact person, person, imie i nazwisko, osoba kontaktowa, kontakt, фио, контакт, "
            "контактное лицо, полное имя, nombre, nombre completo, nombre y apellidos, contacto, persona de contacto"
        ),
        "first_name": _FIRST_NAME,
        "last_name": _LAST_NAME,
        "title": _words("title, job title, position, role, stanowisko, должность, cargo, puesto"),
        "company": _COMPANY,
        "phone": _PHONE,
        "email": _MAIL,
        "city": _CITY,
        "owner": _OWNER,
        "note": _NOTE,
    },
    "products": {
        "key": _words(
            "id, key, code, product id, item no, item number, sku, article number, id produktu, kod produktu, kod, символ, код, код товара, "
            "код услуги, артикул, id товара, id producto, codigo, codigo producto"
        ),
        "name": _words(
            "name, product, product name, item, article, service, nazwa, produkt, nazwa produktu, towar, nazwa towaru, название, "
            "наименование, товар, продукт, услуга, номенклатура, nombre, producto, nombre del producto, articulo, servicio"
        ),
        "group": _words(
            "group, product group, id kategorii, category id, id категории, id categoria, series, category, family, type, kategoria, grupa, seria, группа, категория, серия, вид, categoria, grupo, "
            "serie, familia"
        ),
        "price": _words(
            "price, sales price, unit price, list price, cost, cena, cena jednostkowa, cena sprzedazy, цена, стоимость, прайс, precio, "
            "precio unitario, precio de venta, importe"
        ),
    },
    "people": {
        "key": _words(
            "id, key, employee id, user id, agent id, id pracownika, kod pracownika, табельный номер, id сотрудника, код сотрудника, id empleado, "
            "id vendedor, id usuario"
        ),
        "name": _words(
            "name, full name, sales agent, agent, employee, sales rep, salesperson, seller, user, imie i nazwisko, pracownik, handlowiec, "
            "sprzedawca, фио, сотрудник, менеджер, полное имя, nombre, nombre completo, empleado, vendedor"
        ),
        "first_name": _FIRST_NAME,
        "last_name": _LAST_NAME,
        "email": _MAIL,
        "team": _words(
            "team, department, regional office, office, branch, unit, zespol, dzial, biuro, oddzial, отдел, подразделение, филиал, "
            "офис, команда, equipo, departamento, oficina, sucursal"
        ),
        "head": _words(
            "manager, head, supervisor, boss, reports to, team lead, kierownik, przelozony, szef, руководитель, начальник, начальник отдела, "
            "jefe, gerente, supervisor, responsable"
        ),
    },
    "deals": {
        "key": _words(
            "id, key, code, opportunity id, deal id, order id, deal number, order number, number, no, numer, nr, id zamowienia, "
            "numer zamowienia, номер, номер сделки, id сделки, id, codigo, id oportunidad, numero de pedido"
        ),
        "title": _words(
            "title, deal, deal name, order name, opportunity, opportunity name, subject, topic, name, nazwa, szansa, temat, transakcja, сделка, название, "
            "название сделки, тема, titulo, negocio, oportunidad, asunto, nombre"
        ),
        "company": _COMPANY,
        "product": _words(
            "product, product name, item, service, produkt, towar, usluga, товар, продукт, услуга, producto, articulo, servicio"
        ),
        "contact": _CONTACT,
        "owner": _OWNER,
        "stage": _words(
            "stage, deal stage, status, deal status, sales stage, opportunity stage, pipeline stage, outcome, result, etap, faza, wynik, стадия, "
            "этап, этап сделки, статус, статус сделки, результат, etapa, fase, estado, resultado"
        ),
        "amount": _words(
            "amount, value, deal value, estimated value, expected value, total venta, order value, order total, wartosc zamowienia, сумма заказа, close value, deal amount, opportunity amount, sum, total, budget, kwota, wartosc, suma, сумма, "
            "сумма сделки, бюджет, стоимость, importe, monto, valor, total, expected revenue"
        ),
        "opened": _words(
            "opened, open date, order date, data zamowienia, дата заказа, дата заявки, fecha de pedido, opened on, created, created on, created at, creation date, date, start date, engage date, data utworzenia, "
            "data, data otwarcia, data rozpoczecia, дата создания, дата, создана, дата начала, дата открытия, fecha, fecha de creacion, "
            "fecha de inicio, fecha apertura"
        ),
        "closed": _words(
            "closed, close date, sale date, sales date, sold on, shipped on, ship date, shipped date, data wysylki, data sprzedazy, дата продажи, дата отгрузки, fecha de venta, fecha de envio, closed on, closed at, closing date, end date, won date, data zamkniecia, data zakonczenia, дата закрытия, "
            "дата завершения, закрыта, fecha de cierre, fecha cierre, fecha fin"
        ),
        "expected_close": _words(
            "expected close, expected close date, required date, data wymagana, expected closing, forecast date, planned close, przewidywane zamkniecie, planowana data "
            "zamkniecia, ожидаемая дата закрытия, план закрытия, плановая дата, fecha prevista, cierre previsto"
        ),
        "loss_reason": _words(
            "loss reason, lost reason, reason, reason lost, powod utraty, powod, przyczyna, причина отказа, причина, причина потери, "
            "motivo de perdida, motivo"
        ),
        "competitor": _words("competitor, konkurent, konkurencja, конкурент, competidor, competencia"),
        "currency": _CURRENCY,
        "note": _NOTE,
    },
    "purchases": {
        "key": _words(
            "id, key, document id, invoice id, payment id, id dokumentu, id faktury, id документа, id documento, id factura"
        ),
        "number": _words(
            "invoice, invoice number, invoice no, document, document number, document no, numer faktury, nr faktury, faktura, numer dokumentu, "
            "nr dokumentu, dokument, номер счета, номер документа, номер накладной, счет, накладная, документ, numero de factura, "
            "numero factura, factura, numero de documento, documento"
        ),
        "company": _COMPANY,
        "tax_number": _words(
            "tax number, tax id, tax no, vat, vat number, vat id, vat no, nip, numer nip, инн, инн кпп, nif, cif, cuit, rfc, rut"
        ),
        "day": _words(
            "date, day, invoice date, document date, payment date, paid on, shipment date, shipping date, shipped on, delivery date, sale date, "
            "issue date, transaction date, posting date, data, dzien, data faktury, data wystawienia, data platnosci, data wplaty, "
            "data sprzedazy, data wysylki, data dokumentu, дата, день, дата счета, дата оплаты, дата платежа, дата отгрузки, дата продажи, "
            "дата документа, дата накладной, fecha, dia, fecha de factura, fecha factura, fecha de pago, fecha pago, fecha de envio, "
            "fecha de venta, fecha de documento"
        ),
        "amount": _words(
            "amount, value, sum, total, total venta, sale total, wartosc sprzedazy, net, gross, net amount, gross amount, invoice amount, paid, payment, kwota, wartosc, suma, netto, brutto, "
            "wartosc netto, wartosc brutto, kwota netto, kwota brutto, сумма, сумма оплаты, стоимость, итого, importe, monto, valor, total, neto, "
            "bruto, importe neto, importe total"
        ),
        "currency": _CURRENCY,
        "kind": _words(
            "kind, type, document type, rodzaj, typ, typ dokumentu, rodzaj dokumentu, вид, тип, тип документа, вид документа, tipo, "
            "tipo de documento"
        ),
        "product": _words(
            "product, product name, item, service, produkt, towar, usluga, товар, продукт, услуга, producto, articulo, servicio"
        ),
    },
    "tasks": {
        "key": _words(
            "id, key, task id, todo id, number, no, id zadania, nr zadania, id задачи, номер задачи, id tarea"
        ),
        "title": _words(
            "task, task name, what, what to do, to do, todo, subject, title, next step, zadanie, nazwa zadania, temat, co zrobic, "
            "nastepny krok, задача, название задачи, тема, что сделать, следующий шаг, дело, tarea, asunto, titulo, proximo paso"
        ),
        "company": _COMPANY,
        "contact": _CONTACT,
        "deal": _DEAL,
        "owner": _DOER,
        "due": _words(
            "due, due date, due on, deadline, until, remind on, reminder date, termin, termin realizacji, data wykonania, do kiedy, "
            "срок, срок исполнения, крайний срок, дедлайн, выполнить до, дата выполнения, fecha limite, vencimiento, fecha de vencimiento, plazo"
        ),
        "kind": _words("kind, type, task type, rodzaj, typ, typ zadania, вид, тип, тип задачи, tipo, tipo de tarea"),
        "status": _words(
            "status, state, done, completed, complete, closed, finished, wykonane, zrobione, zakonczone, stan, статус, выполнено, выполнена, "
            "сделано, состояние, estado, hecho, completada, terminada"
        ),
        "note": _NOTE,
    },
    "activities": {
        "key": _words("id, key, activity id, call id, id aktywnosci, id активности, id звонка, id actividad"),
        "company": _COMPANY,
        "contact": _CONTACT,
        "deal": _DEAL,
        "owner": _DOER,
        "day": _words(
            "date, day, when, activity date, call date, meeting date, contact date, date and time, time, timestamp, data, dzien, kiedy, "
            "data kontaktu, data rozmowy, data spotkania, дата, когда, дата звонка, дата встречи, дата контакта, дата и время, fecha, "
            "fecha y hora, fecha de contacto, fecha de llamada"
        ),
        "kind": _words(
            "kind, type, activity type, activity, contact type, channel, rodzaj, typ, rodzaj kontaktu, typ kontaktu, aktywnosc, вид, тип, "
            "тип активности, тип контакта, вид контакта, активность, канал, tipo, tipo de actividad, actividad, canal"
        ),
        "result": _words(
            "result, outcome, call result, wynik, rezultat, efekt, результат, итог, результат звонка, resultado"
        ),
        "note": _NOTE
        + _words(
            "subject, topic, summary, details, temat, tresc, tresc rozmowy, тема, содержание, суть, детали, asunto, resumen"
        ),
    },
}

KINDS: dict[str, tuple[str, ...]] = {
    "companies": _words(
        "account, accounts, company, kontragenty, klienty, companies, customers, clients, organizations, firmy, klienci, kontrahenci, компании, контрагенты, "
        "организации, клиенты, empresas, clientes, dostawcy"
    ),
    "contacts": _words("contact, contacts, people, persons, kontakty, osoby, контакты, люди, contactos, personas"),
    "products": _words(
        "product, products, items, tovary, uslugi, services, produkty, towary, uslugi, товары, продукты, услуги, номенклатура, productos, servicios"
    ),
    "people": _words(
        "team, teams, staff, sotrudniki, agenty, menedzhery, employees, users, sales team, sales teams, agents, pracownicy, handlowcy, zespol, сотрудники, агенты, менеджеры, "
        "команда, empleados, vendedores, equipo"
    ),
    "deals": _words(
        "deal, deals, sales, order, orders, lead, sdelki, zakazy, leads, zamowienia, zamowienie, заказы, заявки, лиды, pedidos, pipeline, sales pipeline, opportunity, opportunities, szanse, transakcje, сделки, воронка, oportunidades, negocios"
    ),
    "purchases": _words(
        "purchase, purchases, ventas, sprzedaz, продажи, invoice, invoices, payment, payments, shipment, shipments, deliveries, faktury, platnosci, wplaty, wysylki, zakupy, "
        "счета, оплаты, платежи, отгрузки, покупки, facturas, pagos, envios, compras"
    ),
    "tasks": _words(
        "task, tasks, todo, to do, to dos, reminders, zadania, przypomnienia, задачи, дела, напоминания, tareas, recordatorios"
    ),
    "activities": _words(
        "activity, activities, calls, meetings, history, interactions, touches, aktywnosci, rozmowy, spotkania, historia kontaktow, "
        "активности, звонки, встречи, история, история контактов, касания, actividades, llamadas, reuniones, historial"
    ),
}
"""Words in the name of a sheet or file that tell what is in it."""

PAID = ("pay", "paid", "plat", "wplat", "zaplat", "przelew", "opl", "plate", "опл", "плат", "pag", "cobr")
"""How words begin that say that money came, and not that goods went."""
WON = _words(
    "won, closed won, success, successful, sold, win, wygrana, wygrane, wygrany, sprzedane, выиграна, выиграно, выигран, успешно, "
    "успешно реализовано, продано, сделка успешна, ganada, ganado, ganadas, vendido, cerrada ganada"
)
LOST = _words(
    "lost, closed lost, failed, rejected, dead, loss, przegrana, przegrane, przegrany, utracona, utracone, проиграна, проиграно, "
    "потеряна, отказ, закрыто и не реализовано, не реализовано, perdida, perdido, perdidas, cerrada perdida"
)
FUNNEL = _words(
    "lead, prospect, new, contact, qualif, discover, meeting, demo, engag, present, proposal, offer, quote, negotiat, contract, "
    "nowy, kwalifik, spotkan, prezent, ofert, negocj, umow, нов, контакт, квалиф, встреч, презент, предлож, переговор, договор, "
    "nuev, calific, reunion, propuest, presupuest, negociac, contrat"
)
"""How stages begin, roughly in the order of a funnel within each language: a guess for stages that have none yet."""

EMPTY = frozenset(
    [
        "",
        "нет данных",
        "sin datos",
        *[
            "null",
            "(null)",
            "n/a",
            "#n/a",
            "nan",
            "none",
            "nil",
            "-",
            "--",
            "---",
            "–",
            "—",
            "?",
            "brak",
            "нет",
            "н/д",
            "б/д",
            "b/d",
            "s/d",
        ],
    ]
)
"""What people and programs write for "nothing"."""
ERRORS = frozenset({"#div/0!", "#ref!", "#value!", "#name?", "#num!", "#null!"})

THOUSANDS = _words("thousand, thousands, k, tys, тыс, тысяч, miles")
MILLIONS = _words("million, millions, mln, mio, m, млн, миллионов, millones")
"""Words in a header that say in which unit its amounts are."""

TOTALS = frozenset(_words(
    "total, totals, grand total, subtotal, sub total, sum, sum total, overall, итого, всего, итог, итоги, общий итог, промежуточный итог, "
    "итого по документу, в том числе, razem, suma, ogolem, lacznie, suma calkowita, suma koncowa, suma czesciowa, podsumowanie, totales, "
    "total general, suma total, gran total, importe total"
))  # fmt: skip
TOTALS_BEGIN = (
    "итого ",
    "всего ",
    "итог ",
    "razem ",
    "ogolem ",
    "lacznie ",
    "suma ",
    "total ",
    "subtotal ",
    "grand total ",
)
"""What rows are called that add up others."""
PAGES = ("page ", "strona ", "страница ", "лист ", "pagina ", "printed ", "wydrukowano ", "напечатано ", "impreso ")
"""How lines begin that a printer adds between rows."""
PIVOT = (
    "row labels", "column labels", "etykiety wierszy", "etykiety kolumn", "названия строк", "названия столбцов", "etiquetas de fila",
    "etiquetas de columna", "rotulos de fila", "count of ", "sum of ", "average of ", "liczba z ", "suma z ", "srednia z ",
    "количество по полю ", "сумма по полю ", "cuenta de ", "suma de ", "promedio de ",
)  # fmt: skip
"""How the headers of pivot tables begin."""

YES = frozenset(
    _words("1, yes, y, true, t, x, v, +, ✓, ✔, vip, tak, prawda, да, д, истина, si, sí, s, verdadero, ja, oui")
)
NO = frozenset(_words("0, no, n, false, f, nie, falsz, fałsz, нет, н, ложь, falso, nein, non"))

IDS = _words("id, key, code, kod, код, codigo, nr, no, number, номер, ключ")
"""Words of headers above what tells rows apart."""
PROOFS: dict[str, tuple[float, tuple[str, ...]]] = {
    "contacts": (1, _words(
        "full name, first name, last name, given name, surname, imie, nazwisko, imie i nazwisko, имя, фамилия, отчество, фио, nombre completo, "
        "nombre y apellidos, apellido, apellidos"
    )),
    "people": (3, _words(
        "hire date, hired, hired on, date of hire, employee id, salary, data zatrudnienia, id pracownika, pensja, wynagrodzenie, дата приема, "
        "дата приема на работу, табельный номер, оклад, зарплата, fecha de contratacion, fecha de ingreso, id empleado, salario, sueldo"
    )),
}  # fmt: skip
"""Headers that say what kind of table it is, though nothing of ours is filled by them."""
VIP = ("vip", "вип", "вип клиент")

COUNTRY_OF_HEADER = {
    "nip": "PL", "regon": "PL", "krs": "PL", "инн": "RU", "огрн": "RU", "кпп": "RU", "едрпоу": "UA", "єдрпоу": "UA", "nif": "ES", "cif": "ES",
    "cuit": "AR", "rfc": "MX", "rut": "CL", "ust idnr": "DE", "siren": "FR", "siret": "FR", "partita iva": "IT", "ico": "CZ", "dic": "CZ",
    "ein": "US", "zip": "US", "zip code": "US",
}  # fmt: skip
"""Headers that only tables of one country have."""
