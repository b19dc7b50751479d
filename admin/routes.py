"""Every route of the organiser's office."""

from admin.http import ROUTES as HTTP
from admin.judges import ROUTES as JUDGES
from admin.pages import ROUTES as PAGES
from admin.panel import ROUTES as PANEL
from admin.panels import ROUTES as PANELS
from admin.tables import ROUTES as TABLES

ROUTES = [HTTP, PAGES, JUDGES, PANELS, PANEL, TABLES]
