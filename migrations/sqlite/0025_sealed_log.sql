-- One Merkle tree over the entries of all accounts, sealed beside the requests. Each entry waits here until it is in the tree; a
-- trigger puts it here, so that no statement can forget it, and beside which a foreign key would only cost time.
create table log_unsealed (
    account_id blob not null,
    seq integer not null,
    primary key (account_id, seq)
) strict, without rowid;
insert into log_unsealed (account_id, seq) select account_id, seq from activity;
create trigger activity_unsealed after insert on activity
begin
    insert into log_unsealed (account_id, seq) values (new.account_id, new.seq);
end;

-- Which entry is which leaf of the tree, from 0.
create table log_leaves (
    leaf integer primary key not null check (leaf >= 0),
    account_id blob not null,
    seq integer not null,
    foreign key (account_id, seq) references activity (account_id, seq)
) strict;
create unique index log_leaves_entry on log_leaves (account_id, seq);

-- The hashes of the tree, up to 256 side by side.
create table log_tiles (
    level integer not null check (level between 0 and 7),
    tile integer not null check (tile >= 0),
    hashes blob not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0),
    primary key (level, tile)
) strict, without rowid;

-- The keys that sign checkpoints, one after the other, with the secret half encrypted under the server's secret.
create table log_keys (
    number integer primary key not null check (number >= 1),
    name text not null check (length(name) between 1 and 1024),
    public_key blob not null check (length(public_key) = 32),
    secret_key blob not null check (length(secret_key) between 29 and 2048),
    created_at integer not null,
    -- The first checkpoint that it signs; the key before signs that one too.
    first_checkpoint integer not null check (first_checkpoint >= 1)
) strict;

create table log_checkpoints (
    number integer primary key not null check (number >= 1),
    size integer not null check (size >= 1),
    root blob not null check (length(root) = 32),
    -- The signed note, letter by letter.
    note text not null check (length(note) between 1 and 16384),
    signed_at integer not null
) strict;
create unique index log_checkpoints_size on log_checkpoints (size);

-- How far the tree has come. Whoever lets it grow has this row locked.
create table log_head (
    one integer primary key not null check (one = 1),
    size integer not null check (size >= 0),
    checkpoints integer not null check (checkpoints >= 0)
) strict;
insert into log_head (one, size, checkpoints) values (1, 0, 0);

create trigger log_unsealed_stay before delete on log_unsealed
when not exists (select 1 from log_leaves l where l.account_id = old.account_id and l.seq = old.seq)
begin
    select raise(abort, 'an entry waits until it is in the tree');
end;
create trigger log_unsealed_guard before update on log_unsealed
begin
    select raise(abort, 'an entry waits until it is in the tree');
end;
create trigger log_leaves_guard before update on log_leaves
begin
    select raise(abort, 'a leaf stays what it is');
end;
create trigger log_leaves_stay before delete on log_leaves
begin
    select raise(abort, 'a leaf stays what it is');
end;
create trigger log_tiles_guard before update on log_tiles
when new.level <> old.level or new.tile <> old.tile
    or length(new.hashes) < length(old.hashes) or substr(new.hashes, 1, length(old.hashes)) <> old.hashes
begin
    select raise(abort, 'a tile only grows');
end;
create trigger log_tiles_stay before delete on log_tiles
begin
    select raise(abort, 'a tile only grows');
end;
create trigger log_keys_guard before update on log_keys
begin
    select raise(abort, 'a key of the log stays what it is');
end;
create trigger log_keys_stay before delete on log_keys
begin
    select raise(abort, 'a key of the log stays what it is');
end;
create trigger log_checkpoints_guard before update on log_checkpoints
begin
    select raise(abort, 'a checkpoint stays what it is');
end;
create trigger log_checkpoints_stay before delete on log_checkpoints
begin
    select raise(abort, 'a checkpoint stays what it is');
end;
create trigger log_head_guard before update on log_head
when new.size < old.size or new.checkpoints < old.checkpoints
begin
    select raise(abort, 'the tree only grows');
end;
create trigger log_head_stay before delete on log_head
begin
    select raise(abort, 'the tree only grows');
end;
