-- Numbers that were entered and never used. The person id is derived from the
-- number, so the same number gives the same person again.
DELETE FROM identity
 WHERE number_mac = ANY (ARRAY(
       SELECT i.number_mac
         FROM identity i
        WHERE i.state = :IDENTITY_PROPOSED
          AND i.proposed_at < $1::timestamptz - interval '30 days'
          AND NOT EXISTS (SELECT FROM v_teacher t
                           WHERE t.person_id = i.person_id)
          AND NOT EXISTS (SELECT FROM v_business_account b
                           WHERE b.person_id = i.person_id
                             AND b.status IN (:ACCOUNT_ACTIVE,
                                              :ACCOUNT_DISABLED))
        ORDER BY i.proposed_at
        LIMIT 1000))
  AND state = :IDENTITY_PROPOSED
