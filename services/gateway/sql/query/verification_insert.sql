INSERT INTO verification (verification_id, email, client, created_at,
                          expires_at)
VALUES ($1::uuid, $2::text, $3::text, $4::timestamptz, $5::timestamptz)
