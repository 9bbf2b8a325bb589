-- One row at least of everything that there is after step 0013.

insert into sign_ons (account_id, issuer, client_id, client_secret, set_by, set_at)
    values (x'00000000000070008000000000000001', 'https://id.example.org', 'quorate', randomblob(40), x'00000000000070008000000000000011', 1764000000000000);
insert into sign_on_subjects (account_id, user_id, subject, pinned_at)
    values (x'00000000000070008000000000000001', x'00000000000070008000000000000011', 'one', 1764000000000000);
insert into sessions (id, user_id, token_hash, created_at, expires_at, until_at, account_id)
    values (x'00000000000070008000000000000111', x'00000000000070008000000000000011', randomblob(32), 1764000000000000, 1764007200000000, 1764043200000000, x'00000000000070008000000000000001');
