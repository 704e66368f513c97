-- The code that a mail is about to carry; an older one is void.
UPDATE verification SET code_mac = $2::bytea
 WHERE verification_id = $1::uuid AND expires_at > $3::timestamptz
RETURNING email
