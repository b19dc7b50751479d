"""Saving marks with Django under gunicorn: middleware as `startproject` lists it, a form, the ORM in one `atomic` block.

Sessions are `cached_db`, connections are pooled: what Django's pages on performance advise. Run as a program it makes
Django's own tables and signs every tablet in, JSON in and out.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import django
from django.conf import settings

from server.ledger import link
from server.marks.batch import mark_fields
from tests.bench.venue import SECRET

address = urlsplit(os.environ["PEER_DSN"])
settings.configure(
    DEBUG=False,
    SECRET_KEY=SECRET,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    SESSION_ENGINE="django.contrib.sessions.backends.cached_db",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": address.path.strip("/"),
            "USER": address.username,
            "HOST": parse_qs(address.query)["host"][0],
            "PORT": parse_qs(address.query)["port"][0],
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 20}},
        }
    },
)
django.setup()

from django import forms
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import models, transaction
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import _get_new_csrf_string
from django.urls import path
from django.views.decorators.http import require_POST


class Seat(models.Model):
    id = models.UUIDField(primary_key=True)
    event = models.UUIDField()
    account = models.UUIDField()

    class Meta:
        app_label, managed, db_table = "peer", False, "seat"


class PlainAspect(models.Model):
    event = models.UUIDField()
    code = models.TextField()
    top = models.IntegerField()
    steps = models.JSONField()

    class Meta:
        app_label, managed, db_table = "peer", False, "plain_aspect"


class PlainEntry(models.Model):
    event = models.UUIDField()
    code = models.TextField()

    class Meta:
        app_label, managed, db_table = "peer", False, "plain_entry"


class MarkHead(models.Model):
    id = models.UUIDField(primary_key=True)
    sequence = models.BigIntegerField()
    hash = models.BinaryField()
    open = models.BooleanField()

    class Meta:
        app_label, managed, db_table = "peer", False, "mark_head"


class Mark(models.Model):
    id = models.TextField(primary_key=True)
    event = models.UUIDField()
    sequence = models.BigIntegerField()
    entry = models.TextField()
    aspect = models.TextField()
    judge = models.UUIDField()
    value = models.IntegerField()
    round = models.IntegerField()
    device = models.TextField()
    counter = models.BigIntegerField()
    made_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    replaces = models.TextField()
    conflict = models.BooleanField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        app_label, managed, db_table = "peer", False, "mark"


class MarkForm(forms.Form):
    id = forms.RegexField("^[0-7][0-9A-HJKMNP-TV-Z]{25}$")
    event = forms.UUIDField()
    entry = forms.CharField(max_length=40)
    aspect = forms.CharField(max_length=40)
    value = forms.IntegerField(min_value=-1_000_000, max_value=1_000_000)
    device = forms.CharField(max_length=40)
    counter = forms.IntegerField(min_value=0, max_value=2**53)
    made_at = forms.DateTimeField()
    round = forms.IntegerField(min_value=1, max_value=9, required=False)
    replaces = forms.RegexField("^[0-7][0-9A-HJKMNP-TV-Z]{25}$", required=False)


@require_POST
def post_marks(request: HttpRequest) -> JsonResponse:
    if not request.user.is_authenticated:
        return JsonResponse({"code": "sign-in"}, status=401)
    data = json.loads(request.body)
    if not isinstance(data, list) or not 1 <= len(data) <= 200:
        return JsonResponse({"code": "marks.how-many"}, status=422)
    entered = [MarkForm(one) for one in data]
    if not all(form.is_valid() for form in entered):
        return JsonResponse({"errors": [form.errors for form in entered]}, status=422)
    account = UUID(request.user.get_username())
    with transaction.atomic():
        answers = [save(form.cleaned_data, account) for form in entered]
    return JsonResponse({"answers": answers})


def save(mark: dict[str, Any], account: UUID) -> dict[str, Any]:
    head = MarkHead.objects.select_for_update().filter(id=mark["event"]).first()
    if before := Mark.objects.filter(id=mark["id"]).first():
        same = before.judge == account and all(getattr(before, n) == mark[n] for n in ("entry", "aspect", "value"))
        return told(before, "duplicate" if same else "refused")
    if head is None or not head.open:
        return {"id": mark["id"], "status": "refused", "code": "marks.not-open"}
    if why := refusal(mark, account):
        return {"id": mark["id"], "status": "refused", "code": why}
    cell = Mark.objects.filter(event=mark["event"], entry=mark["entry"], aspect=mark["aspect"], judge=account)
    last = cell.order_by("-sequence").values_list("id", flat=True).first() or ""
    row = {
        **mark,
        "round": mark["round"] or 1,
        "judge": account,
        "sequence": head.sequence + 1,
        "stored_at": datetime.now(UTC),
        "conflict": last != mark["replaces"],
        "previous": bytes(head.hash),
    }
    row["hash"] = link(row["previous"], mark_fields(row))
    made = Mark.objects.create(**row)
    head.sequence, head.hash = row["sequence"], row["hash"]
    head.save(update_fields=["sequence", "hash"])
    return told(made, "conflict" if made.conflict else "stored")


def told(mark: Mark, status: str) -> dict[str, Any]:
    return {"id": mark.id, "status": status, "sequence": mark.sequence, "hash": bytes(mark.hash).hex()}


def refusal(mark: dict[str, Any], account: UUID) -> str:
    aspect = PlainAspect.objects.filter(event=mark["event"], code=mark["aspect"]).first()
    if aspect is None:
        return "mark.unknown-aspect"
    if not PlainEntry.objects.filter(event=mark["event"], code=mark["entry"]).exists():
        return "mark.unknown-entry"
    if not Seat.objects.filter(event=mark["event"], account=account).exists():
        return "mark.not-on-panel"
    if not 0 <= mark["value"] <= aspect.top:
        return "mark.out-of-range"
    return "mark.not-a-step" if aspect.steps and mark["value"] not in aspect.steps else ""


urlpatterns = [path("api/marks", post_marks)]
application = get_wsgi_application()


def sign_in(judges: list[str]) -> list[dict[str, str]]:
    """The headers of every judge's tablet: a session and a CSRF token."""
    call_command("migrate", verbosity=0)
    headers = []
    for judge in judges:
        user = get_user_model().objects.create(username=judge)
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session.save()
        token = _get_new_csrf_string()
        headers.append({"cookie": f"sessionid={session.session_key}; csrftoken={token}", "x-csrftoken": token})
    return headers


if __name__ == "__main__":
    print(json.dumps(sign_in(json.load(sys.stdin))))
