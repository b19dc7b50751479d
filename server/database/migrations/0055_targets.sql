-- The published plan has totals for the province and five years; what an organiser means each city to reach in each year is its own.

CREATE TABLE indicator_target (
    id        uuid PRIMARY KEY,
    organiser uuid NOT NULL REFERENCES organiser ON DELETE RESTRICT,
    city      text NOT NULL,
    year      integer NOT NULL,
    indicator text NOT NULL CHECK (indicator IN ('new', 'high')),
    number    integer NOT NULL CHECK (number >= 0),
    UNIQUE (organiser, city, year, indicator)
);
