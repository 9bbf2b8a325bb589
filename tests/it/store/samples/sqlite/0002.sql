-- What step 0002 adds, beside the rows of step 0001.

insert into users (id, email, name, confirmed_at, created_at, email_changed_at, version)
    values (x'00000000000070008000000000000015', 'moved@example.org', 'Moved', 1764003600000000, 1764000000000000, 1764007200000000, 3);
insert into electors (case_id, user_id, lost_at, signed_in_only)
    values (x'00000000000070008000000000000023', x'00000000000070008000000000000015', null, true);
insert into sessions (id, user_id, token_hash, created_at, expires_at, proven_at, ended_at)
    values (x'00000000000070008000000000000051', x'00000000000070008000000000000015', x'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', 1764003600000000, 1764046800000000, null, null);
insert into codes (id, purpose, user_id, session_id, link_id, created_at, expires_at, wrong, used_at, email)
    values (x'00000000000070008000000000000052', 'email', x'00000000000070008000000000000015', x'00000000000070008000000000000051', null, 1764003600000000, 1764007200000000, 0, null, 'wanted@example.org');
