-- Kind 9: a new owner claimed the place after the head.
ALTER TABLE reservation_journal
  DROP CONSTRAINT reservation_journal_kind_check,
  ADD CONSTRAINT reservation_journal_kind_check CHECK (kind BETWEEN 1 AND 9);
