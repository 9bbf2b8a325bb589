//! The story that the preset `single-owner` is made from, from the opening of a case to the new owner, and the ways in
//! which a case ends otherwise.

use std::collections::BTreeSet;

use quorate::{
    app::{
        act::Asked,
        change_member,
        redeem::{Answer, Done},
    },
    ownership::member::Status,
    recovery::ballot::Choice,
    store::sessions,
};
use serde_json::json;

use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, World, days, hours, refused, signed_in},
};

on_both!(
    three_of_five_replace_the_owner,
    three_of_four_replace_the_owner,
    a_ballot_by_mail_link_is_answered_with_a_receipt,
    the_same_choice_again_changes_nothing,
    a_count_that_fell_short_starts_over,
    a_case_without_a_quorum_expires,
    the_opener_withdraws,
    out_of_reach_is_rejected,
    the_second_case_waits_for_the_place,
    the_other_open_cases_are_superseded,
    reminders_go_to_those_who_have_not_voted,
);

async fn three_of_five_replace_the_owner(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let [opener, nominee, third, ..] = team.admins[..] else { panic!() };
    let session = world.sign_in(team.owner).await;
    let case = world.open(&team, opener, nominee).await.unwrap();
    assert_eq!((case.electors.len(), case.terms.required), (5, 3));

    // Each is asked in a mail of their own, which names the current owner and the new one.
    let (old, new) = (world.person(team.owner).await, world.person(nominee).await);
    for admin in &team.admins {
        let [asked] = &world.letters(team.id, *admin, "ballot_request").await[..] else { panic!("one mail each") };
        for words in [&old.name, &old.email.to_string(), &new.name, &new.email.to_string()] {
            assert!(asked.text.contains(words.as_str()), "{words} in {}", asked.text);
        }
        assert_eq!(asked.entry.to.email, world.person(*admin).await.email.as_str());
    }
    assert_eq!(world.letters(team.id, team.owner, "owner_alert").await.len(), 1, "the attempt is alerted");

    // Two approvals do nothing, however long one waits.
    let after = world.approve(&case, &[opener, nominee]).await;
    assert_eq!((after.state.word(), after.count().approvals), ("collecting", 2));
    world.advance(days(13));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "collecting");
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.owner]));

    // The third makes the quorum, and the owner is alerted with a button.
    let after = world.approve(&case, &[third]).await;
    let due_at = after.state.due_at().unwrap();
    assert_eq!((after.state.word(), due_at), ("waiting", world.app.now().after(hours(72))));
    let alerts = world.letters(team.id, team.owner, "owner_alert").await;
    assert_eq!((alerts.len(), alerts[1].entry.event.as_deref()), (2, Some("quorum")));
    let pause = world.link(team.id, team.owner, "owner_alert").await;
    let ballot_link = world.link(team.id, opener, "ballot_request").await;
    world.sweep().await;

    // Nothing completes before its moment.
    world.advance(hours(72) - MICROSECOND);
    let session_again = world.sign_in(team.owner).await;
    world.sweep().await;
    assert_eq!((world.state(&case).await, world.app.now().after(MICROSECOND)), ("waiting", due_at));
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.owner]));
    world.who(&session_again).await.unwrap();

    world.advance(MICROSECOND);
    world.sweep().await;
    assert_eq!(world.state(&case).await, "completed");
    assert_eq!(world.owners(&team).await, BTreeSet::from([nominee]));
    let replaced = world.member(&team, team.owner).await.unwrap().member;
    assert_eq!((replaced.owner, replaced.status.word()), (false, "suspended"));
    let [entry] = &world.lines(&case, "case.completed").await[..] else { panic!("completed once") };
    assert_eq!(entry.entry().unwrap().data["notice"], json!("in_time"));

    // Everything by which the replaced owner could act has ended, and every link of the case is dead.
    refused(world.who(&session).await, "unauthenticated");
    refused(world.who(&session_again).await, "unauthenticated");
    let mut tx = world.app.db.read().await.unwrap();
    assert_eq!(sessions::of_user(&mut tx, team.owner, world.app.now()).await.unwrap(), []);
    refused(world.redeem(pause, Answer::Confirm).await, "dead_link");
    let vote = Answer::Vote { choice: Choice::Reject, terms_hash: case.terms_hash };
    refused(world.redeem(ballot_link, vote).await, "dead_link");
    refused(world.vote(&case, opener, Choice::Reject).await, "case_ended");
    refused(world.act(case.id(), world.proven(team.owner), Asked::Veto).await, "case_ended");

    // Everybody is told.
    assert_eq!(world.letters(team.id, team.owner, "replaced_owner").await.len(), 1);
    assert_eq!(world.letters(team.id, nominee, "new_owner_welcome").await.len(), 1);
    assert_eq!(world.queued(team.id).await, 0);
    world.check(team.id).await;

    // Given access again, they season like anybody else.
    let resume = change_member::Asked::Status(Status::Active);
    world.change(&team, world.proven(nominee), team.owner, resume).await.unwrap();
    let why = refused(world.open(&team, team.owner, opener).await, "no_standing");
    assert!(why.contains(&world.app.now().after(hours(72)).to_string()), "{why}");
}

async fn three_of_four_replace_the_owner(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 4).await;
    let case = world.open(&team, team.admins[0], team.admins[3]).await.unwrap();
    assert_eq!(world.approve(&case, &team.admins[..2]).await.state.word(), "collecting");
    assert_eq!(world.approve(&case, &team.admins[2..3]).await.state.word(), "waiting");
    world.sweep().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.admins[3]]));
    world.check(team.id).await;
}

async fn a_ballot_by_mail_link_is_answered_with_a_receipt(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let [opener, nominee, voter, ..] = team.admins[..] else { panic!() };
    let case = world.open(&team, opener, nominee).await.unwrap();
    let link = world.link(team.id, voter, "ballot_request").await;
    let answer = |choice| Answer::Vote { choice, terms_hash: case.terms_hash };
    refused(world.redeem(link, Answer::Confirm).await, "wrong_link");
    assert_eq!(world.redeem(link, answer(Choice::Approve)).await.unwrap(), Done::Voted);
    // The link serves its elector until the case ends: they may change their mind.
    assert_eq!(world.redeem(link, answer(Choice::Reject)).await.unwrap(), Done::Voted);
    assert_eq!(world.letters(team.id, voter, "ballot_receipt").await.len(), 2);
    // "This was not me" takes the ballot back and stops the link that cast it.
    let disown = world.link(team.id, voter, "ballot_receipt").await;
    assert_eq!(world.redeem(disown, Answer::Confirm).await.unwrap(), Done::Disowned);
    assert_eq!(world.case(case.id()).await.electors[&voter].ballot, None);
    refused(world.redeem(link, answer(Choice::Approve)).await, "dead_link");
    world.vote(&case, voter, Choice::Approve).await.unwrap();
    world.check(team.id).await;
}

async fn the_same_choice_again_changes_nothing(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let once = world.approve(&case, &team.admins[..1]).await;
    let before = world.activity(team.id).await.len();
    world.advance(hours(1));
    assert_eq!(world.approve(&case, &team.admins[..1]).await, once);
    assert_eq!(world.activity(team.id).await.len(), before);
    let back = world.act(case.id(), signed_in(team.admins[0]), Asked::TakeBack).await.unwrap();
    assert_eq!(world.act(case.id(), signed_in(team.admins[0]), Asked::TakeBack).await.unwrap(), back);
    assert_eq!(world.activity(team.id).await.len(), before + 1);
    world.check(team.id).await;
}

async fn a_count_that_fell_short_starts_over(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    world.approve(&case, &team.admins[..3]).await;
    let pause = world.link(team.id, team.owner, "owner_alert").await;
    world.sweep().await;
    world.advance(hours(71));
    let short = world.act(case.id(), signed_in(team.admins[2]), Asked::TakeBack).await.unwrap();
    assert_eq!(short.state.word(), "collecting");
    refused(world.redeem(pause, Answer::Confirm).await, "dead_link");
    world.advance(hours(2));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "collecting", "nothing is due without a quorum");
    let again = world.approve(&case, &team.admins[3..4]).await;
    assert_eq!(again.state.due_at(), Some(world.app.now().after(hours(72))), "a full new waiting period");
    world.sweep().await;
    world.advance(hours(72) - MICROSECOND);
    world.sweep().await;
    assert_eq!(world.state(&case).await, "waiting");
    world.advance(MICROSECOND);
    world.sweep().await;
    assert_eq!(world.state(&case).await, "completed");

    // After the window has closed, there is no way back to collecting.
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    world.approve(&case, &team.admins[..2]).await;
    world.advance(days(14) - MICROSECOND);
    world.approve(&case, &team.admins[2..3]).await;
    world.advance(MICROSECOND);
    world.sweep().await;
    assert_eq!(world.state(&case).await, "waiting", "the window never ends a waiting case");
    let short = world.vote(&case, team.admins[0], Choice::Reject).await.unwrap();
    assert_eq!(short.state.word(), "rejected");
    assert_eq!(world.lines(&case, "case.rejected").await[0].entry().unwrap().data["reason"], json!("fell_short"));
    world.check(team.id).await;
}

async fn a_case_without_a_quorum_expires(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    world.approve(&case, &team.admins[..2]).await;
    world.advance(days(14) - MICROSECOND);
    world.sweep().await;
    assert_eq!(world.state(&case).await, "collecting");
    world.advance(MICROSECOND);
    // Also a sweep that comes late lets no ballot through.
    let why = refused(world.vote(&case, team.admins[2], Choice::Approve).await, "case_ended");
    assert!(why.contains("expired"), "{why}");
    world.sweep().await;
    assert_eq!(world.state(&case).await, "expired");
    assert_eq!(world.entries(&case, "case.expired").await, 1);
    world.check(team.id).await;
}

async fn the_opener_withdraws(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let [opener, other, ..] = team.admins[..] else { panic!() };
    let case = world.open(&team, opener, other).await.unwrap();
    refused(world.act(case.id(), signed_in(other), Asked::Withdraw).await, "not_the_opener");
    refused(world.act(case.id(), world.proven(team.owner), Asked::Withdraw).await, "not_the_opener");
    let gone = world.act(case.id(), signed_in(opener), Asked::Withdraw).await.unwrap();
    assert_eq!(gone.state.word(), "withdrawn");
    refused(world.act(case.id(), signed_in(opener), Asked::Withdraw).await, "case_ended");

    let case = world.open(&team, other, opener).await.unwrap();
    world.approve(&case, &team.admins[..3]).await;
    refused(world.act(case.id(), signed_in(other), Asked::Withdraw).await, "too_late_to_withdraw");
    world.check(team.id).await;
}

async fn out_of_reach_is_rejected(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    for admin in &team.admins[..2] {
        let after = world.vote(&case, *admin, Choice::Reject).await.unwrap();
        assert_eq!(after.state.word(), "collecting");
    }
    let after = world.vote(&case, team.admins[2], Choice::Reject).await.unwrap();
    assert_eq!(after.state.word(), "rejected");
    assert_eq!(world.lines(&case, "case.rejected").await[0].entry().unwrap().data["reason"], json!("out_of_reach"));
    world.check(team.id).await;
}

/// Two cases can both have a quorum when their electorates differ: `alone` is the only elector of the first.
async fn the_second_case_waits_for_the_place(test: TestDb) {
    let world = World::new(test);
    let (team, first, second) = world.two_cases().await;
    let [alone, b, c] = team.admins[..] else { panic!() };
    assert_eq!(world.approve(&first, &[alone]).await.state.word(), "waiting");
    assert_eq!(world.approve(&second, &[b, c]).await.state.word(), "collecting", "the place is taken");
    assert_eq!(world.case(second.id()).await.count().approvals, second.terms.required);
    assert_eq!(world.entries(&second, "case.quorum_reached").await, 0);
    world.sweep().await;
    assert_eq!(world.state(&second).await, "collecting");

    world.advance(hours(1));
    world.veto(&first, team.owner).await.unwrap();
    world.sweep().await;
    let after = world.case(second.id()).await;
    assert_eq!(after.state.word(), "waiting", "the place is free");
    assert_eq!(after.state.due_at(), Some(world.app.now().after(hours(72))), "the waiting period starts only now");
    assert_eq!(world.entries(&second, "case.quorum_reached").await, 1);
    world.check(team.id).await;
}

async fn the_other_open_cases_are_superseded(test: TestDb) {
    let world = World::new(test);
    let (team, first, second) = world.two_cases().await;
    let [alone, b, c] = team.admins[..] else { panic!() };
    world.approve(&first, &[alone]).await;
    world.approve(&second, &[b, c]).await;
    world.sweep().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!((world.state(&first).await, world.state(&second).await), ("completed", "rejected"));
    let rejected = world.lines(&second, "case.rejected").await;
    assert_eq!(rejected[0].entry().unwrap().data["reason"], json!("superseded"));
    assert_eq!(world.owners(&team).await, BTreeSet::from([first.terms.nominee.id]));
    world.check(team.id).await;
}

async fn reminders_go_to_those_who_have_not_voted(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    world.approve(&case, &team.admins[..1]).await;
    world.vote(&case, team.admins[1], Choice::Reject).await.unwrap();
    let reminded = async || {
        let mut counts = Vec::new();
        for admin in &team.admins {
            counts.push(world.letters(team.id, *admin, "ballot_reminder").await.len());
        }
        counts
    };
    world.advance(days(7) - MICROSECOND);
    world.sweep().await;
    assert_eq!(reminded().await, [0, 0, 0, 0, 0]);
    world.advance(MICROSECOND);
    world.sweep().await;
    world.sweep().await;
    assert_eq!(reminded().await, [0, 0, 1, 1, 1]);
    world.vote(&case, team.admins[2], Choice::Reject).await.unwrap();
    world.advance(days(5));
    world.sweep().await;
    assert_eq!(reminded().await, [0, 0, 1, 2, 2]);
    assert_eq!(world.entries(&case, "case.reminded").await, 2);
    world.check(team.id).await;
}
