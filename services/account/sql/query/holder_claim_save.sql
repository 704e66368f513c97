INSERT INTO holder_claim (
    person_id, account_id, organization
)
SELECT
    person_id, account_id, organization
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[]
) AS changed (
    person_id, account_id, organization
)
ON CONFLICT (person_id) DO UPDATE SET
    account_id = excluded.account_id, organization = excluded.organization
