-- One row at least of everything that there is after step 0009.

insert into credentials (id, user_id, kind, name, secret, enrolled_at, mail_since, ends_at, last_used_at)
    values (x'00000000000070008000000000000091', x'00000000000070008000000000000011', 'passkey', 'Telephone', '{}', 1764000000000000, null, null, 1764003600000000);
insert into passkeys (credential_id, handle, signatures, shared)
    values (x'00000000000070008000000000000091', x'cafecafecafecafecafecafecafecafe', 7, 1);
insert into ended_ceremonies (id, ended_at) values (x'00000000000070008000000000000092', 1764003600000000);
