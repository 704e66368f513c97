-- Code tables (T14). code_id is "table/code", so that one text finds one code.
CREATE TABLE code_table (
    table_name text PRIMARY KEY CHECK (table_name <> ''),
    version bigint NOT NULL CHECK (version > 0)
);

CREATE TABLE code (
    code_id text PRIMARY KEY CHECK (code_id = table_name || '/' || code),
    table_name text NOT NULL REFERENCES code_table,
    code text NOT NULL CHECK (code ~ '^[A-Za-z0-9_-]{1,32}$'),
    label text NOT NULL CHECK (label <> ''),
    label_en text NOT NULL,
    valid_from date,
    valid_until date CHECK (valid_until > valid_from),
    position integer NOT NULL,
    members text NOT NULL,          -- of a title set: codes, a space between
    removed boolean NOT NULL
);
CREATE INDEX code_of_table ON code (table_name, position, code) WHERE NOT removed;
