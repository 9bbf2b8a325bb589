-- One row at least of everything that there is after step 0007.

insert into credentials (id, user_id, kind, name, secret, enrolled_at, mail_since, ends_at, last_used_at)
    values (x'00000000000070008000000000000071', x'00000000000070008000000000000011', 'password', null,
        '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 1764000000000000, null, 1765209600000000, 1764003600000000);
insert into credentials (id, user_id, kind, name, secret, enrolled_at, mail_since, ends_at, last_used_at)
    values (x'00000000000070008000000000000072', x'00000000000070008000000000000011', 'password', null,
        '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 1764000000000000, 1764000000000000, null, null);
insert into sessions (id, user_id, token_hash, created_at, expires_at, proven_at, proven_by)
    values (x'00000000000070008000000000000073', x'00000000000070008000000000000011', randomblob(32), 1764000000000000, 1764043200000000, 1764000000000000, x'00000000000070008000000000000071');
insert into password_guesses (subject, since_at, count) values (randomblob(32), 1764000000000000, 3);
