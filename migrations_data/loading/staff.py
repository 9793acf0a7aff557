"""Who works here or did: the people whom rows name as owners and doers."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.text import slugify

from accounts.models import Role, Team, User
from accounts.services import people
from crm.custom.keys import LETTERS
from crm.folding import fold
from migrations_data.loading.context import Context, Rejected
from migrations_data.loading.resolvers import Matches, of
from migrations_data.meanings.people import in_any_order
from migrations_data.models import Decision, ImportMatch, ImportRow, What

NO_MAIL = "import.invalid"
"""The domain of addresses made up for people without one: no mail can ever go there, and it says where they come from."""


class People:
    """Who works here, by name in any order of its words, by e-mail, by the key of the old system, or as the coordinator said."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.by_name: dict[str, list[User]] = defaultdict(list)
        self.by_mail: dict[str, User] = {}
        self.by_key: dict[str, User] = {}
        self.by_pk: dict[int, User] = {}
        self.of_row: dict[int, User] = {}
        self.meant: dict[str, User] = {}
        for user in User.objects.order_by("pk"):
            self.put(user)
        self.former = of(context, Matches).targets(What.OWNER, Decision.USE)
        """Those who may own what is imported though they left: the coordinator chose them."""

    def put(self, user: User) -> None:
        self.by_name[in_any_order(user.full_name)].append(user)
        self.by_mail[user.email.lower()] = user
        self.by_pk[user.pk] = user
        if user.external_id:
            self.by_key[user.external_id] = user

    def of_key(self, key: str) -> User | None:
        """The person with this key in the old system."""
        return self.by_key.get(self.context.key(key)) if key else None

    def of_pk(self, pk: int) -> User:
        """The owner of a record that a row names, without asking the database for each."""
        return self.by_pk.get(pk) or User.objects.get(pk=pk)

    def find(self, text: str) -> User | None:
        """The person, or None. Raises Rejected when several who may sign in have that name."""
        if "@" in text:
            return self.by_mail.get(text.lower())
        found = self.by_name.get(in_any_order(text), [])
        active = [user for user in found if user.is_active] or found
        if len(active) > 1:
            raise Rejected("owner_ambiguous", "owner", text)
        return active[0] if active else None

    def owner(self, context: Context, text: str) -> User:
        """The owner that a row names, or who imports when it names nobody. Raises Rejected."""
        if not text:
            context.note("no_owner", "owner", now=context.by.full_name)
            return context.by
        if text not in self.meant:
            self.meant[text] = self._meant(text)
        return self.meant[text]

    def likely(self, text: str) -> User:
        """The same for a client whom rows only name: whoever imports where nobody else can be found."""
        return self.known(text) or self.context.by

    def known(self, text: str) -> User | None:
        """The person whom a row names, if there is one and only one."""
        try:
            return self.owner(self.context, text) if text else None
        except Rejected:
            return None

    def keeper(self, pk: int) -> User | None:
        """The owner of a record on which new ones hang, where he may have more."""
        found = self.of_pk(pk)
        return found if found.is_active or pk in self.former else None

    def _meant(self, text: str) -> User:
        match = of(self.context, Matches).find(What.OWNER, text)
        found = self._as_told(match, text) if match is not None else None
        found = found or self.of_key(text) or self.find(text)
        if found is None:
            raise Rejected("owner_unknown", "owner", text)
        return found

    def _as_told(self, match: ImportMatch, text: str) -> User | None:
        """Whom the coordinator said that a name means."""
        if match.decision == Decision.USE:
            return self.by_pk.get(match.target_id or 0)
        if match.decision == Decision.MAKE:
            return self._listed(match.target_id or 0)
        if match.decision == Decision.MINE:
            self.context.note("owner_mine", "owner", was=text, now=self.context.by.full_name)
            return self.context.by
        return self._who_left(text) if match.decision == Decision.INACTIVE else None

    def _listed(self, row: int) -> User | None:
        """Whom a row of the list of people became in this run."""
        if row not in self.of_row:
            kept = ImportRow.objects.filter(pk=row, record_type="user").values_list("record_id", flat=True).first()
            if kept in self.by_pk:
                self.of_row[row] = self.by_pk[kept]
        return self.of_row.get(row)

    def _who_left(self, text: str) -> User:
        """Somebody of that name who is here and cannot sign in, made when there is none."""
        there = [user for user in self.by_name.get(in_any_order(text), []) if not user.is_active]
        if not there:
            context = self.context
            name = text.partition("@")[0] if "@" in text else text
            made = self.add(name, "", Role.MANAGER, None)
            there = [people.deactivate(person=made, by=context.by, at=context.at, overridden=True)]
            self.by_name[in_any_order(made.full_name)] = there
            self.put(there[0])
            context.note("left_made", "owner", was=text)
        self.former.add(there[0].pk)
        return there[0]

    def add(self, name: str, mail: str, role: str, team: Team | None, **more: Any) -> User:
        """A new person, with an address that no mail can reach when the table has none."""
        context = self.context
        person = people.add(
            by=context.by,
            at=context.at,
            email=mail or self._made_up(name),
            full_name=name[:150],
            role=role,
            language=context.by.language,
            zone=context.by.zone,
            team=team,
            **more,
        )
        context.made("user", person.pk)
        self.put(person)
        return person

    def _made_up(self, name: str) -> str:
        """An address that nobody has: "Anna Kos" -> "anna.kos@import.invalid"."""
        words = slugify(fold(name).translate(LETTERS)).replace("-", ".")[:60] or "person"
        numbered = (f"{words}.{number}@{NO_MAIL}" for number in range(2, 10_000))
        first = f"{words}@{NO_MAIL}"
        return first if first not in self.by_mail else next(each for each in numbered if each not in self.by_mail)
