"""Every route of the organiser's office."""

from admin.http import ROUTES as HTTP
from admin.pages import ROUTES as PAGES

ROUTES = [HTTP, PAGES]
