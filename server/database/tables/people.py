"""Who there is: organisers, persons, the accounts they sign in with, and their sessions.

Identity numbers and telephone numbers are sealed (AES-GCM); the `*_index` columns are keyed hashes that answer
"is this the same number?" without opening it.
"""

from piccolo.columns import (
    UUID,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.constraints import Unique
from piccolo.table import Table


class Organiser(Table, tablename="organiser"):
    """A body that runs competitions; it sees only its own."""

    id = UUID(primary_key=True)
    name = Text(unique=True)
    name_en = Text()


class Person(Table, tablename="person"):
    """A human being, once, however many competitions they enter."""

    id = UUID(primary_key=True)
    name = Text()
    sex = Text()
    birth_date = Date(null=True, default=None)
    ethnicity = Text()
    education = Text()
    phone_sealed = Bytea()
    document_kind = Text()
    document_sealed = Bytea()
    document_index = Bytea(unique=True)
    document_masked = Text()
    lookup_index = Bytea()
    """Keyed hash of the name and the last six characters of the document: what a winner types to be found."""


class Account(Table, tablename="account"):
    """Somebody who can sign in. A judge at a venue may have no password, only one-time log-ins."""

    id = UUID(primary_key=True)
    login = Text(unique=True)
    name = Text()
    password_hash = Text()
    active = Boolean(default=True)


class Staff(Table, tablename="staff"):
    """An account that works for an organiser."""

    id = UUID(primary_key=True)
    organiser = ForeignKey(Organiser, null=False, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    staff_once = Unique([organiser, account])


class Superuser(Table, tablename="superuser"):
    """An account that may open the raw tables; made and unmade on the machine itself only."""

    id = UUID(primary_key=True)
    account = ForeignKey(Account, null=False, unique=True, on_delete=OnDelete.restrict)
    at = Timestamptz()


class Session(Table, tablename="session"):
    """A signed-in browser or tablet; only the hash of its token is stored."""

    id = Bytea(primary_key=True)
    """SHA-256 of the token in the cookie."""
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    opened = Timestamptz()
    expires = Timestamptz()
    device = UUID(null=True, default=None)
    """The tablet on which it was opened with a PIN."""


class JudgePin(Table, tablename="judge_pin"):
    """Six digits with which a judge signs in on a paired tablet and signs sheets."""

    id = UUID(primary_key=True)
    account = ForeignKey(Account, null=False, unique=True, on_delete=OnDelete.restrict)
    hash = Text()
    """argon2id."""
    salt = Bytea()
    checking = Integer()
    """Two digits computed from the PIN and the salt: a tablet without a network notices a slip of the finger by them."""
    chosen = Timestamptz()


class OneTimeLogin(Table, tablename="one_time_login"):
    """A link that signs its account in once, until it expires."""

    id = Bytea(primary_key=True)
    """SHA-256 of the token in the link."""
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    expires = Timestamptz()
    used = Timestamptz(null=True, default=None)


class WrongPassword(Table, tablename="wrong_password"):
    """How often in a row a wrong password was given for a name, whether there is such an account or not."""

    id = Bytea(primary_key=True)
    """SHA-256 of the name that was typed."""
    failures = Integer()
    failed_at = Timestamptz()


class LookUpAttempt(Table, tablename="look_up_attempt"):
    """A failed search for a winner, kept ten minutes, so that identity numbers cannot be guessed."""

    id = UUID(primary_key=True)
    key = Bytea()
    """Keyed hash of what is being guessed at: the name, or the caller."""
    at = Timestamptz()
