"""The headers under which people keep things, folded, in English, Polish, Russian and Spanish."""

from __future__ import annotations


def split(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


_PHONE = split(
    "phone, phone number, telephone, tel, mobile, home phone, office phone, telefono2, telefon 2, mobile phone, cell, cell phone, phone no, phone 1, phone 2, work phone, telefon, nr telefonu, "
    "numer telefonu, telefon komorkowy, komorka, телефон, номер телефона, тел, мобильный, мобильный телефон, контактный телефон, "
    "telefono, numero de telefono, celular, movil, telefono 1, telefono 2"
)
_MAIL = split(
    "email, e mail, mail, email address, e mail address, adres email, adres e mail, poczta, почта, электронная почта, эл почта, "
    "correo, correo electronico"
)
_CITY = split("city, town, location, нас пункт, miasto, miejscowosc, город, населенный пункт, ciudad, localidad")
_NOTE = split(
    "note, notes, comment, comments, remarks, description, notatka, notatki, uwagi, opis, komentarz, примечание, "
    "комментарий, комментарии, описание, заметки, nota, notas, comentario, comentarios, observaciones, descripcion"
)
_OWNER = split(
    "owner, account owner, account rep, przedst konta, przedstawiciel konta, opiekun klienta, account manager, sales agent, agent, sales rep, sales representative, salesperson, seller, manager, "
    "responsible, assigned to, opiekun, handlowiec, sprzedawca, przedstawiciel, wlasciciel, ответственный, менеджер, "
    "ответственный менеджер, куратор, vendedor, comercial, responsable, propietario, ejecutivo"
)
_COMPANY = split(
    "company, company name, account, account name, customer, customer name, client, client name, organization, organisation, firm, "
    "employer, nazwa firmy, firma, klient, nazwa klienta, kontrahent, nazwa kontrahenta, компания, название компании, организация, "
    "клиент, контрагент, наименование клиента, заказчик, empresa, cliente, nombre del cliente, nombre de la empresa, razon social, "
    "compania, company id, account id, customer id, client id, klient id, id klienta, id контрагента, id клиента, cliente id, id cliente"
)
_CURRENCY = split("currency, waluta, валюта, moneda, divisa")
_CONTACT = split(
    "contact, contact name, contact person, contact id, person, kontakt, osoba kontaktowa, osoba, id kontaktu, контакт, контактное лицо, "
    "id контакта, contacto, persona de contacto, id contacto"
)
_DEAL = split(
    "deal, deal name, deal id, opportunity, opportunity name, opportunity id, lead id, szansa, id szansy, transakcja, сделка, "
    "название сделки, id сделки, oportunidad, negocio, id oportunidad"
)
_DOER = _OWNER + split(
    "assignee, assigned, user, employee, who, done by, created by, author, wykonawca, pracownik, kto, autor, исполнитель, сотрудник, кто, "
    "автор, asignado a, empleado, quien, autor"
)
_FIRST_NAME = split("first name, given name, forename, firstname, imie, имя, nombre, nombres")
_LAST_NAME = split("last name, surname, family name, lastname, nazwisko, фамилия, apellido, apellidos")

FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "companies": {
        "key": split(
            "id, key, code, no, number, company id, account id, customer id, client id, kod, nr, id firmy, id klienta, klient id, "
            "код, код клиента, id клиента, номер, codigo, cliente id, id cliente, codigo cliente"
        ),
        "name": split(
            "name, nazwa, название, наименование, фио, фио предпринимателя, наименование контрагента, название контрагента, nazwa dostawcy, supplier, supplier name, dostawca, полное наименование, краткое наименование, имя клиента, nombre"
        )
        + tuple(word for word in _COMPANY if " id" not in f" {word}" and not word.startswith("id ")),
        "tax_number": split(
            "tax number, tax id, tax no, vat, vat number, vat id, vat no, nip, numer nip, инн, инн кпп, nif, cif, cuit, rfc, rut"
        ),
        "domain": split(
            "website, web site, site, www, domain, web, url, homepage, strona, strona www, сайт, веб сайт, sitio web, pagina web"
        ),
        "phone": _PHONE,
        "email": _MAIL,
        "address": split(
            "address, street, street address, address line 1, adres, ulica, адрес, улица, юридический адрес, фактический адрес, "
            "direccion, domicilio, calle"
        ),
        "postcode": split(
            "postcode, post code, postal code, zip, zip code, kod pocztowy, индекс, почтовый индекс, codigo postal, cp, c p"
        ),
        "region": split(
            "region, state, province, county, wojewodztwo, stan, область, регион, край, provincia, departamento"
        ),
        "city": _CITY,
        "country": split("country, office location, kraj, страна, pais"),
        "industry": split(
            "industry, sector, branch, line of business, branza, sektor, отрасль, сфера деятельности, вид деятельности, rubro, industria"
        ),
        "employees": split(
            "employees, number of employees, headcount, staff, company size, pracownicy, liczba pracownikow, zatrudnienie, сотрудники, "
            "сотрудников, количество сотрудников, численность, empleados, numero de empleados, plantilla"
        ),
        "founded": split(
            "founded, founded in, дата регистрации, year founded, year established, established, rok zalozenia, год основания, основана, fundada, ano de fundacion"
        ),
        "revenue": split(
            "revenue, annual revenue, yearly revenue, turnover, sales volume, przychod, przychody, roczny przychod, obrot, obroty, выручка, "
            "годовая выручка, оборот, ingresos, facturacion, ingresos anuales"
        ),
        "parent": split(
            "parent, parent company, part of, subsidiary of, group, holding, spolka matka, grupa, головная компания, материнская компания, "
            "холдинг, matriz, empresa matriz, grupo"
        ),
        "currency": _CURRENCY,
        "owner": _OWNER,
        "vip": split("vip, vip client, vip customer, is vip, klient vip, вип, вип клиент, важный клиент, cliente vip"),
        "note": _NOTE,
    },
    "contacts": {
        "key": split(
            "id, key, code, contact id, person id, kod, id kontaktu, id klienta, klient id, код, id контакта, codigo, id contacto"
        ),
        "name": split(
            "name, full name, contact, contact name, contact person, person, imie i nazwisko, osoba kontaktowa, kontakt, фио, контакт, "
            "контактное лицо, полное имя, nombre, nombre completo, nombre y apellidos, contacto, persona de contacto"
        ),
        "first_name": _FIRST_NAME,
        "last_name": _LAST_NAME,
        "title": split("title, job title, position, role, stanowisko, должность, cargo, puesto"),
        "company": _COMPANY,
        "phone": _PHONE,
        "email": _MAIL,
        "city": _CITY,
        "owner": _OWNER,
        "note": _NOTE,
    },
    "products": {
        "key": split(
            "id, key, code, product id, item no, item number, sku, article number, id produktu, kod produktu, kod, символ, код, код товара, "
            "код услуги, артикул, id товара, id producto, codigo, codigo producto"
        ),
        "name": split(
            "name, product, product name, item, article, service, nazwa, produkt, nazwa produktu, towar, nazwa towaru, название, "
            "наименование, товар, продукт, услуга, номенклатура, nombre, producto, nombre del producto, articulo, servicio"
        ),
        "group": split(
            "group, product group, id kategorii, category id, id категории, id categoria, series, category, family, type, kategoria, grupa, seria, группа, категория, серия, вид, categoria, grupo, "
            "serie, familia"
        ),
        "price": split(
            "price, sales price, unit price, list price, cost, cena, cena jednostkowa, cena sprzedazy, цена, стоимость, прайс, precio, "
            "precio unitario, precio de venta, importe"
        ),
    },
    "people": {
        "key": split(
            "id, key, employee id, user id, agent id, id pracownika, kod pracownika, табельный номер, id сотрудника, код сотрудника, id empleado, "
            "id vendedor, id usuario"
        ),
        "name": split(
            "name, full name, sales agent, agent, employee, sales rep, salesperson, seller, user, imie i nazwisko, pracownik, handlowiec, "
            "sprzedawca, фио, сотрудник, менеджер, полное имя, nombre, nombre completo, empleado, vendedor"
        ),
        "first_name": _FIRST_NAME,
        "last_name": _LAST_NAME,
        "email": _MAIL,
        "team": split(
            "team, department, regional office, office, branch, unit, zespol, dzial, biuro, oddzial, отдел, подразделение, филиал, "
            "офис, команда, equipo, departamento, oficina, sucursal"
        ),
        "head": split(
            "manager, head, supervisor, boss, reports to, team lead, kierownik, przelozony, szef, руководитель, начальник, начальник отдела, "
            "jefe, gerente, supervisor, responsable"
        ),
    },
    "deals": {
        "key": split(
            "id, key, code, opportunity id, deal id, order id, deal number, order number, number, no, numer, nr, id zamowienia, "
            "numer zamowienia, номер, номер сделки, id сделки, id, codigo, id oportunidad, numero de pedido"
        ),
        "title": split(
            "title, deal, deal name, order name, opportunity, opportunity name, subject, topic, name, nazwa, szansa, temat, transakcja, сделка, название, "
            "название сделки, тема, titulo, negocio, oportunidad, asunto, nombre"
        ),
        "company": _COMPANY,
        "product": split(
            "product, product name, item, service, produkt, towar, usluga, товар, продукт, услуга, producto, articulo, servicio"
        ),
        "contact": _CONTACT,
        "owner": _OWNER,
        "stage": split(
            "stage, deal stage, status, deal status, sales stage, opportunity stage, pipeline stage, outcome, result, etap, faza, wynik, стадия, "
            "этап, этап сделки, статус, статус сделки, результат, etapa, fase, estado, resultado"
        ),
        "amount": split(
            "amount, value, deal value, estimated value, expected value, total venta, order value, order total, wartosc zamowienia, сумма заказа, close value, deal amount, opportunity amount, sum, total, budget, kwota, wartosc, suma, сумма, "
            "сумма сделки, бюджет, стоимость, importe, monto, valor, total, expected revenue"
        ),
        "opened": split(
            "opened, open date, order date, data zamowienia, дата заказа, дата заявки, fecha de pedido, opened on, created, created on, created at, creation date, date, start date, engage date, data utworzenia, "
            "data, data otwarcia, data rozpoczecia, дата создания, дата, создана, дата начала, дата открытия, fecha, fecha de creacion, "
            "fecha de inicio, fecha apertura"
        ),
        "closed": split(
            "closed, close date, sale date, sales date, sold on, shipped on, ship date, shipped date, data wysylki, data sprzedazy, дата продажи, дата отгрузки, fecha de venta, fecha de envio, closed on, closed at, closing date, end date, won date, data zamkniecia, data zakonczenia, дата закрытия, "
            "дата завершения, закрыта, fecha de cierre, fecha cierre, fecha fin"
        ),
        "expected_close": split(
            "expected close, expected close date, required date, data wymagana, expected closing, forecast date, planned close, przewidywane zamkniecie, planowana data "
            "zamkniecia, ожидаемая дата закрытия, план закрытия, плановая дата, fecha prevista, cierre previsto"
        ),
        "loss_reason": split(
            "loss reason, lost reason, reason, reason lost, powod utraty, powod, przyczyna, причина отказа, причина, причина потери, "
            "motivo de perdida, motivo"
        ),
        "competitor": split("competitor, konkurent, konkurencja, конкурент, competidor, competencia"),
        "currency": _CURRENCY,
        "note": _NOTE,
    },
    "purchases": {
        "key": split(
            "id, key, document id, invoice id, payment id, id dokumentu, id faktury, id документа, id documento, id factura"
        ),
        "number": split(
            "invoice, invoice number, invoice no, document, document number, document no, numer faktury, nr faktury, faktura, numer dokumentu, "
            "nr dokumentu, dokument, номер счета, номер документа, номер накладной, счет, накладная, документ, numero de factura, "
            "numero factura, factura, numero de documento, documento"
        ),
        "company": _COMPANY,
        "contact": _CONTACT,
        "tax_number": split(
            "tax number, tax id, tax no, vat, vat number, vat id, vat no, nip, numer nip, инн, инн кпп, nif, cif, cuit, rfc, rut"
        ),
        "day": split(
            "date, day, invoice date, document date, payment date, paid on, shipment date, shipping date, shipped on, delivery date, sale date, "
            "issue date, transaction date, posting date, data, dzien, data faktury, data wystawienia, data platnosci, data wplaty, "
            "data sprzedazy, data wysylki, data dokumentu, дата, день, дата счета, дата оплаты, дата платежа, дата отгрузки, дата продажи, "
            "дата документа, дата накладной, fecha, dia, fecha de factura, fecha factura, fecha de pago, fecha pago, fecha de envio, "
            "fecha de venta, fecha de documento"
        ),
        "amount": split(
            "amount, value, sum, total, total venta, sale total, wartosc sprzedazy, net, gross, net amount, gross amount, invoice amount, paid, payment, kwota, wartosc, suma, netto, brutto, "
            "wartosc netto, wartosc brutto, kwota netto, kwota brutto, сумма, сумма оплаты, стоимость, итого, importe, monto, valor, total, neto, "
            "bruto, importe neto, importe total"
        ),
        "currency": _CURRENCY,
        "kind": split(
            "kind, type, document type, rodzaj, typ, typ dokumentu, rodzaj dokumentu, вид, тип, тип документа, вид документа, tipo, "
            "tipo de documento"
        ),
        "product": split(
            "product, product name, item, service, produkt, towar, usluga, товар, продукт, услуга, producto, articulo, servicio"
        ),
    },
    "tasks": {
        "key": split(
            "id, key, task id, todo id, number, no, id zadania, nr zadania, id задачи, номер задачи, id tarea"
        ),
        "title": split(
            "task, task name, what, what to do, to do, todo, subject, title, next step, zadanie, nazwa zadania, temat, co zrobic, "
            "nastepny krok, задача, название задачи, тема, что сделать, следующий шаг, дело, tarea, asunto, titulo, proximo paso"
        ),
        "company": _COMPANY,
        "contact": _CONTACT,
        "deal": _DEAL,
        "owner": _DOER,
        "due": split(
            "due, due date, due on, deadline, until, remind on, reminder date, termin, termin realizacji, data wykonania, do kiedy, "
            "срок, срок исполнения, крайний срок, дедлайн, выполнить до, дата выполнения, fecha limite, vencimiento, fecha de vencimiento, plazo"
        ),
        "done": split(
            "done on, done at, completed on, completed at, completion date, finished on, closed on, data zakonczenia, wykonano dnia, "
            "дата завершения, завершена, выполнена дата, fecha de finalizacion, completada el"
        ),
        "kind": split("kind, type, task type, rodzaj, typ, typ zadania, вид, тип, тип задачи, tipo, tipo de tarea"),
        "status": split(
            "status, state, done, completed, complete, closed, finished, wykonane, zrobione, zakonczone, stan, статус, выполнено, выполнена, "
            "сделано, состояние, estado, hecho, completada, terminada"
        ),
        "note": _NOTE,
    },
    "activities": {
        "key": split("id, key, activity id, call id, id aktywnosci, id активности, id звонка, id actividad"),
        "company": _COMPANY,
        "contact": _CONTACT,
        "deal": _DEAL,
        "owner": _DOER,
        "day": split(
            "date, day, when, activity date, call date, meeting date, contact date, date and time, time, timestamp, data, dzien, kiedy, "
            "data kontaktu, data rozmowy, data spotkania, дата, когда, дата звонка, дата встречи, дата контакта, дата и время, fecha, "
            "fecha y hora, fecha de contacto, fecha de llamada"
        ),
        "kind": split(
            "kind, type, activity type, activity, contact type, channel, rodzaj, typ, rodzaj kontaktu, typ kontaktu, aktywnosc, вид, тип, "
            "тип активности, тип контакта, вид контакта, активность, канал, tipo, tipo de actividad, actividad, canal"
        ),
        "result": split(
            "result, outcome, call result, wynik, rezultat, efekt, результат, итог, результат звонка, resultado"
        ),
        "note": _NOTE
        + split(
            "subject, topic, summary, details, temat, tresc, tresc rozmowy, тема, содержание, суть, детали, asunto, resumen"
        ),
    },
}

KINDS: dict[str, tuple[str, ...]] = {
    "companies": split(
        "account, accounts, company, kontragenty, klienty, companies, customers, clients, organizations, firmy, klienci, kontrahenci, компании, контрагенты, "
        "организации, клиенты, empresas, clientes, dostawcy"
    ),
    "contacts": split("contact, contacts, people, persons, kontakty, osoby, контакты, люди, contactos, personas"),
    "products": split(
        "product, products, items, tovary, uslugi, services, produkty, towary, uslugi, товары, продукты, услуги, номенклатура, productos, servicios"
    ),
    "people": split(
        "team, teams, staff, sotrudniki, agenty, menedzhery, employees, users, sales team, sales teams, agents, pracownicy, handlowcy, zespol, сотрудники, агенты, менеджеры, "
        "команда, empleados, vendedores, equipo"
    ),
    "deals": split(
        "deal, deals, sales, order, orders, lead, sdelki, zakazy, leads, zamowienia, zamowienie, заказы, заявки, лиды, pedidos, pipeline, sales pipeline, opportunity, opportunities, szanse, transakcje, сделки, воронка, oportunidades, negocios"
    ),
    "purchases": split(
        "purchase, purchases, ventas, sprzedaz, продажи, invoice, invoices, payment, payments, shipment, shipments, deliveries, faktury, platnosci, wplaty, wysylki, zakupy, "
        "счета, оплаты, платежи, отгрузки, покупки, facturas, pagos, envios, compras"
    ),
    "tasks": split(
        "task, tasks, todo, to do, to dos, reminders, zadania, przypomnienia, задачи, дела, напоминания, tareas, recordatorios"
    ),
    "activities": split(
        "activity, activities, calls, meetings, history, interactions, touches, aktywnosci, rozmowy, spotkania, historia kontaktow, "
        "активности, звонки, встречи, история, история контактов, касания, actividades, llamadas, reuniones, historial"
    ),
}
"""Words in the name of a sheet or file that tell what is in it."""

PAID = ("pay", "paid", "plat", "wplat", "zaplat", "przelew", "opl", "plate", "опл", "плат", "pag", "cobr")
"""How words begin that say that money came, and not that goods went."""
WON = split(
    "won, closed won, success, successful, sold, win, wygrana, wygrane, wygrany, sprzedane, выиграна, выиграно, выигран, успешно, "
    "успешно реализовано, продано, сделка успешна, ganada, ganado, ganadas, vendido, cerrada ganada"
)
LOST = split(
    "lost, closed lost, failed, rejected, dead, loss, przegrana, przegrane, przegrany, utracona, utracone, проиграна, проиграно, "
    "потеряна, отказ, закрыто и не реализовано, не реализовано, perdida, perdido, perdidas, cerrada perdida"
)
FUNNEL = split(
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

THOUSANDS = split("thousand, thousands, k, tys, тыс, тысяч, miles")
MILLIONS = split("million, millions, mln, mio, m, млн, миллионов, millones")
"""Words in a header that say in which unit its amounts are."""
