-- A state that answers its command: the id of the operation, or of the import.
ALTER TABLE journal ADD COLUMN completes text;
