-- One row at least of everything that there is after step 0001.

insert into users (id, email, name, confirmed_at, created_at)
    values ('00000000-0000-7000-8000-000000000011', 'owner@example.org', 'Owner', to_timestamp(1764003600), to_timestamp(1764000000));
insert into users (id, email, name, confirmed_at, created_at)
    values ('00000000-0000-7000-8000-000000000012', 'administrator-1@example.org', 'Administrator 1', to_timestamp(1764003600), to_timestamp(1764000000));
insert into users (id, email, name, confirmed_at, created_at)
    values ('00000000-0000-7000-8000-000000000013', 'administrator-2@example.org', 'Administrator 2', to_timestamp(1764003600), to_timestamp(1764000000));
insert into users (id, email, name, confirmed_at, created_at)
    values ('00000000-0000-7000-8000-000000000014', 'invited@example.org', 'Invited', null, to_timestamp(1764000000));
insert into accounts (id, name, preset, policy, status, created_at, version, head_seq, head_hash)
    values ('00000000-0000-7000-8000-000000000001', 'Example', 'recommended', '{}', 'active', to_timestamp(1764000000), 2, 2, '\xabababababababababababababababababababababababababababababababab');
insert into members (account_id, user_id, role, administrator, status, owner, created_at, version)
    values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000011', 'administrator', true, 'active', true, to_timestamp(1764000000), 1);
insert into members (account_id, user_id, role, administrator, status, owner, created_at, version)
    values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000012', 'administrator', true, 'active', false, to_timestamp(1764000000), 1);
insert into members (account_id, user_id, role, administrator, status, owner, created_at, version)
    values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000013', 'administrator', true, 'suspended', false, to_timestamp(1764000000), 1);
insert into members (account_id, user_id, role, administrator, status, owner, created_at, version)
    values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000014', 'member', false, 'invited', false, to_timestamp(1764000000), 1);
insert into roster (account_id, user_id, joined, standing, from_at, until_at, change_id, contested_by)
    values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000011', true, 'stands', to_timestamp(1764000000), null, null, null);
insert into roster (account_id, user_id, joined, standing, from_at, until_at, change_id, contested_by)
    values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000012', true, 'stands', to_timestamp(1764000000), null, null, null);
insert into roster (account_id, user_id, joined, standing, from_at, until_at, change_id, contested_by)
    values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000013', true, 'contested', to_timestamp(1764000000), null, '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000013');
insert into roster (account_id, user_id, joined, standing, from_at, until_at, change_id, contested_by)
    values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000014', false, 'proposed', null, null, '00000000-0000-7000-8000-000000000032', null);
insert into roster_confirmations (change_id, user_id)
    values ('00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000012');
insert into cases (id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at, state, since_at, until_at, due_at, ended_at, ended_by, rejection, pauses, extended, reminders, wake_at, version)
    values ('00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000013', 'replace', '{}', '\xabababababababababababababababababababababababababababababababab', 2, to_timestamp(1764007200), to_timestamp(1765216800), 'waiting', to_timestamp(1764010800), null, to_timestamp(1764270000), null, null, null, 0, false, 0, to_timestamp(1764270000), 1);
insert into cases (id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at, state, since_at, until_at, due_at, ended_at, ended_by, rejection, pauses, extended, reminders, wake_at, version)
    values ('00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000013', 'replace', '{}', '\xabababababababababababababababababababababababababababababababab', 2, to_timestamp(1764007200), to_timestamp(1765216800), 'vetoed', null, null, null, to_timestamp(1764007200), '00000000-0000-7000-8000-000000000011', null, 0, false, 0, null, 1);
insert into cases (id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at, state, since_at, until_at, due_at, ended_at, ended_by, rejection, pauses, extended, reminders, wake_at, version)
    values ('00000000-0000-7000-8000-000000000023', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000013', 'replace', '{}', '\xabababababababababababababababababababababababababababababababab', 2, to_timestamp(1764007200), to_timestamp(1765216800), 'collecting', null, null, null, null, null, null, 0, false, 0, to_timestamp(1764612000), 1);
insert into electors (case_id, user_id, lost_at)
    values ('00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000012', null);
insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
    values ('00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000001', 'approve', 'signed_in', '\xabababababababababababababababababababababababababababababababab', to_timestamp(1764010800), true);
insert into electors (case_id, user_id, lost_at)
    values ('00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000013', null);
insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
    values ('00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000001', 'approve', 'signed_in', '\xabababababababababababababababababababababababababababababababab', to_timestamp(1764010800), true);
insert into electors (case_id, user_id, lost_at)
    values ('00000000-0000-7000-8000-000000000023', '00000000-0000-7000-8000-000000000012', to_timestamp(1764014400));
insert into activity (account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash)
    values ('00000000-0000-7000-8000-000000000001', 1, to_timestamp(1764003600), 'account.created', '00000000-0000-7000-8000-000000000011', null, '00000000-0000-7000-8000-000000000012', true, '{}', '\xabababababababababababababababababababababababababababababababab');
insert into activity (account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash)
    values ('00000000-0000-7000-8000-000000000001', 2, to_timestamp(1764007200), 'member.invited', '00000000-0000-7000-8000-000000000011', null, '00000000-0000-7000-8000-000000000012', false, '{}', '\xabababababababababababababababababababababababababababababababab');
insert into activity_personal (account_id, seq, name, salt, value)
    values ('00000000-0000-7000-8000-000000000001', 1, 'email', '\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', 'owner@example.org');
insert into sessions (id, user_id, token_hash, created_at, expires_at, proven_at, ended_at)
    values ('00000000-0000-7000-8000-000000000041', '00000000-0000-7000-8000-000000000011', '\xabababababababababababababababababababababababababababababababab', to_timestamp(1764003600), to_timestamp(1764046800), to_timestamp(1764003600), null);
insert into tokens (id, name, kind, scopes, token_hash, created_at, revoked_at)
    values ('00000000-0000-7000-8000-000000000042', 'sample', 'platform', 'read', '\xabababababababababababababababababababababababababababababababab', to_timestamp(1764000000), null);
insert into codes (id, purpose, user_id, session_id, link_id, created_at, expires_at, wrong, used_at)
    values ('00000000-0000-7000-8000-000000000043', 'proof', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000041', null, to_timestamp(1764003600), to_timestamp(1764007200), 1, to_timestamp(1764003600));
insert into guesses (user_id, at, id)
    values ('00000000-0000-7000-8000-000000000011', to_timestamp(1764003600), '00000000-0000-7000-8000-000000000044');
insert into links (id, purpose, user_id, account_id, case_id, change_id, created_at, dead_at)
    values ('00000000-0000-7000-8000-000000000045', 'ballot', '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000021', null, to_timestamp(1764007200), null);
insert into links (id, purpose, user_id, account_id, case_id, change_id, created_at, dead_at)
    values ('00000000-0000-7000-8000-000000000046', 'contest', '00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000001', null, '00000000-0000-7000-8000-000000000031', to_timestamp(1764007200), to_timestamp(1764010800));
insert into mails (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts, created_at, next_at, accepted_at, last_answer)
    values ('00000000-0000-7000-8000-000000000047', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000011', 'owner@example.org', 'Owner', 'owner_alert', 'quorum', '{}', null, 'accepted', 1, to_timestamp(1764010800), null, to_timestamp(1764010800), '250 ok');
insert into mails (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts, created_at, next_at, accepted_at, last_answer)
    values ('00000000-0000-7000-8000-000000000048', null, null, '00000000-0000-7000-8000-000000000012', 'administrator-1@example.org', 'Administrator 1', 'sign_in_code', null, '{}', null, 'queued', 0, to_timestamp(1764010800), to_timestamp(1764010800), null, null);
insert into idempotency (principal, key, fingerprint, answer, created_at)
    values ('operator', 'sample', '\xabababababababababababababababababababababababababababababababab', '{}', to_timestamp(1764000000));
