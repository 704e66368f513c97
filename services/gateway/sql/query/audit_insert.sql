INSERT INTO audit (audit_id, at, actor, organization, client, what, subject,
                   purpose, result, trace_id)
VALUES ($1::uuid, $2::timestamptz, $3::uuid, $4::text, $5::text, $6::text,
        $7::text, $8::text, $9::text, $10::text)
