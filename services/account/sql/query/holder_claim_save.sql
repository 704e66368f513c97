INSERT INTO holder_claim (
    person_id, account_id, organization
)
SELECT
    person_id, account_id, organization
FROM (
    SELECT
        unnest($1::uuid[]) AS person_id, unnest($2::uuid[]) AS account_id,
        unnest($3::text[]) AS organization
) AS changed
ON CONFLICT (person_id) DO UPDATE SET
    account_id = excluded.account_id, organization = excluded.organization
