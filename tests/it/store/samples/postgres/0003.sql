-- Accounts below another one, in every status.

insert into accounts (id, name, preset, policy, status, closing_until, parent_id, depth, reference, primary_owner, created_at, version, head_seq, head_hash)
    values ('00000000-0000-7000-8000-000000000002', 'Closing child', 'recommended', '{}', 'closing', to_timestamp(1764604800), '00000000-0000-7000-8000-000000000001', 1, 'P-17', '00000000-0000-7000-8000-000000000011', to_timestamp(1764000000), 1, 0, '\xabababababababababababababababababababababababababababababababab');
insert into accounts (id, name, preset, policy, status, closing_until, parent_id, depth, reference, primary_owner, created_at, version, head_seq, head_hash)
    values ('00000000-0000-7000-8000-000000000003', 'Suspended grandchild', 'recommended', '{}', 'suspended', null, '00000000-0000-7000-8000-000000000002', 2, null, null, to_timestamp(1764000000), 1, 0, '\xabababababababababababababababababababababababababababababababab');
insert into accounts (id, name, preset, policy, status, closing_until, parent_id, depth, reference, primary_owner, created_at, version, head_seq, head_hash)
    values ('00000000-0000-7000-8000-000000000004', 'Closed child', 'recommended', '{}', 'closed', null, '00000000-0000-7000-8000-000000000001', 1, null, null, to_timestamp(1764000000), 1, 0, '\xabababababababababababababababababababababababababababababababab');
