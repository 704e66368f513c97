-- Rows that somebody has to accept before the import is carried out: new ones
-- with a mark for a lost character.
ALTER TABLE import ADD COLUMN warned integer NOT NULL DEFAULT 0;
ALTER TABLE import_row ADD COLUMN warned boolean NOT NULL DEFAULT false;
