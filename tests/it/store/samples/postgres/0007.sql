-- One row at least of everything that there is after step 0007.

insert into credentials (id, user_id, kind, name, secret, enrolled_at, mail_since, ends_at, last_used_at)
    values ('00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000011', 'password', null,
        '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', to_timestamp(1764000000), null, to_timestamp(1765209600), to_timestamp(1764003600));
insert into credentials (id, user_id, kind, name, secret, enrolled_at, mail_since, ends_at, last_used_at)
    values ('00000000-0000-7000-8000-000000000072', '00000000-0000-7000-8000-000000000011', 'password', null,
        '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', to_timestamp(1764000000), to_timestamp(1764000000), null, null);
insert into sessions (id, user_id, token_hash, created_at, expires_at, proven_at, proven_by)
    values ('00000000-0000-7000-8000-000000000073', '00000000-0000-7000-8000-000000000011', sha256('a token'), to_timestamp(1764000000), to_timestamp(1764043200), to_timestamp(1764000000), '00000000-0000-7000-8000-000000000071');
insert into password_guesses (subject, since_at, count) values (sha256('an address'), to_timestamp(1764000000), 3);
