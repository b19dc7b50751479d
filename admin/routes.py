"""Every route of the organiser's office."""

from admin.delegation_pages import ROUTES as DELEGATIONS
from admin.http import ROUTES as HTTP
from admin.pages import ROUTES as PAGES
from admin.register_http import ROUTES as REGISTER_HTTP
from admin.register_pages import ROUTES as REGISTER_PAGES
from admin.tables import ROUTES as TABLES

ROUTES = [HTTP, PAGES, DELEGATIONS, REGISTER_HTTP, REGISTER_PAGES, TABLES]
