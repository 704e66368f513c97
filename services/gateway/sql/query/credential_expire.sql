-- Of accounts that are gone; their ids are never used again (B14).
DELETE FROM credential c
 USING v_business_account b
 WHERE b.account_id = c.account_id AND b.status = :ACCOUNT_DELETED
   AND b.deleted_at < $1::timestamptz
