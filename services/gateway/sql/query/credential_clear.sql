UPDATE credential SET tries = 0 WHERE account_id = $1::uuid AND tries > 0
