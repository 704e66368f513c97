-- T15: whether the one who ordered a leave may let a CHIEF go. A planned leave is
-- asked again on its day; plans made before this column ask the centre.
ALTER TABLE move ADD COLUMN releases_chief boolean NOT NULL DEFAULT false;
