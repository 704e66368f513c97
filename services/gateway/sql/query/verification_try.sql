-- Takes one of the five tries before the code is compared.
UPDATE verification SET tries = tries + 1
 WHERE verification_id = $1::uuid AND expires_at > $2::timestamptz
   AND tries < 5
RETURNING code_mac
