-- By hand: only ACTIVE ones are wanted, a page of them.
SELECT a.account_id, a.organization
FROM unnest($1::text[]) AS wanted (organization)
CROSS JOIN LATERAL (
    SELECT * FROM business_account
    WHERE business_account.organization = wanted.organization
        AND business_account.status = :ACCOUNT_ACTIVE
    ORDER BY account_id LIMIT 200
) AS a
ORDER BY a.organization, a.account_id
