-- An aspect may have an English name beside its own; what was measured before has none.

ALTER TABLE aspect_statistic ADD COLUMN name_en text NOT NULL DEFAULT '';
