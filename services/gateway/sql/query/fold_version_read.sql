SELECT version FROM fold_version
