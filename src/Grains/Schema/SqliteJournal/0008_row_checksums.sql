-- A checksum of each row as it was written. A file system can give back another value than was stored, and SQLite looks at a
-- page's form only. Rows from before this script have none, and are not checked.
ALTER TABLE reservation_journal ADD COLUMN checksum INTEGER;
ALTER TABLE rehearsal_journal ADD COLUMN checksum INTEGER;
