-- One Merkle tree over the entries of all accounts, sealed beside the requests. Each entry waits here until it is in the tree; a
-- trigger puts it here, so that no statement can forget it, and beside which a foreign key would only cost time.
create table log_unsealed (
    account_id uuid not null,
    seq bigint not null,
    primary key (account_id, seq)
);
insert into log_unsealed (account_id, seq) select account_id, seq from activity;
create function activity_unsealed() returns trigger language plpgsql as $$
begin
    insert into log_unsealed (account_id, seq) values (new.account_id, new.seq);
    return null;
end $$;
create trigger activity_unsealed after insert on activity for each row execute function activity_unsealed();

-- Which entry is which leaf of the tree, from 0.
create table log_leaves (
    leaf bigint primary key check (leaf >= 0),
    account_id uuid not null,
    seq bigint not null,
    foreign key (account_id, seq) references activity (account_id, seq)
);
create unique index log_leaves_entry on log_leaves (account_id, seq);

-- The hashes of the tree, up to 256 side by side.
create table log_tiles (
    level bigint not null check (level between 0 and 7),
    tile bigint not null check (tile >= 0),
    hashes bytea not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0),
    primary key (level, tile)
);
-- Hashes cannot be compressed.
alter table log_tiles alter column hashes set storage external;

-- The keys that sign checkpoints, one after the other, with the secret half encrypted under the server's secret.
create table log_keys (
    number bigint primary key check (number >= 1),
    name text not null check (length(name) between 1 and 1024),
    public_key bytea not null check (length(public_key) = 32),
    secret_key bytea not null check (length(secret_key) between 29 and 2048),
    created_at timestamptz not null,
    -- The first checkpoint that it signs; the key before signs that one too.
    first_checkpoint bigint not null check (first_checkpoint >= 1)
);

create table log_checkpoints (
    number bigint primary key check (number >= 1),
    size bigint not null check (size >= 1),
    root bytea not null check (length(root) = 32),
    -- The signed note, letter by letter.
    note text not null check (length(note) between 1 and 16384),
    signed_at timestamptz not null
);
create unique index log_checkpoints_size on log_checkpoints (size);

-- How far the tree has come. Whoever lets it grow has this row locked.
create table log_head (
    one bigint primary key check (one = 1),
    size bigint not null check (size >= 0),
    checkpoints bigint not null check (checkpoints >= 0)
);
insert into log_head (one, size, checkpoints) values (1, 0, 0);

create function log_unsealed_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' or not exists (select 1 from log_leaves l where l.account_id = old.account_id and l.seq = old.seq) then
        raise exception 'an entry waits until it is in the tree';
    end if;
    return old;
end $$;
create trigger log_unsealed_guard before update or delete on log_unsealed for each row execute function log_unsealed_guard();

create function log_guard() returns trigger language plpgsql as $$
begin
    raise exception 'what is in the tree of the log stays what it is';
end $$;
create trigger log_leaves_guard before update or delete on log_leaves for each row execute function log_guard();
create trigger log_leaves_guard_truncate before truncate on log_leaves for each statement execute function log_guard();
create trigger log_keys_guard before update or delete on log_keys for each row execute function log_guard();
create trigger log_keys_guard_truncate before truncate on log_keys for each statement execute function log_guard();
create trigger log_checkpoints_guard before update or delete on log_checkpoints for each row execute function log_guard();
create trigger log_checkpoints_guard_truncate before truncate on log_checkpoints for each statement execute function log_guard();
create trigger log_unsealed_guard_truncate before truncate on log_unsealed for each statement execute function log_guard();
create trigger log_tiles_guard_truncate before truncate on log_tiles for each statement execute function log_guard();

create function log_tiles_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or new.level <> old.level or new.tile <> old.tile
        or length(new.hashes) < length(old.hashes) or substring(new.hashes from 1 for length(old.hashes)) <> old.hashes
    then
        raise exception 'a tile only grows';
    end if;
    return new;
end $$;
create trigger log_tiles_guard before update or delete on log_tiles for each row execute function log_tiles_guard();

create function log_head_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or new.size < old.size or new.checkpoints < old.checkpoints then
        raise exception 'the tree only grows';
    end if;
    return new;
end $$;
create trigger log_head_guard before update or delete on log_head for each row execute function log_head_guard();
