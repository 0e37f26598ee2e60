-- The installation that this file belongs to. members.db has the same table and the same id, so that files of two
-- installations are never used together. rows_of_other is how many rows the other file had at the last start or stop: rows
-- are never deleted, so fewer mean that it was replaced by an older copy. rows_set_aside is how many sequences repairs took
-- back, so that the count never becomes smaller. is_paired is 0 until the other file has the id.
CREATE TABLE installation (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  id             TEXT    NOT NULL,
  is_paired      INTEGER NOT NULL CHECK (is_paired IN (0, 1)),
  rows_of_other  INTEGER NOT NULL CHECK (rows_of_other >= 0),
  rows_set_aside INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One row that is overwritten to test that the file can be written, also when nothing is sold.
CREATE TABLE write_probe (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  at  INTEGER NOT NULL
) STRICT;
