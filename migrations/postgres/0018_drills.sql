-- A drill that was begun: the key was right, and a code is on its way to whoever holds it. The code stands nowhere: it is derived
-- from the id.
create table drills (
    id uuid primary key,
    paper_key_id uuid not null references paper_keys (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    wrong bigint not null default 0,
    used_at timestamptz
);
create index drills_key on drills (paper_key_id);
create index drills_expires on drills (expires_at);

create function drills_guard() returns trigger language plpgsql as $$
begin
    if old.used_at is not null or new.wrong < old.wrong or new.expires_at <> old.expires_at
        or new.paper_key_id <> old.paper_key_id then
        raise exception 'a drill ends once, with the key with which it was begun';
    end if;
    return new;
end $$;
create trigger drills_guard before update on drills
for each row execute function drills_guard();

-- Wrong tries with the number of a real key: how many the owners have not been told of, and when they will be.
create table key_tries (
    account_id uuid primary key references accounts (id),
    untold bigint not null check (untold >= 0),
    told_at timestamptz not null,
    due_at timestamptz,
    constraint key_tries_due check ((due_at is null) = (untold = 0))
);
create index key_tries_due_at on key_tries (due_at, account_id) where due_at is not null;
