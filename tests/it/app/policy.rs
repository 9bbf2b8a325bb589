//! Edits of the policy: what is in force at once, what waits and for what, and who is told.

use quorate::{
    app::{
        act::Asked,
        answer_transfer::Answer,
        cancel_policy::CancelPolicy,
        error::Error,
        policy_effect::{Looked, look},
        principal::Principal,
        propose_policy::{ProposePolicy, preview},
        view::policy::{PolicyView, policy},
    },
    id::UserId,
    jobs::policies::sweep,
    ownership::policy_change::{Because, Proposed},
    recovery::policy::Policy,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, OPERATOR, Team, World, days, hours, refused, signed_in},
};

on_both!(
    what_tightens_is_in_force_at_once,
    what_loosens_waits_as_long_as_owners_could_object,
    two_replicas_put_it_in_force_once,
    one_change_waits_at_most,
    nothing_takes_effect_while_a_case_is_open,
    only_owners_with_proof_edit_and_cancel,
    bounds_are_kept,
    a_recovery_cancels_what_the_replaced_owner_wanted,
    what_former_owners_wanted_is_cancelled,
    what_no_longer_fits_waits_on,
);

pub type Edit = fn(&mut Policy);

const LONGER: Edit = |it| it.waiting_period = hours(96);
const SHORTER: Edit = |it| it.waiting_period = hours(48);

async fn now(world: &World, team: &Team) -> PolicyView {
    policy(&world.app, &OPERATOR, team.id).await.unwrap()
}

async fn asked(world: &World, team: &Team, by: Principal, edit: Edit) -> ProposePolicy {
    let mut policy = now(world, team).await.effective;
    edit(&mut policy);
    ProposePolicy { app: world.app.clone(), account: team.id, policy, version: None, principal: by }
}

async fn propose(world: &World, team: &Team, by: Principal, edit: Edit) -> Result<Proposed, Error> {
    world.app.db.run(asked(world, team, by, edit).await).await
}

pub async fn own(world: &World, team: &Team, edit: Edit) -> Proposed {
    propose(world, team, world.proven(team.owner), edit).await.unwrap()
}

async fn cancel(world: &World, team: &Team, by: Principal) -> Result<(), Error> {
    let unit = CancelPolicy { app: world.app.clone(), account: team.id, version: None, principal: by };
    world.app.db.run(unit).await
}

async fn swept(world: &World) -> usize {
    let swept = sweep(&world.app, &CancellationToken::new()).await.unwrap();
    assert_eq!(swept.failed, 0);
    swept.looked_at
}

/// A second owner.
async fn second(world: &World, team: &Team) -> UserId {
    let user = team.admins[0];
    world.change_owners(team, world.proven(team.owner), user, quorate::app::owners::Asked::Grant).await.unwrap();
    user
}

async fn alerts(world: &World, team: &Team, to: UserId) -> usize {
    world.letters(team.id, to, "policy_changed").await.len()
}

async fn what_tightens_is_in_force_at_once(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let other = second(&world, &team).await;
    let before = now(&world, &team).await;
    assert_eq!(own(&world, &team, LONGER).await, Proposed::AtOnce);
    let after = now(&world, &team).await;
    assert_eq!((after.effective.waiting_period, after.pending.is_none()), (hours(96), true));
    assert_eq!(after.version, before.version + 1);
    for owner in [team.owner, other] {
        assert_eq!(alerts(&world, &team, owner).await, 1, "every owner is told");
    }
    assert_eq!(alerts(&world, &team, team.admins[1]).await, 0);
    assert_eq!(own(&world, &team, LONGER).await, Proposed::Unchanged);
    assert_eq!((now(&world, &team).await.version, alerts(&world, &team, other).await), (after.version, 1));
    world.check(team.id).await;
}

async fn what_loosens_waits_as_long_as_owners_could_object(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let start = world.app.now();
    let Proposed::Later { pending, because } = own(&world, &team, SHORTER).await else { panic!("it did not wait") };
    assert_eq!((pending.effective_at, because), (start.after(hours(72)), vec![Because::Loosens]));
    let waiting = now(&world, &team).await;
    let shown = waiting.pending.unwrap();
    assert_eq!((shown.effective_at, shown.proposed_by), (pending.effective_at, team.owner));
    assert_eq!((shown.changes[0].field, shown.changes[0].way), ("waiting_period", "loosening"));
    assert_eq!((shown.changes[0].from.clone(), shown.changes[0].to.clone()), (json!("PT72H"), json!("PT48H")));
    world.advance(hours(72) - MICROSECOND);
    assert_eq!(swept(&world).await, 0);
    assert_eq!(now(&world, &team).await.effective.waiting_period, hours(72));
    world.advance(MICROSECOND);
    assert_eq!((swept(&world).await, swept(&world).await), (1, 0));
    let after = now(&world, &team).await;
    assert_eq!((after.effective.waiting_period, after.pending.is_none()), (hours(48), true));
    assert_eq!(alerts(&world, &team, team.owner).await, 2, "once when it was proposed, once when it took effect");
    assert_eq!(look(&world.app, team.id).await.unwrap(), Looked::Gone);
    world.check(team.id).await;
}

async fn two_replicas_put_it_in_force_once(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let replica = world.replica().await;
    for round in 0..25 {
        let hours_now = 100 - round;
        let mut shorter = asked(&world, &team, world.proven(team.owner), SHORTER).await;
        shorter.policy.waiting_period = hours(hours_now);
        shorter.policy.voting_window = days(14) + hours(round + 1);
        assert!(matches!(world.app.db.run(shorter).await.unwrap(), Proposed::Later { .. }));
        world.advance(hours(100));
        let (one, other) = tokio::join!(look(&world.app, team.id), look(&replica, team.id));
        let both = [one.unwrap(), other.unwrap()];
        assert!(both.contains(&Looked::TookEffect) && both.contains(&Looked::Gone), "{both:?}");
    }
    let changed = world.activity(team.id).await.into_iter().filter(|line| line.kind == "policy.changed").count();
    assert_eq!(changed, 25);
    world.check(team.id).await;
}

async fn one_change_waits_at_most(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    own(&world, &team, SHORTER).await;
    let first = now(&world, &team).await;
    world.advance(hours(24));
    assert_eq!(own(&world, &team, SHORTER).await, Proposed::Unchanged, "asked for again, it goes on waiting");
    assert_eq!(now(&world, &team).await.version, first.version);
    let Proposed::Later { pending, .. } = own(&world, &team, |it| it.waiting_period = hours(24)).await else {
        panic!()
    };
    assert_eq!(pending.effective_at, world.app.now().after(hours(72)), "another one waits anew");
    assert_eq!(now(&world, &team).await.pending.unwrap().policy.waiting_period, hours(24));
    // Tightening at once takes the place of what waited: what was proposed on another ground does not come later unseen.
    assert_eq!(own(&world, &team, LONGER).await, Proposed::AtOnce);
    assert!(now(&world, &team).await.pending.is_none());
    world.advance(days(30));
    assert_eq!((swept(&world).await, now(&world, &team).await.effective.waiting_period), (0, hours(96)));
    // Cancelled, it does not come either.
    own(&world, &team, SHORTER).await;
    cancel(&world, &team, world.proven(team.owner)).await.unwrap();
    refused(cancel(&world, &team, world.proven(team.owner)).await, "no_policy_change_pending");
    world.advance(days(30));
    assert_eq!((swept(&world).await, now(&world, &team).await.effective.waiting_period), (0, hours(96)));
    world.check(team.id).await;
}

async fn nothing_takes_effect_while_a_case_is_open(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 4).await;
    own(&world, &team, SHORTER).await;
    world.advance(hours(71));
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    world.advance(hours(1));
    let Looked::Waits { until } = look(&world.app, team.id).await.unwrap() else { panic!("a case is open") };
    assert!(until > world.app.now());
    assert_eq!(now(&world, &team).await.effective.waiting_period, hours(72));
    // Tightening waits as well.
    let Proposed::Later { because, .. } = own(&world, &team, LONGER).await else { panic!("a case is open") };
    assert_eq!(because, [Because::CaseOpen(case.id())]);
    assert_eq!(swept(&world).await, 1);
    assert_eq!(now(&world, &team).await.effective.waiting_period, hours(72));
    world.act(case.id(), signed_in(team.admins[0]), Asked::Withdraw).await.unwrap();
    world.advance(hours(1));
    assert_eq!((swept(&world).await, now(&world, &team).await.effective.waiting_period), (1, hours(96)));
    world.check(team.id).await;
}

async fn only_owners_with_proof_edit_and_cancel(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let stranger = world.stranger().await;
    own(&world, &team, SHORTER).await;
    let token = world.platform(Some(team.owner)).await;
    for (by, code) in [
        (signed_in(team.owner), "needs_fresh_proof"),
        (world.proven(team.admins[0]), "owners_only"),
        (world.proven(stranger), "not_found"),
        (OPERATOR, "people_only"),
        (token, "people_only"),
    ] {
        refused(propose(&world, &team, by.clone(), LONGER).await, code);
        refused(cancel(&world, &team, by).await, code);
    }
    // What it would become is told to owners without proof, because nothing comes of it.
    let seen = preview(&asked(&world, &team, signed_in(team.owner), LONGER).await).await.unwrap();
    assert_eq!(seen.1, Proposed::AtOnce);
    refused(preview(&asked(&world, &team, world.proven(team.admins[0]), LONGER).await).await, "owners_only");
    refused(preview(&asked(&world, &team, world.proven(stranger), LONGER).await).await, "not_found");
    let mut stale = asked(&world, &team, world.proven(team.owner), LONGER).await;
    stale.version = Some(1);
    refused(world.app.db.run(stale).await, "changed");
    assert_eq!(now(&world, &team).await.pending.unwrap().policy.waiting_period, hours(48));
    world.check(team.id).await;
}

async fn bounds_are_kept(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    second(&world, &team).await;
    // It would count as tightening, and close the vote at once.
    let edits: [Edit; 5] = [
        |it| it.voting_window = hours(1) - MICROSECOND,
        |it| it.transfer_window = MICROSECOND,
        |it| it.waiting_period = days(31),
        |it| it.min_approvals = 4,
        |it| it.min_notice = hours(73),
    ];
    for edit in edits {
        refused(propose(&world, &team, world.proven(team.owner), edit).await, "invalid");
    }
    assert_eq!(own(&world, &team, |it| it.voting_window = hours(1)).await, Proposed::AtOnce);
    let one: Edit = |it| {
        it.owners = quorate::recovery::policy::OwnersAllowed::One;
        it.key_kinds = [quorate::recovery::terms::Kind::Replace].into();
    };
    refused(propose(&world, &team, world.proven(team.owner), one).await, "too_many_owners");
}

async fn a_recovery_cancels_what_the_replaced_owner_wanted(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 4).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    own(&world, &team, SHORTER).await;
    world.approve(&case, &[team.admins[0], team.admins[2], team.admins[3]]).await;
    world.sweep().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.case(case.id()).await.state.word(), "completed");
    let after = now(&world, &team).await;
    assert_eq!((after.effective.waiting_period, after.pending.is_none()), (hours(72), true));
    assert_eq!(alerts(&world, &team, team.admins[1]).await, 1, "the new owner learns of it");
    world.check(team.id).await;
}

async fn what_former_owners_wanted_is_cancelled(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let other = second(&world, &team).await;
    let revoke = quorate::app::owners::Asked::Revoke;
    // Somebody else loses ownership: what waits, waits on.
    own(&world, &team, SHORTER).await;
    world.change_owners(&team, world.proven(team.owner), other, revoke).await.unwrap();
    assert!(now(&world, &team).await.pending.is_some());
    // Whoever wanted it does.
    second(&world, &team).await;
    propose(&world, &team, world.proven(other), |it| it.waiting_period = hours(24)).await.unwrap();
    let before = alerts(&world, &team, team.owner).await;
    world.change_owners(&team, world.proven(team.owner), other, revoke).await.unwrap();
    assert!(now(&world, &team).await.pending.is_none());
    assert_eq!(alerts(&world, &team, team.owner).await, before + 1, "the owners who stay learn of it");
    // They hand ownership over.
    own(&world, &team, SHORTER).await;
    let offer = world.offer(&team, world.proven(team.owner), team.admins[2]).await.unwrap();
    assert!(now(&world, &team).await.pending.is_some());
    world.answer(&offer, world.proven(team.admins[2]), Answer::Accept).await.unwrap();
    assert!(now(&world, &team).await.pending.is_none());
    world.advance(days(10));
    assert_eq!((swept(&world).await, now(&world, &team).await.effective.waiting_period), (0, hours(72)));
    world.check(team.id).await;
}

async fn what_no_longer_fits_waits_on(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let one: Edit = |it| {
        it.owners = quorate::recovery::policy::OwnersAllowed::One;
        it.key_kinds = [quorate::recovery::terms::Kind::Replace].into();
        it.waiting_period = hours(48);
    };
    own(&world, &team, one).await;
    let other = second(&world, &team).await;
    world.advance(hours(72));
    assert!(matches!(look(&world.app, team.id).await.unwrap(), Looked::Waits { .. }));
    assert_eq!(now(&world, &team).await.effective.waiting_period, hours(72));
    let revoke = quorate::app::owners::Asked::Revoke;
    world.change_owners(&team, world.proven(team.owner), other, revoke).await.unwrap();
    world.advance(hours(1));
    assert_eq!((swept(&world).await, now(&world, &team).await.effective.waiting_period), (1, hours(48)));
    world.check(team.id).await;
}
