"""Every route of the organiser's office."""

from admin.appeal_acts import ROUTES as APPEAL_ACTS
from admin.appeal_pages import ROUTES as APPEALS
from admin.application_pages import ROUTES as APPLICATIONS
from admin.apply_pages import ROUTES as APPLY
from admin.attachment_pages import ROUTES as ATTACHMENTS
from admin.award_pages import ROUTES as AWARDS
from admin.badge_pages import ROUTES as BADGES
from admin.board_pages import ROUTES as BOARDS
from admin.ceremony import ROUTES as CEREMONY
from admin.certificate_pages import ROUTES as CERTIFICATES
from admin.character_pages import ROUTES as CHARACTERS
from admin.check_in import ROUTES as CHECK_IN
from admin.correction_pages import ROUTES as CORRECTIONS
from admin.delegation_pages import ROUTES as DELEGATIONS
from admin.draw import ROUTES as DRAW
from admin.draw_acts import ROUTES as DRAW_ACTS
from admin.entry_http import ROUTES as ENTRY_HTTP
from admin.entry_pages import ROUTES as ENTRIES
from admin.evidence_http import ROUTES as EVIDENCE
from admin.http import ROUTES as HTTP
from admin.issue_http import ROUTES as ISSUE_HTTP
from admin.issue_pages import ROUTES as ISSUE
from admin.judges import ROUTES as JUDGES
from admin.list_pages import ROUTES as LISTS
from admin.pages import ROUTES as PAGES
from admin.panel import ROUTES as PANEL
from admin.panels import ROUTES as PANELS
from admin.paper_marks import ROUTES as PAPER_MARKS
from admin.paper_pages import ROUTES as PAPERS
from admin.photo_pages import ROUTES as PHOTOS
from admin.policy_acts import ROUTES as POLICIES
from admin.promotion_pages import ROUTES as PROMOTIONS
from admin.publication import ROUTES as PUBLICATION
from admin.raw.pages import ROUTES as RAW
from admin.recheck import ROUTES as RECHECK
from admin.register_appeals import ROUTES as REGISTER_APPEALS
from admin.register_http import ROUTES as REGISTER_HTTP
from admin.register_pages import ROUTES as REGISTER_PAGES
from admin.register_photos import ROUTES as REGISTER_PHOTOS
from admin.report_pages import ROUTES as REPORTS
from admin.review_pages import ROUTES as REVIEW
from admin.setup_attachments import ROUTES as SETUP_ATTACHMENTS
from admin.setup_competition import ROUTES as SETUP
from admin.setup_designs import ROUTES as SETUP_DESIGNS
from admin.setup_events import ROUTES as SETUP_EVENTS
from admin.setup_keys import ROUTES as SETUP_KEYS
from admin.setup_news import ROUTES as SETUP_NEWS
from admin.setup_occupations import ROUTES as SETUP_OCCUPATIONS
from admin.setup_people import ROUTES as SETUP_PEOPLE
from admin.setup_places import ROUTES as SETUP_PLACES
from admin.signing_key_pages import ROUTES as SIGNING_KEYS
from admin.standing_pages import ROUTES as STANDINGS
from admin.tables import ROUTES as TABLES
from admin.tablet_pages import ROUTES as TABLET_PAGES

ROUTES = [
    APPEALS,
    APPEAL_ACTS,
    AWARDS,
    BADGES,
    BOARDS,
    CERTIFICATES,
    CHARACTERS,
    CHECK_IN,
    CORRECTIONS,
    EVIDENCE,
    HTTP,
    ISSUE_HTTP,
    ISSUE,
    PAGES,
    JUDGES,
    PANELS,
    PANEL,
    PAPERS,
    PAPER_MARKS,
    PHOTOS,
    POLICIES,
    PROMOTIONS,
    PUBLICATION,
    RAW,
    RECHECK,
    REVIEW,
    LISTS,
    REPORTS,
    SETUP,
    SETUP_DESIGNS,
    SETUP_EVENTS,
    SETUP_KEYS,
    SIGNING_KEYS,
    SETUP_NEWS,
    SETUP_OCCUPATIONS,
    SETUP_PEOPLE,
    SETUP_PLACES,
    STANDINGS,
    TABLES,
    TABLET_PAGES,
    CEREMONY,
    DRAW,
    DRAW_ACTS,
    DELEGATIONS,
    REGISTER_APPEALS,
    REGISTER_HTTP,
    REGISTER_PAGES,
    REGISTER_PHOTOS,
    ENTRIES,
    ENTRY_HTTP,
    APPLICATIONS,
    ATTACHMENTS,
    SETUP_ATTACHMENTS,
    APPLY,
]
