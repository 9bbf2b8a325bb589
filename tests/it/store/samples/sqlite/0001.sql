-- One row at least of everything that there is after step 0001.

insert into users (id, email, name, confirmed_at, created_at)
    values (x'00000000000070008000000000000011', 'owner@example.org', 'Owner', 1764003600000000, 1764000000000000);
insert into users (id, email, name, confirmed_at, created_at)
    values (x'00000000000070008000000000000012', 'administrator-1@example.org', 'Administrator 1', 1764003600000000, 1764000000000000);
insert into users (id, email, name, confirmed_at, created_at)
    values (x'00000000000070008000000000000013', 'administrator-2@example.org', 'Administrator 2', 1764003600000000, 1764000000000000);
insert into users (id, email, name, confirmed_at, created_at)
    values (x'00000000000070008000000000000014', 'invited@example.org', 'Invited', null, 1764000000000000);
insert into accounts (id, name, preset, policy, status, created_at, version, head_seq, head_hash)
    values (x'00000000000070008000000000000001', 'Example', 'recommended', '{}', 'active', 1764000000000000, 2, 2, x'abababababababababababababababababababababababababababababababab');
insert into members (account_id, user_id, role, administrator, status, owner, created_at, version)
    values (x'00000000000070008000000000000001', x'00000000000070008000000000000011', 'administrator', 1, 'active', 1, 1764000000000000, 1);
insert into members (account_id, user_id, role, administrator, status, owner, created_at, version)
    values (x'00000000000070008000000000000001', x'00000000000070008000000000000012', 'administrator', 1, 'active', 0, 1764000000000000, 1);
insert into members (account_id, user_id, role, administrator, status, owner, created_at, version)
    values (x'00000000000070008000000000000001', x'00000000000070008000000000000013', 'administrator', 1, 'suspended', 0, 1764000000000000, 1);
insert into members (account_id, user_id, role, administrator, status, owner, created_at, version)
    values (x'00000000000070008000000000000001', x'00000000000070008000000000000014', 'member', 0, 'invited', 0, 1764000000000000, 1);
insert into roster (account_id, user_id, joined, standing, from_at, until_at, change_id, contested_by)
    values (x'00000000000070008000000000000001', x'00000000000070008000000000000011', 1, 'stands', 1764000000000000, null, null, null);
insert into roster (account_id, user_id, joined, standing, from_at, until_at, change_id, contested_by)
    values (x'00000000000070008000000000000001', x'00000000000070008000000000000012', 1, 'stands', 1764000000000000, null, null, null);
insert into roster (account_id, user_id, joined, standing, from_at, until_at, change_id, contested_by)
    values (x'00000000000070008000000000000001', x'00000000000070008000000000000013', 1, 'contested', 1764000000000000, null, x'00000000000070008000000000000031', x'00000000000070008000000000000013');
insert into roster (account_id, user_id, joined, standing, from_at, until_at, change_id, contested_by)
    values (x'00000000000070008000000000000001', x'00000000000070008000000000000014', 0, 'proposed', null, null, x'00000000000070008000000000000032', null);
insert into roster_confirmations (change_id, user_id)
    values (x'00000000000070008000000000000031', x'00000000000070008000000000000012');
insert into cases (id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at, state, since_at, until_at, due_at, ended_at, ended_by, rejection, pauses, extended, reminders, wake_at, version)
    values (x'00000000000070008000000000000021', x'00000000000070008000000000000001', x'00000000000070008000000000000012', x'00000000000070008000000000000013', 'replace', '{}', x'abababababababababababababababababababababababababababababababab', 2, 1764007200000000, 1765216800000000, 'waiting', 1764010800000000, null, 1764270000000000, null, null, null, 0, 0, 0, 1764270000000000, 1);
insert into cases (id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at, state, since_at, until_at, due_at, ended_at, ended_by, rejection, pauses, extended, reminders, wake_at, version)
    values (x'00000000000070008000000000000022', x'00000000000070008000000000000001', x'00000000000070008000000000000013', x'00000000000070008000000000000013', 'replace', '{}', x'abababababababababababababababababababababababababababababababab', 2, 1764007200000000, 1765216800000000, 'vetoed', null, null, null, 1764007200000000, x'00000000000070008000000000000011', null, 0, 0, 0, null, 1);
insert into cases (id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at, state, since_at, until_at, due_at, ended_at, ended_by, rejection, pauses, extended, reminders, wake_at, version)
    values (x'00000000000070008000000000000023', x'00000000000070008000000000000001', x'00000000000070008000000000000013', x'00000000000070008000000000000013', 'replace', '{}', x'abababababababababababababababababababababababababababababababab', 2, 1764007200000000, 1765216800000000, 'collecting', null, null, null, null, null, null, 0, 0, 0, 1764612000000000, 1);
insert into electors (case_id, user_id, lost_at)
    values (x'00000000000070008000000000000021', x'00000000000070008000000000000012', null);
insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
    values (x'00000000000070008000000000000021', x'00000000000070008000000000000012', x'00000000000070008000000000000001', 'approve', 'signed_in', x'abababababababababababababababababababababababababababababababab', 1764010800000000, 1);
insert into electors (case_id, user_id, lost_at)
    values (x'00000000000070008000000000000021', x'00000000000070008000000000000013', null);
insert into ballots (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
    values (x'00000000000070008000000000000021', x'00000000000070008000000000000013', x'00000000000070008000000000000001', 'approve', 'signed_in', x'abababababababababababababababababababababababababababababababab', 1764010800000000, 1);
insert into electors (case_id, user_id, lost_at)
    values (x'00000000000070008000000000000023', x'00000000000070008000000000000012', 1764014400000000);
insert into activity (account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash)
    values (x'00000000000070008000000000000001', 1, 1764003600000000, 'account.created', x'00000000000070008000000000000011', null, x'00000000000070008000000000000012', 1, '{}', x'abababababababababababababababababababababababababababababababab');
insert into activity (account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash)
    values (x'00000000000070008000000000000001', 2, 1764007200000000, 'member.invited', x'00000000000070008000000000000011', null, x'00000000000070008000000000000012', 0, '{}', x'abababababababababababababababababababababababababababababababab');
insert into activity_personal (account_id, seq, name, salt, value)
    values (x'00000000000070008000000000000001', 1, 'email', x'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', 'owner@example.org');
insert into sessions (id, user_id, token_hash, created_at, expires_at, proven_at, ended_at)
    values (x'00000000000070008000000000000041', x'00000000000070008000000000000011', x'abababababababababababababababababababababababababababababababab', 1764003600000000, 1764046800000000, 1764003600000000, null);
insert into tokens (id, name, kind, scopes, token_hash, created_at, revoked_at)
    values (x'00000000000070008000000000000042', 'sample', 'platform', 'read', x'abababababababababababababababababababababababababababababababab', 1764000000000000, null);
insert into codes (id, purpose, user_id, session_id, link_id, created_at, expires_at, wrong, used_at)
    values (x'00000000000070008000000000000043', 'proof', x'00000000000070008000000000000011', x'00000000000070008000000000000041', null, 1764003600000000, 1764007200000000, 1, 1764003600000000);
insert into guesses (user_id, at, id)
    values (x'00000000000070008000000000000011', 1764003600000000, x'00000000000070008000000000000044');
insert into links (id, purpose, user_id, account_id, case_id, change_id, created_at, dead_at)
    values (x'00000000000070008000000000000045', 'ballot', x'00000000000070008000000000000012', x'00000000000070008000000000000001', x'00000000000070008000000000000021', null, 1764007200000000, null);
insert into links (id, purpose, user_id, account_id, case_id, change_id, created_at, dead_at)
    values (x'00000000000070008000000000000046', 'contest', x'00000000000070008000000000000013', x'00000000000070008000000000000001', null, x'00000000000070008000000000000031', 1764007200000000, 1764010800000000);
insert into mails (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts, created_at, next_at, accepted_at, last_answer)
    values (x'00000000000070008000000000000047', x'00000000000070008000000000000001', x'00000000000070008000000000000021', x'00000000000070008000000000000011', 'owner@example.org', 'Owner', 'owner_alert', 'quorum', '{}', null, 'accepted', 1, 1764010800000000, null, 1764010800000000, '250 ok');
insert into mails (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts, created_at, next_at, accepted_at, last_answer)
    values (x'00000000000070008000000000000048', null, null, x'00000000000070008000000000000012', 'administrator-1@example.org', 'Administrator 1', 'sign_in_code', null, '{}', null, 'queued', 0, 1764010800000000, 1764010800000000, null, null);
insert into idempotency (principal, key, fingerprint, answer, created_at)
    values ('operator', 'sample', x'abababababababababababababababababababababababababababababababab', '{}', 1764000000000000);
