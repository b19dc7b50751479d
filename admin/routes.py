"""Every route of the organiser's office."""

from admin.ceremony import ROUTES as CEREMONY
from admin.draw import ROUTES as DRAW
from admin.draw_acts import ROUTES as DRAW_ACTS
from admin.http import ROUTES as HTTP
from admin.pages import ROUTES as PAGES
from admin.tables import ROUTES as TABLES

ROUTES = [HTTP, PAGES, TABLES, CEREMONY, DRAW, DRAW_ACTS]
