UPDATE fold_version SET version = $1::text
