-- Looking for what a person did, or what was done to them, of one kind: without the kind in the index, all that there is of the person would
-- be read, if there is nothing of that kind in it. Without a kind they are looked for kind by kind.

drop index activity_user;
drop index activity_actor;
create index activity_user on activity (user_id, account_id, kind, seq) where user_id is not null;
create index activity_actor on activity (actor_id, account_id, kind, seq)
    where actor_id is not null and actor_id is distinct from user_id;
