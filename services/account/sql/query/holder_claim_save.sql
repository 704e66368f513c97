INSERT INTO holder_claim (
    person_id, account_id, organization
)
SELECT
    unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[])
ON CONFLICT (person_id) DO UPDATE SET
    account_id = excluded.account_id, organization = excluded.organization
