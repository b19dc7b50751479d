"""Every route of the organiser's office."""

from admin.http import ROUTES as HTTP
from admin.pages import ROUTES as PAGES
from admin.tables import ROUTES as TABLES

ROUTES = [HTTP, PAGES, TABLES]
