-- Which keys this database was sealed with: fingerprints, no keys. Written
-- before anything is sealed; a gateway with another key under one of these
-- numbers, or without one of them, does not start.
CREATE TABLE key (
    purpose text NOT NULL,          -- "identity", "token"
    key_id smallint NOT NULL,
    fingerprint bytea NOT NULL,
    PRIMARY KEY (purpose, key_id)
);
