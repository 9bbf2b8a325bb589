//! Who redeems a paper key, for what, and beside whom: each guard by itself, with what stands on either side of it.

use jiff::SignedDuration;
use quorate::{
    app::{
        account_status::ChangeStatus,
        act::Asked,
        change_member,
        key_tries::TellOfKeyTries,
        owners,
        redeem::Answer,
        redeem_key::Wanted,
        view::{paper_keys::paper_keys, recovery::recovery},
    },
    id::UserId,
    jobs::{
        key_tries::sweep,
        prune::{ALL, prune},
    },
    ownership::{
        account::{Act, GRACE},
        member::Status,
    },
    recovery::{
        ballot::Choice,
        case::{Case, Rejection, State},
        roster::Joined,
        terms::Kind,
    },
    store::{key_tries, roster},
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{
    address::moves,
    drills::{begin, end, forged},
    paper_keys::{issue, revoke, told},
    policy::own,
    recovery_users::{confirmed, remove},
    redemption::{RITA, answers, completed, held, holder, joins, key_code, nora, present, redeem, use_key},
};
use crate::harness::{
    TestDb, on_both,
    world::{Team, World, days, hours, refused, signed_in},
};

on_both!(
    a_key_joins_no_case_of_another_account,
    a_closed_account_takes_no_key,
    a_redeemed_key_is_spent,
    an_owner_redeems_nothing,
    a_member_who_redeems_has_no_second_voice,
    everybody_stands_for_one_case_at_a_time,
    what_waits_holds_them_too,
    a_key_that_works_no_more_counts_for_nobody,
    a_member_named_owns_in_full,
    whose_access_was_taken_is_not_named,
    a_new_address_of_an_elector_votes_signed_in,
    a_key_shows_what_it_could_join,
    a_code_that_is_over_makes_room,
    each_key_is_told_of_and_limited_by_itself,
    what_is_over_is_deleted_and_nothing_else,
    two_drills_end_together,
    a_removed_holder_takes_nobody_elses_key_along,
    a_recovery_ends_the_keys_of_its_account_alone,
    wrong_tries_put_no_mail_off,
);

const PAUL: &str = "paul@example.org";

fn join(case: &Case) -> Wanted {
    Wanted::Join { case: case.id(), terms_hash: case.terms_hash }
}

/// What is asked for somebody else.
pub async fn naming(world: &World, user: UserId) -> Wanted {
    let Wanted::Open { mut nominee, statement, .. } = nora(Kind::Add) else { panic!("it opens") };
    nominee.email = world.person(user).await.email;
    Wanted::Open { kind: Kind::Add, nominee, statement }
}

async fn status(world: &World, team: &Team, act: Act) {
    let (app, account, principal) = (world.app.clone(), team.id, world.proven(team.owner));
    world.app.db.run(ChangeStatus { app, account, act, principal }).await.unwrap();
}

async fn email(world: &World, user: UserId) -> String {
    world.person(user).await.email.as_str().to_owned()
}

async fn a_key_joins_no_case_of_another_account(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let (_, rita) = holder(&world, &team, RITA).await;
    holder(&world, &team, PAUL).await;
    own(&world, &team, |policy| policy.keys_required = 2).await;
    let other = world.account("recommended", 0).await;
    let (_, mia) = holder(&world, &other, "mia@example.net").await;
    let case = world.case(use_key(&world, &rita, RITA, nora(Kind::Add)).await.unwrap()).await;
    let mailed = present(&world, &mia).await.unwrap();
    let code = key_code(&world, "mia@example.net").await;
    assert!(recovery(&world.app, mailed.recovery, &code).await.unwrap().cases.is_empty());
    refused(redeem(&world, mailed.recovery, &code, join(&case)).await, "not_found");
    assert_eq!(world.case(case.id()).await.count().keys, 1);
    redeem(&world, mailed.recovery, &code, nora(Kind::Add)).await.unwrap();
}

async fn a_closed_account_takes_no_key(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    // Whoever took it over and stops its use, or closes it, stops nobody who recovers it.
    status(&world, &team, Act::Suspend).await;
    present(&world, &key).await.unwrap();
    status(&world, &team, Act::Close).await;
    world.advance(GRACE - SignedDuration::from_mins(1));
    let drill = begin(&world, &key).await.unwrap();
    let digits = super::drills::code(&world).await;
    let mailed = present(&world, &key).await.unwrap();
    let code = key_code(&world, RITA).await;
    let news = told(&world, &team).await.len();
    world.advance(SignedDuration::from_mins(1));
    refused(redeem(&world, mailed.recovery, &code, nora(Kind::Add)).await, "account_closed");
    refused(end(&world, drill.drill, &digits).await, "wrong_code");
    refused(present(&world, &key).await, "paper_key_refused");
    refused(begin(&world, &key).await, "paper_key_refused");
    assert_eq!(told(&world, &team).await.len(), news, "that is no wrong try");
}

async fn a_redeemed_key_is_spent(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let (rita, first) = holder(&world, &team, RITA).await;
    let (paul, second) = holder(&world, &team, PAUL).await;
    own(&world, &team, |policy| policy.keys_required = 2).await;
    let case = world.case(use_key(&world, &first, RITA, nora(Kind::Add)).await.unwrap()).await;
    assert_eq!(world.letters(team.id, team.owner, "owner_alert").await.len(), 1);
    joins(&world, &case, &second, PAUL).await.unwrap();
    assert_eq!(world.letters(team.id, team.owner, "owner_alert").await.len(), 2, "owners hear of each");
    answers(&world, &case, Answer::Decline).await.unwrap();
    // It stays so when nothing came of the case.
    for (user, key) in [(rita, first), (paul, second)] {
        let keys = paper_keys(&world.app, &signed_in(team.owner), team.id, user.id).await.unwrap();
        assert_eq!(keys.iter().map(|key| key.state).collect::<Vec<_>>(), ["redeemed"]);
        refused(present(&world, &key).await, "paper_key_refused");
    }
    world.check(team.id).await;
}

async fn an_owner_redeems_nothing(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let ada = team.admins[0];
    let mailbox = email(&world, ada).await;
    let (_, rita) = holder(&world, &team, RITA).await;
    let (_, hers) = holder(&world, &team, &mailbox).await;
    own(&world, &team, |policy| policy.keys_required = 2).await;
    world.change_owners(&team, world.proven(team.owner), ada, owners::Asked::Grant).await.unwrap();
    let case = world.case(use_key(&world, &rita, RITA, nora(Kind::Add)).await.unwrap()).await;
    refused(joins(&world, &case, &hers, &mailbox).await, "redeemer_is_owner");
    refused(use_key(&world, &hers, &mailbox, nora(Kind::Add)).await, "redeemer_is_owner");
}

async fn a_member_who_redeems_has_no_second_voice(test: TestDb) {
    let world = World::new(test);
    let team = world.account_with("recommended", 3, &json!({"keys_need_approvals": 1})).await;
    let (ada, bob) = (team.admins[0], team.admins[1]);
    let (hers, his) = (email(&world, ada).await, email(&world, bob).await);
    let (_, first) = holder(&world, &team, &hers).await;
    let (_, second) = holder(&world, &team, &his).await;
    // A mailbox of theirs elsewhere makes nobody a member here.
    let elsewhere = world.account("recommended", 0).await;
    let stranger = email(&world, elsewhere.owner).await;
    let (stranger_id, third) = holder(&world, &team, &stranger).await;
    own(&world, &team, |policy| policy.keys_required = 3).await;
    let case = world.case(use_key(&world, &first, &hers, nora(Kind::Add)).await.unwrap()).await;
    joins(&world, &case, &second, &his).await.unwrap();
    joins(&world, &case, &third, &stranger).await.unwrap();
    answers(&world, &case, Answer::Confirm).await.unwrap();
    let redeemed = world.case(case.id()).await.redeemed;
    assert_eq!(redeemed[&stranger_id.id].member, None);
    assert_eq!(redeemed.values().filter_map(|one| one.member).count(), 2);
    for apart in [ada, bob] {
        world.vote(&case, apart, Choice::Approve).await.unwrap();
    }
    assert_eq!(world.case(case.id()).await.state.word(), "collecting");
    world.vote(&case, team.admins[2], Choice::Approve).await.unwrap();
    assert_eq!(world.case(case.id()).await.state.word(), "waiting");
    world.check(team.id).await;
}

async fn everybody_stands_for_one_case_at_a_time(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let (rita, first) = holder(&world, &team, RITA).await;
    let (_, second) = holder(&world, &team, PAUL).await;
    own(&world, &team, |policy| policy.keys_required = 2).await;
    let spare = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
    let hers = world.case(use_key(&world, &first, RITA, nora(Kind::Replace)).await.unwrap()).await;
    let otto = world.stranger().await;
    let his = world.case(use_key(&world, &second, PAUL, naming(&world, otto).await).await.unwrap()).await;
    refused(joins(&world, &his, &spare, RITA).await, "redeemed_elsewhere");
    // Once hers has ended, she may say something else.
    answers(&world, &hers, Answer::Decline).await.unwrap();
    joins(&world, &his, &spare, RITA).await.unwrap();
    answers(&world, &his, Answer::Confirm).await.unwrap();
    assert_eq!(world.case(his.id()).await.state.word(), "waiting");
}

/// A case that waits holds them as one does that still collects.
async fn what_waits_holds_them_too(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 0, &json!({})).await;
    let spare = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
    let Wanted::Open { kind, mut nominee, statement } = nora(Kind::Add) else { panic!("it opens") };
    nominee.name = " ".to_owned();
    refused(use_key(&world, &key, RITA, Wanted::Open { kind, nominee, statement }).await, "invalid");
    let case = world.case(use_key(&world, &key, RITA, nora(Kind::Add)).await.unwrap()).await;
    answers(&world, &case, Answer::Confirm).await.unwrap();
    for state in ["waiting", "paused"] {
        assert_eq!(world.case(case.id()).await.state.word(), state);
        refused(use_key(&world, &spare, RITA, nora(Kind::Add)).await, "redeemed_elsewhere");
        if state == "waiting" {
            world.act(case.id(), signed_in(team.owner), Asked::Pause).await.unwrap();
        }
    }
}

async fn a_key_that_works_no_more_counts_for_nobody(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let (rita, first) = holder(&world, &team, RITA).await;
    let paul = confirmed(&world, &team, &[PAUL]).await;
    let his = issue(&world, &team, paul.id, None, None).await.unwrap().key.id;
    own(&world, &team, |policy| policy.keys_required = 2).await;
    // Her own second key stands for nobody else.
    issue(&world, &team, rita.id, None, None).await.unwrap();
    revoke(&world, world.proven(team.owner), his).await.unwrap();
    refused(use_key(&world, &first, RITA, nora(Kind::Add)).await, "too_few_key_holders");
    issue(&world, &team, paul.id, None, None).await.unwrap();
    use_key(&world, &first, RITA, nora(Kind::Add)).await.unwrap();
}

/// Somebody who was invited, and has not come yet, is a member like any other when it completes.
async fn a_member_named_owns_in_full(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    let ada = world.invite(&team, world.proven(team.owner), "administrator").await.unwrap().member.user;
    let wanted = naming(&world, ada).await;
    let case = world.case(use_key(&world, &key, RITA, wanted).await.unwrap()).await;
    answers(&world, &case, Answer::Confirm).await.unwrap();
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.case(case.id()).await.state.word(), "completed");
    let member = world.member(&team, ada).await.unwrap().member;
    assert_eq!((member.status, member.is_effective_owner()), (Status::Active, true));
    let roster = roster::load(&mut world.app.db.read().await.unwrap(), team.id).await.unwrap();
    assert_eq!(roster.entries[&ada].joined, Joined::Yes);
    world.check(team.id).await;
}

async fn whose_access_was_taken_is_not_named(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 2, &json!({})).await;
    let spare = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
    let (ada, bob) = (team.admins[0], team.admins[1]);
    let set = async |user, status| {
        world.change(&team, world.proven(team.owner), user, change_member::Asked::Status(status)).await.unwrap();
    };
    set(ada, Status::Suspended).await;
    refused(use_key(&world, &key, RITA, naming(&world, ada).await).await, "nominee_unfit");
    // Nor is it given back by the case if it was taken meanwhile.
    let case = world.case(use_key(&world, &spare, RITA, naming(&world, bob).await).await.unwrap()).await;
    answers(&world, &case, Answer::Confirm).await.unwrap();
    world.script("update members set status = 'suspended' where not owner").await;
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    let State::Rejected { reason, .. } = world.case(case.id()).await.state else { panic!("it goes on") };
    assert_eq!(reason, Rejection::NomineeUnfit);
}

async fn a_new_address_of_an_elector_votes_signed_in(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 3, &json!({"keys_need_approvals": 1})).await;
    moves(&world, team.admins[0], "ada").await;
    let case = world.case(use_key(&world, &key, RITA, nora(Kind::Add)).await.unwrap()).await;
    assert_eq!(case.terms.signed_in_only.keys().collect::<Vec<_>>(), [&team.admins[0]]);
}

async fn a_key_shows_what_it_could_join(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let (rita, first) = holder(&world, &team, RITA).await;
    let (_, second) = holder(&world, &team, PAUL).await;
    let (_, third) = holder(&world, &team, "mia@example.net").await;
    own(&world, &team, |policy| policy.keys_required = 2).await;
    let spare = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
    world.open(&team, team.admins[0], team.admins[0]).await.unwrap();
    let case = world.case(use_key(&world, &first, RITA, nora(Kind::Add)).await.unwrap()).await;
    let door = async |key, mailbox| {
        let mailed = present(&world, key).await.unwrap();
        recovery(&world.app, mailed.recovery, &key_code(&world, mailbox).await).await.unwrap()
    };
    let his = door(&second, PAUL).await;
    assert_eq!(his.cases.iter().map(|case| case.id).collect::<Vec<_>>(), [case.id()], "not what is voted on");
    assert_eq!(his.owners, ["Person 00"], "and nobody else who is there");
    assert!(door(&spare, RITA).await.cases.is_empty(), "not what they asked for");
    joins(&world, &case, &second, PAUL).await.unwrap();
    assert_eq!(world.case(case.id()).await.state.word(), "collecting");
    assert!(door(&third, "mia@example.net").await.cases.is_empty(), "not what needs no other key");
}

async fn a_code_that_is_over_makes_room(test: TestDb) {
    let world = World::new(test);
    let (_, _, key) = held(&world, 0, &json!({})).await;
    let mut codes = Vec::new();
    for _ in 0..quorate::app::present_key::CODES {
        codes.push(present(&world, &key).await.unwrap().recovery);
    }
    world.advance(SignedDuration::from_mins(quorate::app::present_key::MINUTES.into()));
    let next = present(&world, &key).await.unwrap();
    assert!(!codes.contains(&next.recovery), "a new one, though the others are less than an hour old");
    redeem(&world, next.recovery, &key_code(&world, RITA).await, nora(Kind::Add)).await.unwrap();
}

async fn each_key_is_told_of_and_limited_by_itself(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 0, &json!({})).await;
    let other = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
    let alarms = || async {
        let texts = told(&world, &team).await;
        texts.into_iter().filter(|text| text.contains("to give this account a new owner")).count()
    };
    let mut last = None;
    for _ in 0..quorate::app::present_key::CODES {
        last = Some(present(&world, &key).await.unwrap().recovery);
    }
    assert_eq!(alarms().await, 1);
    let before = key_code(&world, RITA).await;
    let mailed = present(&world, &other).await.unwrap();
    assert_ne!(Some(mailed.recovery), last);
    assert_eq!(alarms().await, 2);
    redeem(&world, mailed.recovery, &key_code(&world, RITA).await, nora(Kind::Add)).await.unwrap();
    // The code of another key is as good as before; only she has said what she wants.
    refused(redeem(&world, last.unwrap(), &before, nora(Kind::Add)).await, "redeemed_elsewhere");
}

async fn what_is_over_is_deleted_and_nothing_else(test: TestDb) {
    let world = World::new(test);
    let (_, _, key) = held(&world, 0, &json!({})).await;
    begin(&world, &key).await.unwrap();
    present(&world, &key).await.unwrap();
    let left = async || {
        prune(&world.app, ALL, &CancellationToken::new()).await.unwrap();
        let dump = world.dump().await;
        (dump["drills"].len(), dump["recoveries"].len())
    };
    assert_eq!(left().await, (1, 1));
    world.advance(days(2));
    assert_eq!(left().await, (0, 0));
}

/// What was mailed for one key ends together, and for no other key.
async fn two_drills_end_together(test: TestDb) {
    let world = World::new(test);
    let (team, rita, key) = held(&world, 0, &json!({})).await;
    let other = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
    let mut begun = Vec::new();
    for key in [&key, &key, &other] {
        world.advance(SignedDuration::from_millis(1));
        begun.push((begin(&world, key).await.unwrap().drill, super::drills::code(&world).await));
    }
    end(&world, begun[0].0, &begun[0].1).await.unwrap();
    refused(end(&world, begun[1].0, &begun[1].1).await, "wrong_code");
    let drilled = async || {
        let keys = paper_keys(&world.app, &signed_in(team.owner), team.id, rita.id).await.unwrap();
        keys.iter().map(|key| key.drilled_at.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(drilled().await, [true, false]);
    end(&world, begun[2].0, &begun[2].1).await.unwrap();
    assert_eq!(drilled().await, [true, true]);
    // As many codes as one key has.
    world.advance(SignedDuration::from_mins(10));
    for _ in 0..quorate::app::drill::CODES {
        begin(&world, &key).await.unwrap();
    }
    refused(begin(&world, &key).await, "too_many_codes");
    begin(&world, &other).await.unwrap();
}

async fn a_removed_holder_takes_nobody_elses_key_along(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let (rita, first) = holder(&world, &team, RITA).await;
    let (paul, second) = holder(&world, &team, PAUL).await;
    let (mia, third) = holder(&world, &team, "mia@example.net").await;
    own(&world, &team, |policy| policy.keys_required = 2).await;
    let spare = issue(&world, &team, rita.id, None, None).await.unwrap().secret;
    let over = world.case(use_key(&world, &first, RITA, nora(Kind::Add)).await.unwrap()).await;
    answers(&world, &over, Answer::Decline).await.unwrap();
    world.advance(SignedDuration::from_millis(1));
    let case = world.case(use_key(&world, &second, PAUL, nora(Kind::Add)).await.unwrap()).await;
    joins(&world, &case, &spare, RITA).await.unwrap();
    answers(&world, &case, Answer::Confirm).await.unwrap();
    remove(&world, &team, world.proven(team.owner), rita.id).await.unwrap();
    let redeemed = world.case(case.id()).await.redeemed;
    assert!(redeemed[&rita.id].lost_at.is_some() && redeemed[&paul.id].lost_at.is_none());
    assert!(world.case(over.id()).await.redeemed[&rita.id].lost_at.is_none(), "what is over stays");
    joins(&world, &case, &third, "mia@example.net").await.unwrap();
    let after = world.case(case.id()).await;
    assert_eq!((after.state.word(), after.redeemed.contains_key(&mia.id)), ("waiting", true));
    world.check(team.id).await;
}

async fn a_recovery_ends_the_keys_of_its_account_alone(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    // Mails of one moment are in no order.
    world.advance(SignedDuration::from_millis(1));
    let (other, _, theirs) = held(&world, 0, &json!({})).await;
    completed(&world, &team, &key, Kind::Replace).await;
    begin(&world, &theirs).await.unwrap();
    assert_eq!(told(&world, &other).await.len(), 1, "only that it was issued");
    // Where there was none to end, there is no news of it.
    let none = world.account("recommended", 3).await;
    let case = world.open(&none, none.admins[0], none.admins[0]).await.unwrap();
    world.approve(&case, &none.admins[1..]).await;
    world.deliver().await;
    world.advance(days(4));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "completed");
    assert!(world.letters(none.id, none.admins[0], "paper_key_changed").await.is_empty());
    assert!(world.activity(none.id).await.iter().all(|line| line.kind != "paper_key.all_ended"));
}

/// Whoever goes on trying keeps owners from hearing of it no longer than an hour.
async fn wrong_tries_put_no_mail_off(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    let alarms = async || {
        let texts = told(&world, &team).await;
        texts.into_iter().filter(|text| text.contains("that is not right")).count()
    };
    for _ in 0..6 {
        refused(begin(&world, &forged(&key)).await, "paper_key_refused");
        world.app.db.run(TellOfKeyTries { app: world.app.clone(), account: team.id }).await.unwrap();
        assert_eq!(alarms().await, 1);
        world.advance(SignedDuration::from_mins(10));
    }
    let mut tx = world.app.db.read().await.unwrap();
    let now = world.app.now();
    assert_eq!(key_tries::due(&mut tx, now, None, 10).await.unwrap(), [team.id]);
    assert_eq!(key_tries::due(&mut tx, now, Some(team.id), 10).await.unwrap(), [], "each is told once in a sweep");
    drop(tx);
    sweep(&world.app, &CancellationToken::new()).await.unwrap();
    assert_eq!(alarms().await, 2);
}
