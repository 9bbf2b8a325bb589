-- Accounts below another one, in every status.

insert into accounts (id, name, preset, policy, status, closing_until, parent_id, depth, reference, primary_owner, created_at, version, head_seq, head_hash)
    values (x'00000000000070008000000000000002', 'Closing child', 'recommended', '{}', 'closing', 1764604800000000, x'00000000000070008000000000000001', 1, 'P-17', x'00000000000070008000000000000011', 1764000000000000, 1, 0, x'abababababababababababababababababababababababababababababababab');
insert into accounts (id, name, preset, policy, status, closing_until, parent_id, depth, reference, primary_owner, created_at, version, head_seq, head_hash)
    values (x'00000000000070008000000000000003', 'Suspended grandchild', 'recommended', '{}', 'suspended', null, x'00000000000070008000000000000002', 2, null, null, 1764000000000000, 1, 0, x'abababababababababababababababababababababababababababababababab');
insert into accounts (id, name, preset, policy, status, closing_until, parent_id, depth, reference, primary_owner, created_at, version, head_seq, head_hash)
    values (x'00000000000070008000000000000004', 'Closed child', 'recommended', '{}', 'closed', null, x'00000000000070008000000000000001', 1, null, null, 1764000000000000, 1, 0, x'abababababababababababababababababababababababababababababababab');
