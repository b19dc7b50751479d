-- Marks that were written on paper: what one person typed from one sheet. Two people type the same sheet without seeing each
-- other's; when both say the same, `marks` names the marks that it becomes, by aspect, before they are stored.

CREATE TABLE paper_typing (
    id          uuid PRIMARY KEY,
    event       uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    entry       text NOT NULL,
    judge       uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    panel       boolean NOT NULL,
    typist      uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    typist_name text NOT NULL,
    "values"    jsonb NOT NULL,
    marks       jsonb NOT NULL,
    state       text NOT NULL,
    at          timestamptz NOT NULL
);

-- A sheet is typed twice at a time, each time by somebody else.
CREATE UNIQUE INDEX paper_typing_once ON paper_typing (event, entry, judge, panel, typist) WHERE state IN ('typed', 'agreed');
CREATE INDEX paper_typing_event ON paper_typing (event);
