-- Looking entries of the activity log up: by their kind, by whom they are about, and by who did them. What people do to
-- themselves, such as a ballot, is found by whom it is about, and costs no row of the last index.

create index activity_kind on activity (account_id, kind, seq);
create index activity_user on activity (user_id, account_id, seq) where user_id is not null;
create index activity_actor on activity (actor_id, account_id, seq)
    where actor_id is not null and actor_id is distinct from user_id;

-- Erasing personal values: those that are old are found by the moment of their entry.

alter table activity_personal rename to activity_personal_before;
create table activity_personal (
    account_id blob not null,
    seq integer not null,
    name text not null,
    salt blob not null check (length(salt) = 16),
    value text not null,
    recorded_at integer not null,
    primary key (account_id, seq, name),
    foreign key (account_id, seq) references activity (account_id, seq)
) strict;
insert into activity_personal (account_id, seq, name, salt, value, recorded_at)
    select p.account_id, p.seq, p.name, p.salt, p.value, a.at from activity_personal_before p
    left join activity a on a.account_id = p.account_id and a.seq = p.seq;
drop table activity_personal_before;
create index activity_personal_recorded on activity_personal (recorded_at);

create trigger activity_personal_update before update on activity_personal
begin
    select raise(abort, 'a personal value never changes: it can only be erased');
end;
-- Who erases writes the entry first, in the same transaction.
create trigger activity_personal_delete before delete on activity_personal
when not exists (
    select 1 from accounts h join activity a on a.account_id = h.id and a.seq = h.head_seq
    where h.id = old.account_id and a.kind = 'personal_values.erased'
)
begin
    select raise(abort, 'personal values are erased behind an entry that says so');
end;
