-- One row at least of everything that there is after step 0025.

insert into log_leaves (leaf, account_id, seq) select 0, account_id, seq from log_unsealed order by account_id, seq limit 1;
delete from log_unsealed where exists (select 1 from log_leaves l where l.account_id = log_unsealed.account_id and l.seq = log_unsealed.seq);
insert into log_tiles (level, tile, hashes) values (0, 0, sha256('a leaf'));
insert into log_keys (number, name, public_key, secret_key, created_at, first_checkpoint)
    values (1, 'quorate.example/log', sha256('a key'), sha256('a secret'), '2025-11-24 16:00:00+00', 1);
insert into log_checkpoints (number, size, root, note, signed_at) values (1, 1, sha256('a leaf'), 'a note', '2025-11-24 16:00:00+00');
update log_head set size = 1, checkpoints = 1;
