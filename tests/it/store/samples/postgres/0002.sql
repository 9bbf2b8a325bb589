-- What step 0002 adds, beside the rows of step 0001.

insert into users (id, email, name, confirmed_at, created_at, email_changed_at, version)
    values ('00000000-0000-7000-8000-000000000015', 'moved@example.org', 'Moved', to_timestamp(1764003600), to_timestamp(1764000000), to_timestamp(1764007200), 3);
insert into electors (case_id, user_id, lost_at, signed_in_only)
    values ('00000000-0000-7000-8000-000000000023', '00000000-0000-7000-8000-000000000015', null, true);
insert into sessions (id, user_id, token_hash, created_at, expires_at, proven_at, ended_at)
    values ('00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000015', '\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', to_timestamp(1764003600), to_timestamp(1764046800), null, null);
insert into codes (id, purpose, user_id, session_id, link_id, created_at, expires_at, wrong, used_at, email)
    values ('00000000-0000-7000-8000-000000000052', 'email', '00000000-0000-7000-8000-000000000015', '00000000-0000-7000-8000-000000000051', null, to_timestamp(1764003600), to_timestamp(1764007200), 0, null, 'wanted@example.org');
