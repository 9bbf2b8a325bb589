//! Transfers of ownership: offering, answering by link and signed in, taking back, time, and everything else that ends an
//! offer; and the primary owner, who moves with it.

use std::collections::BTreeSet;

use quorate::{
    app::{
        answer_transfer::Answer::{Accept, Cancel, Decline},
        change_member::Asked,
        link_code::{self, Proof, SendLinkCode},
        owners::Asked as Ownership,
        redeem::{Answer, Done},
        view::{self, transfer::TransferView},
    },
    id::{TransferId, UserId},
    ownership::{
        member::Status,
        owner::Outcome,
        transfer::{Cancelled, State, Transfer},
    },
    recovery::terms::Kind,
};

use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, OPERATOR, Team, World, code, days, hours, refused, signed_in},
};

on_both!(
    ownership_is_offered_and_accepted,
    its_link_shows_it_and_makes_nobody_an_owner,
    its_code_shows_it_and_makes_nobody_an_owner,
    it_is_declined,
    owners_take_it_back,
    who_may_do_what,
    it_expires_by_itself,
    a_late_sweep_gives_nobody_more_time,
    an_offer_ends_with_its_people,
    a_suspended_member_accepts_nothing,
    no_acceptance_while_a_case_is_open,
    a_recovery_comes_before,
    the_primary_owner_passes_it_on,
    the_primary_place_follows_the_owners,
    a_recovery_makes_its_nominee_the_primary_owner,
);

const SUSPEND: Asked = Asked::Status(Status::Suspended);

async fn view_of(world: &World, team: &Team, transfer: TransferId) -> TransferView {
    view::transfer::transfer(&world.app, &signed_in(team.owner), transfer).await.unwrap()
}

/// How many mails of each of these kinds somebody has got.
async fn letters<const N: usize>(world: &World, team: &Team, user: UserId, kinds: [&str; N]) -> [usize; N] {
    let mut counts = [0; N];
    for (count, kind) in counts.iter_mut().zip(kinds) {
        *count = world.letters(team.id, user, kind).await.len();
    }
    counts
}

async fn ownership_is_offered_and_accepted(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 2).await;
    let (owner, new) = (team.owner, world.join(&team, signed_in(team.admins[0]), "user").await);
    let offer = world.offer(&team, world.proven(owner), new).await.unwrap();
    assert_eq!((offer.from, offer.to, offer.state), (owner, new, State::Pending));
    assert_eq!(offer.expires_at, world.app.now().after(hours(72)));
    assert_eq!(world.owners(&team).await, BTreeSet::from([owner]), "nothing has changed yet");
    assert_eq!(letters(&world, &team, new, ["transfer_request", "transfer_alert"]).await, [1, 0]);
    assert_eq!(letters(&world, &team, owner, ["transfer_request", "transfer_alert"]).await, [0, 1]);
    let request = &world.letters(team.id, new, "transfer_request").await[0].text;
    assert!(
        request.contains("person0@example.org") && request.contains("Thursday 5 March 2026, 09:00 UTC"),
        "{request}"
    );

    let accepted = world.answer(&offer, world.proven(new), Accept).await.unwrap();
    assert_eq!(accepted.state, State::Accepted { at: world.app.now() });
    assert_eq!(world.owners(&team).await, BTreeSet::from([new]));
    let old = world.member(&team, owner).await.unwrap().member;
    assert_eq!(
        (old.role.as_str(), old.status, old.owner),
        ("administrator", Status::Active, false),
        "they keep their role"
    );
    assert_eq!(world.member(&team, new).await.unwrap().member.role, "user");
    assert_eq!(letters(&world, &team, new, ["transfer_alert", "new_owner_welcome"]).await, [0, 1]);
    assert_eq!(letters(&world, &team, owner, ["transfer_alert"]).await, [2], "also when they own it no longer");
    assert_eq!(world.steps(&team).await, ["transfer.offered", "transfer.accepted"]);
    // Again: it stays so, and nobody is told twice.
    assert_eq!(world.answer(&offer, world.proven(new), Accept).await.unwrap().state, accepted.state);
    assert_eq!(world.steps(&team).await.len(), 2);
    refused(world.answer(&offer, signed_in(new), Decline).await, "transfer_ended");
    refused(world.answer(&offer, world.proven(new), Cancel).await, "transfer_ended");
    // The new owner can do what the old one cannot any more.
    refused(world.offer(&team, world.proven(owner), team.admins[0]).await, "owners_only");
    world.offer(&team, world.proven(new), owner).await.unwrap();
    world.check(team.id).await;
}

async fn its_link_shows_it_and_makes_nobody_an_owner(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let new = team.admins[0];
    world.change_owners(&team, world.proven(team.owner), team.admins[1], Ownership::Grant).await.unwrap();
    let offer = world.offer(&team, world.proven(team.owner), new).await.unwrap();
    let link = world.link(team.id, new, "transfer_request").await;
    let shown = quorate::app::redeem::meaning(&world.app, link).await.unwrap();
    let of = shown.transfer.unwrap();
    assert_eq!((of.id, of.state, of.from.user), (offer.id, "pending", team.owner));
    refused(world.redeem(link, Answer::Confirm).await, "needs_credential");
    refused(world.answer(&offer, signed_in(new), Accept).await, "needs_fresh_proof");
    refused(world.answer(&offer, world.proven_by_code(new), Accept).await, "needs_credential");
    assert_eq!(
        world.owners(&team).await,
        BTreeSet::from([team.owner, team.admins[1]]),
        "whoever reads their mail has both"
    );
    world.answer(&offer, world.proven(new), Accept).await.unwrap();
    assert_eq!(world.owners(&team).await, BTreeSet::from([new, team.admins[1]]), "the other owner stays");
    refused(world.redeem(link, Answer::Confirm).await, "dead_link");
    assert_eq!(
        letters(&world, &team, team.admins[1], ["transfer_alert"]).await,
        [2],
        "other owners are told of each step"
    );

    // An offer's link answers an offer, and nothing else does.
    world.offer(&team, world.proven(new), team.owner).await.unwrap();
    let link = world.link(team.id, team.owner, "transfer_request").await;
    let vote = Answer::Vote {
        choice: quorate::recovery::ballot::Choice::Approve,
        terms_hash: quorate::recovery::terms::TermsHash::of(""),
    };
    refused(world.redeem(link, vote).await, "wrong_link");
    assert_eq!(world.redeem(link, Answer::Decline).await.unwrap(), Done::Declined);
    refused(world.redeem(link, Answer::Confirm).await, "dead_link");
    let invited = world.invite(&team, signed_in(team.owner), "member").await.unwrap().member.user;
    let invitation = world.link(team.id, invited, "invitation").await;
    refused(world.redeem(invitation, Answer::Decline).await, "wrong_link");
    world.check(team.id).await;
}

async fn its_code_shows_it_and_makes_nobody_an_owner(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 1).await;
    let new = team.admins[0];
    world.offer(&team, world.proven(team.owner), new).await.unwrap();
    let link = world.link(team.id, new, "transfer_request").await;
    world.app.db.run(SendLinkCode { app: world.app.clone(), link }).await.unwrap();
    let typed = world.newest_code(new, "link_code").await;
    let shown = link_code::show(&world.app, link, &Proof::Code(typed.clone())).await.unwrap();
    assert_eq!(shown.transfer.unwrap().to.user, new);
    refused(link_code::act(&world.app, link, Proof::Code(typed.clone()), Answer::Confirm).await, "needs_credential");
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.owner]));
    let (_, done) = link_code::act(&world.app, link, Proof::Code(typed), Answer::Decline).await.unwrap();
    assert_eq!(done, Done::Declined);
    world.check(team.id).await;
}

async fn it_is_declined(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 2).await;
    let offer = world.offer(&team, world.proven(team.owner), team.admins[0]).await.unwrap();
    let link = world.link(team.id, team.admins[0], "transfer_request").await;
    let declined = world.answer(&offer, signed_in(team.admins[0]), Decline).await.unwrap();
    assert_eq!(declined.state.word(), "declined");
    world.answer(&offer, signed_in(team.admins[0]), Decline).await.unwrap();
    refused(world.answer(&offer, world.proven(team.admins[0]), Accept).await, "transfer_ended");
    refused(world.redeem(link, Answer::Confirm).await, "dead_link");
    assert_eq!(letters(&world, &team, team.owner, ["transfer_alert"]).await, [2]);
    assert_eq!(world.steps(&team).await, ["transfer.offered", "transfer.declined"]);
    // The place is free for another offer, to the same member or another.
    world.offer(&team, world.proven(team.owner), team.admins[1]).await.unwrap();
    world.check(team.id).await;
}

async fn owners_take_it_back(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let [other, new, admin] = team.admins[..] else { panic!() };
    world.change_owners(&team, world.proven(team.owner), other, Ownership::Grant).await.unwrap();
    for by in [team.owner, other] {
        let offer = world.offer(&team, world.proven(team.owner), new).await.unwrap();
        let link = world.link(team.id, new, "transfer_request").await;
        refused(world.answer(&offer, world.proven(admin), Cancel).await, "owners_only");
        refused(world.answer(&offer, world.proven(new), Cancel).await, "owners_only");
        refused(world.answer(&offer, signed_in(by), Cancel).await, "needs_fresh_proof");
        let back = world.answer(&offer, world.proven(by), Cancel).await.unwrap();
        assert_eq!(back.state, State::Cancelled { at: world.app.now(), why: Cancelled::TakenBack { by } });
        world.answer(&offer, world.proven(team.owner), Cancel).await.unwrap();
        refused(world.answer(&offer, world.proven(new), Accept).await, "transfer_ended");
        refused(world.redeem(link, Answer::Confirm).await, "dead_link");
        let shown = view_of(&world, &team, offer.id).await;
        assert_eq!(
            (shown.state, shown.why, shown.ended_by.map(|it| it.user)),
            ("cancelled", Some("taken_back"), Some(by))
        );
    }
    assert_eq!(letters(&world, &team, new, ["transfer_request", "transfer_alert"]).await, [2, 2], "the member is told");
    assert_eq!(letters(&world, &team, other, ["transfer_alert"]).await, [4]);
    world.check(team.id).await;
}

async fn who_may_do_what(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let [admin, to] = team.admins[..] else { panic!() };
    let member = world.join(&team, signed_in(admin), "member").await;
    let invited = world.invite(&team, signed_in(admin), "member").await.unwrap().member.user;
    let stranger = world.stranger().await;
    let acting = world.platform(Some(team.owner)).await;
    refused(world.offer(&team, signed_in(team.owner), to).await, "needs_fresh_proof");
    for by in [admin, member] {
        refused(world.offer(&team, world.proven(by), to).await, "owners_only");
    }
    refused(world.offer(&team, world.proven(stranger), to).await, "not_found");
    for by in [OPERATOR, world.platform(None).await, acting.clone()] {
        refused(world.offer(&team, by, to).await, "people_only");
    }
    refused(world.offer(&team, world.proven(team.owner), team.owner).await, "already_owner");
    refused(world.offer(&team, world.proven(team.owner), invited).await, "not_active_member");
    refused(world.offer(&team, world.proven(team.owner), stranger).await, "not_found");

    let offer = world.offer(&team, world.proven(team.owner), to).await.unwrap();
    let why = refused(world.offer(&team, world.proven(team.owner), member).await, "transfer_pending");
    assert!(why.contains(&offer.id.to_string()), "{why}");
    // Acceptance needs the member themselves.
    let acting_for = world.platform(Some(to)).await;
    for answer in [Accept, Decline] {
        for by in [team.owner, admin, member] {
            refused(world.answer(&offer, world.proven(by), answer).await, "transfer_not_yours");
        }
        refused(world.answer(&offer, world.proven(stranger), answer).await, "not_found");
        for by in [OPERATOR, acting_for.clone(), acting.clone()] {
            refused(world.answer(&offer, by, answer).await, "people_only");
        }
    }
    refused(world.answer(&offer, acting, Cancel).await, "people_only");
    // Nobody outside is told that there is an offer.
    let shown = view::transfer::transfer(&world.app, &signed_in(stranger), offer.id).await;
    assert_eq!(code(&shown.unwrap_err()), "not_found");
    let listed = view::transfer::transfers_of(&world.app, &signed_in(member), team.id, None, 10).await.unwrap();
    assert_eq!(listed.len(), 1);
    let home = view::home::home(&world.app, &signed_in(to)).await.unwrap();
    assert_eq!(home.offers.iter().map(|offer| offer.id).collect::<Vec<_>>(), [offer.id]);
    assert!(view::home::home(&world.app, &signed_in(member)).await.unwrap().offers.is_empty());
    world.check(team.id).await;
}

async fn it_expires_by_itself(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 2).await;
    let (owner, to) = (team.owner, team.admins[0]);
    let offer = world.offer(&team, world.proven(owner), to).await.unwrap();
    world.advance(hours(72).checked_sub(MICROSECOND).unwrap());
    world.tick().await;
    assert_eq!(world.transfer(offer.id).await.state, State::Pending);
    world.advance(MICROSECOND);
    world.tick().await;
    assert_eq!(world.transfer(offer.id).await.state, State::Expired { at: offer.expires_at });
    assert_eq!(world.steps(&team).await, ["transfer.offered", "transfer.expired"]);
    assert_eq!(letters(&world, &team, owner, ["transfer_alert"]).await, [2]);
    assert_eq!(letters(&world, &team, to, ["transfer_alert"]).await, [1], "both are told");
    world.tick().await;
    assert_eq!(world.steps(&team).await.len(), 2, "once");
    world.check(team.id).await;
}

/// Whoever comes before the sweep finds what the sweep would write down.
async fn a_late_sweep_gives_nobody_more_time(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 2).await;
    let (owner, to) = (team.owner, team.admins[0]);
    let offer = world.offer(&team, world.proven(owner), to).await.unwrap();
    let link = world.link(team.id, to, "transfer_request").await;
    world.advance(hours(72));
    assert_eq!(view_of(&world, &team, offer.id).await.state, "expired");
    refused(world.answer(&offer, world.proven(to), Accept).await, "transfer_ended");
    refused(world.redeem(link, Answer::Decline).await, "transfer_ended");
    assert!(view::home::home(&world.app, &signed_in(to)).await.unwrap().offers.is_empty());
    // A new offer writes the end of the old one down.
    let next = world.offer(&team, world.proven(owner), team.admins[1]).await.unwrap();
    assert_eq!(world.transfer(offer.id).await.state, State::Expired { at: offer.expires_at });
    assert_eq!(world.transfer(next.id).await.state, State::Pending);
    assert_eq!(world.steps(&team).await, ["transfer.offered", "transfer.expired", "transfer.offered"]);
    world.check(team.id).await;
}

async fn an_offer_ends_with_its_people(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let [other, to, admin] = team.admins[..] else { panic!() };
    let grant =
        async |user| world.change_owners(&team, world.proven(team.owner), user, Ownership::Grant).await.unwrap();
    grant(other).await;
    let offered = async |from| world.offer(&team, world.proven(from), to).await.unwrap();
    let why = async |offer: Transfer| match world.transfer(offer.id).await.state {
        State::Cancelled { why, .. } => why,
        state @ (State::Pending | State::Accepted { .. } | State::Declined { .. } | State::Expired { .. }) => {
            panic!("{state:?}")
        }
    };
    // Whoever offered is no owner any more.
    let offer = offered(other).await;
    world.change_owners(&team, world.proven(team.owner), other, Ownership::Revoke).await.unwrap();
    assert_eq!(why(offer).await, Cancelled::OffererNoOwner);
    refused(world.answer(&offer, world.proven(to), Accept).await, "transfer_ended");
    assert_eq!(letters(&world, &team, other, ["owners_changed", "transfer_alert"]).await, [1, 2], "they are told both");
    // The member owns the account already.
    let offer = offered(team.owner).await;
    grant(to).await;
    assert_eq!(why(offer).await, Cancelled::MemberUnfit);
    world.change_owners(&team, world.proven(team.owner), to, Ownership::Revoke).await.unwrap();
    // They have left, or were removed. Nobody is asked for a proof to leave.
    let offer = offered(team.owner).await;
    world.change(&team, signed_in(to), to, Asked::Leave).await.unwrap();
    assert_eq!(why(offer).await, Cancelled::MemberUnfit);
    let offer = world.offer(&team, world.proven(team.owner), admin).await.unwrap();
    world.change(&team, world.proven(team.owner), other, Asked::Remove).await.unwrap();
    assert_eq!(world.transfer(offer.id).await.state, State::Pending, "somebody else is no matter");
    world.change(&team, world.proven(team.owner), admin, Asked::Remove).await.unwrap();
    assert_eq!(why(offer).await, Cancelled::MemberUnfit);
    assert_eq!(letters(&world, &team, admin, ["transfer_alert"]).await, [1]);
    world.check(team.id).await;
}

async fn a_suspended_member_accepts_nothing(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 2).await;
    let to = team.admins[0];
    let offer = world.offer(&team, world.proven(team.owner), to).await.unwrap();
    world.change(&team, world.proven(team.owner), to, SUSPEND).await.unwrap();
    refused(world.answer(&offer, world.proven(to), Accept).await, "suspended");
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.owner]));
    world.change(&team, world.proven(team.owner), to, Asked::Status(Status::Active)).await.unwrap();
    world.answer(&offer, world.proven(to), Accept).await.expect("the refusal has not used the offer up");
    refused(world.change(&team, world.proven(to), to, SUSPEND).await, "owner_protected");
    world.check(team.id).await;
}

async fn no_acceptance_while_a_case_is_open(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let [opener, nominee, to] = team.admins[..] else { panic!() };
    let offer = world.offer(&team, world.proven(team.owner), to).await.unwrap();
    let case = world.open(&team, opener, nominee).await.unwrap();
    let why = refused(world.answer(&offer, world.proven(to), Accept).await, "case_open");
    assert!(why.contains("an owner can veto it first"), "{why}");
    refused(world.offer(&team, world.proven(team.owner), nominee).await, "case_open");
    world.veto(&case, team.owner).await.unwrap();
    world.answer(&offer, world.proven(to), Accept).await.unwrap();
    assert_eq!(world.owners(&team).await, BTreeSet::from([to]));
    world.check(team.id).await;
}

async fn a_recovery_comes_before(test: TestDb) {
    let world = World::new(test);
    let team = world.account_with("single-owner", 3, &serde_json::json!({"transfer_window": "720h"})).await;
    let [opener, nominee, to] = team.admins[..] else { panic!() };
    let offer = world.offer(&team, world.proven(team.owner), to).await.unwrap();
    let case = world.open(&team, opener, nominee).await.unwrap();
    world.approve(&case, &[opener, nominee]).await;
    world.deliver().await;
    world.advance(days(7));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "completed");
    assert_eq!(world.owners(&team).await, BTreeSet::from([nominee]));
    let State::Cancelled { why, .. } = world.transfer(offer.id).await.state else { panic!("it lives on") };
    assert_eq!(why, Cancelled::Recovered { case: case.id() });
    refused(world.answer(&offer, world.proven(to), Accept).await, "transfer_ended");
    assert_eq!(letters(&world, &team, to, ["transfer_alert"]).await, [1]);
    assert_eq!(world.lines(&case, "transfer.cancelled").await.len(), 1, "the case's own record tells of it");
    world.offer(&team, world.proven(nominee), to).await.unwrap();
    world.check(team.id).await;
}

async fn the_primary_owner_passes_it_on(test: TestDb) {
    let world = World::new(test);
    let team = world.account("multi-owner", 3).await;
    let [second, third, admin] = team.admins[..] else { panic!() };
    let ask = async |by, user, asked| world.change_owners(&team, by, user, asked).await;
    assert_eq!(world.primary(&team).await, Some(team.owner), "the creator is it");
    for user in [second, third] {
        ask(world.proven(team.owner), user, Ownership::Grant).await.unwrap();
    }
    let pass = async |by, user| ask(by, user, Ownership::MakePrimary).await;
    refused(pass(signed_in(team.owner), second).await, "needs_fresh_proof");
    refused(pass(world.proven(second), second).await, "primary_owner_only");
    refused(pass(world.proven(admin), second).await, "owners_only");
    refused(pass(world.platform(Some(team.owner)).await, second).await, "people_only");
    refused(pass(world.proven(team.owner), admin).await, "not_an_effective_owner");
    assert_eq!(pass(world.proven(team.owner), team.owner).await.unwrap(), Outcome::AlreadySo);
    let before = letters(&world, &team, third, ["owners_changed"]).await;
    assert_eq!(pass(world.proven(team.owner), second).await.unwrap(), Outcome::Changed);
    assert_eq!(world.primary(&team).await, Some(second));
    assert_eq!(letters(&world, &team, third, ["owners_changed"]).await[0], before[0] + 1);
    let told = world.letters(team.id, third, "owners_changed").await.pop().unwrap().text;
    assert!(told.contains("Primary owner now: Person 01"), "{told}");
    refused(pass(world.proven(team.owner), third).await, "primary_owner_only");
    let single = world.account("recommended", 1).await;
    let nobody = world.change_owners(&single, world.proven(single.owner), single.owner, Ownership::MakePrimary).await;
    refused(nobody, "primary_owner_only");
    world.check(team.id).await;
}

async fn the_primary_place_follows_the_owners(test: TestDb) {
    let world = World::new(test);
    let team = world.account("multi-owner", 3).await;
    let [second, third, new] = team.admins[..] else { panic!() };
    // Whoever has owned it longest comes next, whatever their ids are.
    for user in [third, second] {
        world.change_owners(&team, world.proven(team.owner), user, Ownership::Grant).await.unwrap();
    }
    world.change_owners(&team, world.proven(second), team.owner, Ownership::Revoke).await.unwrap();
    assert_eq!(world.primary(&team).await, Some(third));
    // Transferred by another owner, it stays; by the primary owner, it goes along.
    let offer = world.offer(&team, world.proven(second), new).await.unwrap();
    world.answer(&offer, world.proven(new), Accept).await.unwrap();
    assert_eq!(world.primary(&team).await, Some(third));
    let offer = world.offer(&team, world.proven(third), team.owner).await.unwrap();
    world.answer(&offer, world.proven(team.owner), Accept).await.unwrap();
    assert_eq!(world.primary(&team).await, Some(team.owner));
    let last = world.activity(team.id).await.pop().unwrap().entry().unwrap();
    assert_eq!(last.data["primary"], team.owner.to_string(), "the log says so");
    world.check(team.id).await;
}

async fn a_recovery_makes_its_nominee_the_primary_owner(test: TestDb) {
    let world = World::new(test);
    for kind in [Kind::Replace, Kind::Add] {
        let team = world.account("multi-owner", 4).await;
        let [opener, nominee, third, fourth] = team.admins[..] else { panic!() };
        let case = world.open_as(&team, kind, signed_in(opener), nominee).await.unwrap();
        world.approve(&case, &[opener, third, fourth]).await;
        world.deliver().await;
        world.advance(days(7));
        world.sweep().await;
        assert_eq!(world.state(&case).await, "completed");
        assert_eq!(world.primary(&team).await, Some(nominee), "{kind:?}");
        world.check(team.id).await;
    }
}
