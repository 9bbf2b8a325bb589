-- One row at least of everything that there is after step 0013.

insert into sign_ons (account_id, issuer, client_id, client_secret, set_by, set_at)
    values ('00000000-0000-7000-8000-000000000001', 'https://id.example.org', 'quorate', sha256('a sealed secret'), '00000000-0000-7000-8000-000000000011', to_timestamp(1764000000));
insert into sign_on_subjects (account_id, user_id, subject, pinned_at)
    values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000011', 'one', to_timestamp(1764000000));
insert into sessions (id, user_id, token_hash, created_at, expires_at, until_at, account_id)
    values ('00000000-0000-7000-8000-000000000111', '00000000-0000-7000-8000-000000000011', sha256('a third token'), to_timestamp(1764000000), to_timestamp(1764007200), to_timestamp(1764043200), '00000000-0000-7000-8000-000000000001');
