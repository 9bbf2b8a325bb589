-- Accounts in which nothing comes of a count any more, because the log and the tables do not tell the same, and why.
create table halts (
    account_id uuid primary key references accounts (id),
    why text not null check (length(why) between 1 and 2000),
    found_at timestamptz not null
);
