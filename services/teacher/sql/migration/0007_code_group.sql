-- The class of a title, the group of a subject (T14): a code of another table.
ALTER TABLE code ADD COLUMN code_group text NOT NULL DEFAULT '';
