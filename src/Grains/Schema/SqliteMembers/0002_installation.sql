-- The installation that this file belongs to: see SqliteJournal/0005_installation.sql.
CREATE TABLE installation (
  one           INTEGER PRIMARY KEY CHECK (one = 1),
  id            TEXT    NOT NULL,
  is_paired     INTEGER NOT NULL CHECK (is_paired IN (0, 1)),
  rows_of_other INTEGER NOT NULL CHECK (rows_of_other >= 0)
) STRICT;
