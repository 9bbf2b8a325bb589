-- Edits of the policy, how an account looks, and who joins it by e-mail domain.

-- A change of the policy that has not taken effect: one at most for each account.
create table policy_changes (
    account_id uuid primary key references accounts (id),
    policy text not null,
    proposed_by uuid not null references users (id),
    proposed_at timestamptz not null,
    -- From when it can take effect.
    effective_at timestamptz not null,
    -- When to look whether it does; the policy sweep reads it.
    wake_at timestamptz not null,
    constraint policy_changes_time check (effective_at >= proposed_at and wake_at >= effective_at)
);
create index policy_changes_wake on policy_changes (wake_at);

create function policy_changes_guard() returns trigger language plpgsql as $$
begin
    if new.account_id <> old.account_id or new.policy <> old.policy or new.proposed_by <> old.proposed_by
        or new.proposed_at <> old.proposed_at or new.effective_at <> old.effective_at
    then
        raise exception 'a change that waits is replaced, never edited';
    end if;
    return new;
end $$;
create trigger policy_changes_guard before update on policy_changes
    for each row execute function policy_changes_guard();

create function accounts_policy() returns trigger language plpgsql as $$
begin
    if new.policy <> old.policy and exists (
        select 1 from cases c where c.account_id = old.id and c.state in ('collecting', 'waiting', 'paused')
    ) then
        raise exception 'the policy stays while a case is open';
    end if;
    return new;
end $$;
create trigger accounts_policy before update of policy on accounts for each row execute function accounts_policy();

-- What owners have set. An account without a row has set nothing.
create table account_settings (
    account_id uuid primary key references accounts (id),
    brand_name text constraint account_settings_name check (length(brand_name) between 1 and 60),
    brand_colour text constraint account_settings_colour check (brand_colour ~ '^#[0-9a-f]{6}$'),
    -- Whether accounts below it need a reference; null where it is as the preset says.
    child_reference text constraint account_settings_reference check (child_reference in ('mandatory', 'optional'))
);

create table logos (
    account_id uuid primary key references accounts (id),
    png bytea not null constraint logos_png
        check (length(png) between 57 and 49152 and substring(png from 1 for 8) = '\x89504e470d0a1a0a'),
    width bigint not null constraint logos_width check (width between 16 and 1024),
    height bigint not null constraint logos_height check (height between 16 and 1024),
    changed_at timestamptz not null
);

create table join_domains (
    account_id uuid not null references accounts (id),
    domain text not null constraint join_domains_domain
        check (domain = lower(domain) and domain like '%_.%_' and domain not like '%@%' and length(domain) <= 253),
    role text not null,
    added_by uuid not null references users (id),
    added_at timestamptz not null,
    -- When its record was last found.
    proven_at timestamptz,
    -- When to look for the record again; the domain sweep reads it.
    check_at timestamptz,
    primary key (account_id, domain),
    constraint join_domains_proof check ((proven_at is null) = (check_at is null))
);
create index join_domains_proven on join_domains (domain) where proven_at is not null;
create index join_domains_check on join_domains (check_at) where check_at is not null;

-- How the account looked when a mail was queued, so that the mail is the same at every attempt.
alter table mails add column brand_name text;
alter table mails add column brand_colour text;
