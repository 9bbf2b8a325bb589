-- One row at least of everything that there is after step 0009.

insert into credentials (id, user_id, kind, name, secret, enrolled_at, mail_since, ends_at, last_used_at)
    values ('00000000-0000-7000-8000-000000000091', '00000000-0000-7000-8000-000000000011', 'passkey', 'Telephone', '{}', to_timestamp(1764000000), null, null, to_timestamp(1764003600));
insert into passkeys (credential_id, handle, signatures, shared)
    values ('00000000-0000-7000-8000-000000000091', '\xcafecafecafecafecafecafecafecafe', 7, true);
insert into ended_ceremonies (id, ended_at) values ('00000000-0000-7000-8000-000000000092', to_timestamp(1764003600));
