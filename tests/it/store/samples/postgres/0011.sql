-- One row at least of everything that there is after step 0011.

insert into sign_in_requests (id, email, created_at, expires_at, mailed_at, used_at)
    values ('00000000-0000-7000-8000-000000000111', 'somebody@example.org', to_timestamp(1764000000), to_timestamp(1764000600), to_timestamp(1764000000), null);
