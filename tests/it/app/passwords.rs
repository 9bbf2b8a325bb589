//! Passwords: who may set and remove them, what ends, who is told, and that nobody guesses them or learns who has one.

use jiff::SignedDuration;
use quorate::{
    app::{
        ask_address::AskAddress,
        change_address::ChangeAddress,
        error::Error,
        my_passwords::my_passwords,
        password_sign_in::{self, BeginByPassword},
        principal::Principal,
        prove_password::prove_by_password,
        remove_password::RemovePassword,
        set_password::set_password,
        try_password::{CountTry, Whose},
        view::me::PasswordView,
    },
    id::UserId,
    jobs::prune,
    moment::Moment,
    ownership::{address::Email, credential::CLAIMED_FOR},
    password::typed::Password,
    store::outbox::Entry,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::harness::{
    TestDb, on_both,
    world::{OPERATOR, Team, World, days, hours, refused},
};

on_both!(
    a_password_is_set_and_signs_in,
    only_with_fresh_proof_and_a_good_one,
    the_first_password_of_the_first_day_is_theirs,
    set_by_mail_the_earlier_one_goes_on_working,
    changed_with_the_old_one_that_ends_at_once,
    whoever_lost_their_mailbox_takes_everything_back,
    other_sessions_end_and_the_proof_stays,
    who_is_told,
    an_only_owners_password_is_told_to_administrators,
    a_mailed_code_removes_nothing,
    known_and_unknown_addresses_cost_and_answer_the_same,
    ten_tries_count,
    tries_at_the_same_time_are_all_counted,
    a_session_has_its_own_tries,
    a_session_that_was_ended_meanwhile_sets_nothing,
    a_new_address_takes_the_password_along,
    what_was_right_a_moment_ago_is_looked_at_again,
    what_has_ended_is_forgotten,
);

pub(super) const ONE: &str = "tractor-violet-armchair";
const TWO: &str = "ledger-monsoon-octagon";
const THREE: &str = "pebble-gasket-Thursday";
const FOUR: &str = "walrus-cinema-turnip";
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// An account whose people confirmed their addresses long ago.
pub(super) async fn settled(world: &World) -> Team {
    let team = world.account("recommended", 2).await;
    world.advance(days(30));
    team
}

fn typed(text: &str) -> Password {
    Password::typed(text)
}

/// The token of somebody who has just signed in with a mailed code.
pub(super) async fn session(world: &World, user: UserId) -> String {
    // So that it is clear which mail is the newest.
    world.advance(SignedDuration::from_millis(1));
    world.sign_in(user).await
}

/// Somebody in a session, who has just shown a mailed code.
pub(super) async fn by_mail(world: &World, user: UserId) -> Principal {
    let token = session(world, user).await;
    world.prove(&token).await
}

async fn sign_in(world: &World, user: UserId, text: &str) -> Result<String, Error> {
    let email = world.person(user).await.email;
    let signed_in = password_sign_in::sign_in(&world.app, email, typed(text), None).await?;
    Ok(signed_in.token.reveal().to_owned())
}

/// Somebody who has just signed in with that password.
pub(super) async fn by_password(world: &World, user: UserId, text: &str) -> Principal {
    world.advance(SignedDuration::from_millis(1));
    let token = sign_in(world, user, text).await.unwrap();
    world.who(&token).await.unwrap()
}

pub(super) async fn set(world: &World, by: &Principal, text: &str) -> Result<PasswordView, Error> {
    set_password(&world.app, by.clone(), typed(text)).await
}

async fn remove(world: &World, by: &Principal) -> Result<(), Error> {
    world.app.db.run(RemovePassword { app: world.app.clone(), principal: by.clone() }).await
}

/// Somebody changes their address, with the code that is mailed to the new one.
pub(super) async fn move_to(world: &World, by: &Principal, email: &str) {
    world.advance(SignedDuration::from_millis(1));
    let (app, principal) = (world.app.clone(), by.clone());
    world.app.db.run(AskAddress { app, email: email.parse().unwrap(), principal }).await.unwrap();
    let code = world.newest_code(by.person_everywhere().unwrap(), "email_code").await;
    let change = ChangeAddress { app: world.app.clone(), code, principal: by.clone() };
    world.app.db.run(change).await.unwrap().to().unwrap();
}

async fn works(world: &World, user: UserId, text: &str) -> bool {
    match sign_in(world, user, text).await {
        Ok(_) => true,
        Err(error) => {
            refused::<()>(Err(error), "wrong_password");
            false
        }
    }
}

pub(super) async fn sent(world: &World, kind: &str) -> Vec<(String, Option<String>)> {
    let mut sent: Vec<Entry> = world.everything_mailed().await;
    sent.retain(|entry| entry.kind == kind);
    let mut sent: Vec<_> = sent.into_iter().map(|entry| (entry.to.email, entry.event)).collect();
    sent.sort();
    sent
}

pub(super) async fn address_of(world: &World, user: UserId) -> String {
    world.person(user).await.email.as_str().to_owned()
}

async fn a_password_is_set_and_signs_in(test: TestDb) {
    let world = World::new(test);
    let ada = settled(&world).await.admins[0];
    refused(sign_in(&world, ada, ONE).await, "wrong_password");
    let by = by_mail(&world, ada).await;
    let view = set(&world, &by, ONE).await.unwrap();
    assert_eq!(my_passwords(&world.app, &by).await.unwrap(), [view]);
    assert_eq!((view.set_at, view.last_used_at, view.ends_at), (world.app.now(), None, None));

    world.advance(hours(1));
    let token = sign_in(&world, ada, ONE).await.unwrap();
    let who = world.who(&token).await.unwrap();
    assert_eq!(who.person_everywhere().unwrap(), ada);
    // Signing in with it is proof as well, and of this moment.
    assert_eq!(who.proof().map(|proof| proof.at), Some(world.app.now()));
    assert_eq!(my_passwords(&world.app, &who).await.unwrap()[0].last_used_at, Some(world.app.now()));
    // The letters count, and not how a keyboard makes them; capitals and spaces do count.
    for wrong in ["tractor-violet-armchai", "Tractor-violet-armchair", "tractor-violet-armchair ", ""] {
        refused(sign_in(&world, ada, wrong).await, "wrong_password");
    }
    // Proof in a session that began with a code.
    let token = session(&world, ada).await;
    let who = world.who(&token).await.unwrap();
    assert_eq!(who.proof(), None);
    refused(prove_by_password(&world.app, who.clone(), typed(TWO)).await, "not_your_password");
    assert_eq!(prove_by_password(&world.app, who.clone(), typed(ONE)).await.unwrap(), world.app.now());
    assert_eq!(world.who(&token).await.unwrap().proof().map(|proof| proof.at), Some(world.app.now()));
}

async fn only_with_fresh_proof_and_a_good_one(test: TestDb) {
    let world = World::new(test);
    let team = settled(&world).await;
    let ada = team.admins[0];
    let token = session(&world, ada).await;
    let who = world.who(&token).await.unwrap();
    refused(set(&world, &who, ONE).await, "needs_fresh_proof");
    refused(remove(&world, &who).await, "needs_fresh_proof");
    let by = world.prove(&token).await;
    let why = |error: Error| {
        let Error::Invalid(fields) = error else { panic!("{error}") };
        (fields[0].pointer.clone(), fields[0].detail.clone())
    };
    for (text, words) in [
        ("short", "a password has 10 to 200 characters, and this one has 5"),
        ("password1234", "too easy to guess"),
        // Their own name and address, that of their account, and ours.
        ("Person 01 person1@example.org", "what others know about you"),
        ("quorate.example quorate.example", "easy to guess"),
    ] {
        let (pointer, detail) = why(set(&world, &by, text).await.unwrap_err());
        assert_eq!(pointer, "/password");
        assert!(detail.contains(words) && !detail.contains(text), "{text}: {detail}");
    }
    assert_eq!(world.app.passwords.computed(), 0, "what is refused is not hashed");
    world.advance(MINUTE * 6);
    refused(set(&world, &by, ONE).await, "needs_fresh_proof");
    refused(set(&world, &OPERATOR, ONE).await, "people_only");
    refused(set(&world, &world.proven(ada), ONE).await, "unauthenticated");
    refused(my_passwords(&world.app, &OPERATOR).await, "people_only");
}

async fn the_first_password_of_the_first_day_is_theirs(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let [ada, ben, cleo] = team.admins[..] else { panic!() };
    world.advance(hours(24) - MINUTE);
    let by = by_mail(&world, ada).await;
    assert_eq!(set(&world, &by, ONE).await.unwrap().mail_alone_until, None);
    // Whoever reads the mailbox on that day as well, and comes second, is not the one who came first.
    let by = by_mail(&world, ada).await;
    let second = set(&world, &by, TWO).await.unwrap();
    assert_eq!(second.mail_alone_until, Some(second.set_at.after(CLAIMED_FOR)));
    assert!(works(&world, ada, ONE).await && works(&world, ada, TWO).await);
    // Removed, it is no first one any more.
    let by = by_mail(&world, cleo).await;
    set(&world, &by, ONE).await.unwrap();
    let own = by_password(&world, cleo, ONE).await;
    remove(&world, &own).await.unwrap();
    let by = by_mail(&world, cleo).await;
    assert!(set(&world, &by, ONE).await.unwrap().mail_alone_until.is_some());

    world.advance(MINUTE);
    let by = by_mail(&world, ben).await;
    assert!(set(&world, &by, ONE).await.unwrap().mail_alone_until.is_some(), "a day later");
}

async fn set_by_mail_the_earlier_one_goes_on_working(test: TestDb) {
    let world = World::new(test);
    let ada = world.account("recommended", 1).await.admins[0];
    let by = by_mail(&world, ada).await;
    set(&world, &by, ONE).await.unwrap();
    world.advance(days(30));
    let by = by_mail(&world, ada).await;
    let two = set(&world, &by, TWO).await.unwrap();
    let until = two.set_at.after(CLAIMED_FOR);
    let all = my_passwords(&world.app, &by).await.unwrap();
    assert_eq!(all.iter().map(|one| one.ends_at).collect::<Vec<_>>(), [None, Some(until)]);
    assert!(works(&world, ada, ONE).await && works(&world, ada, TWO).await);

    // Further ones move the end of what was there no later, and push each other out.
    world.advance(days(3));
    let by = by_mail(&world, ada).await;
    set(&world, &by, THREE).await.unwrap();
    world.advance(days(3));
    let by = by_mail(&world, ada).await;
    set(&world, &by, FOUR).await.unwrap();
    for (text, still) in [(ONE, true), (TWO, true), (THREE, false), (FOUR, true)] {
        assert_eq!(works(&world, ada, text).await, still, "{text}");
    }
    // Set with one that mail claims, a password counts for no more than that one.
    let own = by_password(&world, ada, FOUR).await;
    let claim = |view: PasswordView| view.mail_alone_until;
    let four = claim(my_passwords(&world.app, &own).await.unwrap()[0]);
    assert!(four.is_some());
    assert_eq!(claim(set(&world, &own, THREE).await.unwrap()), four, "nothing is laundered");
    assert!(!works(&world, ada, FOUR).await && works(&world, ada, ONE).await);

    world.advance(until.since(world.app.now()) - SignedDuration::from_micros(1));
    assert!(works(&world, ada, ONE).await);
    world.advance(SignedDuration::from_micros(1));
    assert!(!works(&world, ada, ONE).await);
}

async fn changed_with_the_old_one_that_ends_at_once(test: TestDb) {
    let world = World::new(test);
    let ada = world.account("recommended", 1).await.admins[0];
    let by = by_mail(&world, ada).await;
    set(&world, &by, ONE).await.unwrap();
    world.advance(days(30));
    let own = by_password(&world, ada, ONE).await;
    let view = set(&world, &own, TWO).await.unwrap();
    assert_eq!(view.mail_alone_until, None);
    assert_eq!(my_passwords(&world.app, &own).await.unwrap(), [view]);
    assert!(!works(&world, ada, ONE).await && works(&world, ada, TWO).await);
    // The same once mail's claim has lasted so long that it is theirs.
    let by = by_mail(&world, ada).await;
    set(&world, &by, THREE).await.unwrap();
    world.advance(CLAIMED_FOR);
    let own = by_password(&world, ada, THREE).await;
    assert_eq!(set(&world, &own, FOUR).await.unwrap().mail_alone_until, None);
    assert!(!works(&world, ada, THREE).await && works(&world, ada, FOUR).await);
}

/// A stolen mailbox is played: it signs in, sets what it can, and is out as soon as the person shows their own password.
async fn whoever_lost_their_mailbox_takes_everything_back(test: TestDb) {
    let world = World::new(test);
    let ada = world.account("recommended", 1).await.admins[0];
    let by = by_mail(&world, ada).await;
    set(&world, &by, ONE).await.unwrap();
    world.advance(days(30));
    let mailbox = by_mail(&world, ada).await;
    set(&world, &mailbox, TWO).await.unwrap();
    refused(remove(&world, &mailbox).await, "needs_credential");
    let mailbox = by_password(&world, ada, TWO).await;
    let why = refused(remove(&world, &mailbox).await, "needs_credential");
    assert!(why.contains("removes nothing older before"), "{why}");
    assert!(works(&world, ada, ONE).await);

    world.advance(days(13));
    let own = by_password(&world, ada, ONE).await;
    set(&world, &own, THREE).await.unwrap();
    assert!(!works(&world, ada, TWO).await && !works(&world, ada, ONE).await && works(&world, ada, THREE).await);
    refused(set(&world, &mailbox, FOUR).await, "needs_fresh_proof");
}

async fn other_sessions_end_and_the_proof_stays(test: TestDb) {
    let world = World::new(test);
    let ada = settled(&world).await.admins[0];
    let elsewhere = session(&world, ada).await;
    let here = session(&world, ada).await;
    let by = world.prove(&here).await;
    set(&world, &by, ONE).await.unwrap();
    refused(world.who(&elsewhere).await, "unauthenticated");
    assert_eq!(world.who(&here).await.unwrap(), by, "with the proof that it had");
    let elsewhere = session(&world, ada).await;
    let own = sign_in(&world, ada, ONE).await.unwrap();
    remove(&world, &world.who(&own).await.unwrap()).await.unwrap();
    for ended in [&elsewhere, &here] {
        refused(world.who(ended).await, "unauthenticated");
    }
    assert!(world.who(&own).await.unwrap().proof().is_some());
}

async fn who_is_told(test: TestDb) {
    let world = World::new(test);
    let team = settled(&world).await;
    let ada = team.admins[0];
    let second = world.join(&team, world.proven(team.owner), "member").await;
    let elsewhere = world.account("recommended", 1).await;
    world
        .change_owners(&team, world.proven(team.owner), team.admins[1], quorate::app::owners::Asked::Grant)
        .await
        .unwrap();
    let by = by_mail(&world, ada).await;
    let id = set(&world, &by, ONE).await.unwrap().id.to_string();
    let mark = |address: &str| (address.to_owned(), Some(id.clone()));
    assert_eq!(sent(&world, "password_changed").await, [mark(&address_of(&world, ada).await)]);
    let mut owners = [address_of(&world, team.owner).await, address_of(&world, team.admins[1]).await];
    owners.sort();
    assert_eq!(sent(&world, "member_password_changed").await, owners.map(|owner| mark(&owner)));
    let line = |kind: &'static str| {
        let (world, team) = (&world, &team);
        async move {
            let lines = world.activity(team.id).await;
            let found: Vec<Value> = lines
                .iter()
                .filter(|line| line.kind == kind)
                .map(|line| json!({"user": line.entry().unwrap().user, "data": line.entry().unwrap().data}))
                .collect();
            found
        }
    };
    let noted = json!({"user": ada, "data": {"shown": "mailed_code", "mail_since": world.app.now()}});
    assert_eq!(line("member.password_set").await, [noted]);
    assert_eq!(world.activity(elsewhere.id).await.iter().filter(|l| l.kind.contains("password")).count(), 0);
    let letters = world.letters(team.id, team.owner, "member_password_changed").await;
    assert!(letters[0].text.replace('\n', " ").contains("with nothing but a code from their mailbox behind it"));

    let own = by_password(&world, ada, ONE).await;
    remove(&world, &own).await.unwrap();
    assert_eq!(line("member.password_removed").await, [json!({"user": ada, "data": {}})]);
    assert_eq!(sent(&world, "password_changed").await.len(), 2);
    assert_eq!(sent(&world, "member_password_changed").await.len(), 4);
    remove(&world, &own).await.unwrap();
    assert_eq!(sent(&world, "password_changed").await.len(), 2, "removing it again is no news");

    // A plain member is nobody whose password owners hear of; they themselves are.
    let by = by_mail(&world, second).await;
    set(&world, &by, ONE).await.unwrap();
    assert_eq!(sent(&world, "member_password_changed").await.len(), 4);
    assert_eq!(sent(&world, "password_changed").await.len(), 3);
    // An owner's is told to the others.
    let by = by_mail(&world, team.owner).await;
    set(&world, &by, ONE).await.unwrap();
    assert_eq!(sent(&world, "member_password_changed").await.len(), 5);
    world.check(team.id).await;
}

async fn an_only_owners_password_is_told_to_administrators(test: TestDb) {
    let world = World::new(test);
    let team = settled(&world).await;
    let by = by_mail(&world, team.owner).await;
    let id = set(&world, &by, ONE).await.unwrap().id.to_string();
    let mut told = Vec::new();
    for admin in &team.admins {
        told.push((address_of(&world, *admin).await, Some(id.clone())));
    }
    told.sort();
    assert_eq!(sent(&world, "member_password_changed").await, told);
}

async fn a_mailed_code_removes_nothing(test: TestDb) {
    let world = World::new(test);
    let ada = settled(&world).await.admins[0];
    let by = by_mail(&world, ada).await;
    remove(&world, &by).await.unwrap();
    set(&world, &by, ONE).await.unwrap();
    let by = by_mail(&world, ada).await;
    let why = refused(remove(&world, &by).await, "needs_credential");
    assert!(why.contains("show with your password or a passkey that it is you"), "{why}");
    assert!(works(&world, ada, ONE).await);
    let own = by_password(&world, ada, ONE).await;
    remove(&world, &own).await.unwrap();
    assert!(!works(&world, ada, ONE).await);
    assert_eq!(my_passwords(&world.app, &own).await.unwrap(), []);
}

/// The work is counted and not timed, so that this never fails by chance.
async fn known_and_unknown_addresses_cost_and_answer_the_same(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let [ada, ben] = team.admins[..] else { panic!() };
    let by = by_mail(&world, ada).await;
    set(&world, &by, ONE).await.unwrap();
    let by = by_mail(&world, ada).await;
    set(&world, &by, TWO).await.unwrap();
    let [ada, ben] = [world.person(ada).await.email, world.person(ben).await.email];
    let nobody: Email = "nobody@example.org".parse().unwrap();
    let mut answers = Vec::new();
    for email in [ada, ben, nobody] {
        let (before, rows) = (world.app.passwords.computed(), guesses(&world).await.len());
        let outcome = password_sign_in::sign_in(&world.app, email, typed(THREE), None).await;
        let why = refused(outcome, "wrong_password");
        answers.push((why, world.app.passwords.computed() - before, guesses(&world).await.len() - rows));
    }
    let answer = "this address and this password do not belong together; check both, or sign in with a code by mail";
    assert_eq!(answers, vec![(answer.to_owned(), 3, 1); 3]);
}

async fn guesses(world: &World) -> Vec<i64> {
    let mut tx = world.app.db.read().await.unwrap();
    let rows: Vec<(i64,)> = tx.sql("select count from guesses order by count").all().await.unwrap();
    rows.into_iter().map(|(count,)| count).collect()
}

async fn ten_tries_count(test: TestDb) {
    let world = World::new(test);
    let team = settled(&world).await;
    let [ada, ben] = team.admins[..] else { panic!() };
    for user in [ada, ben] {
        let by = by_mail(&world, user).await;
        set(&world, &by, ONE).await.unwrap();
    }
    let until = world.app.now().after(MINUTE * 10);
    // Right ones count for nothing.
    for _ in 0..12 {
        assert!(works(&world, ada, ONE).await);
    }
    for number in 0..9 {
        refused(sign_in(&world, ada, &format!("{THREE}{number}")).await, "wrong_password");
    }
    assert!(works(&world, ada, ONE).await, "the tenth");
    refused(sign_in(&world, ada, THREE).await, "wrong_password");
    let before = world.app.passwords.computed();
    assert!(!works(&world, ada, ONE).await, "the right one no more");
    assert_eq!(world.app.passwords.computed(), before, "it is not even looked at");
    assert!(works(&world, ben, ONE).await, "others are not concerned");
    // A code by mail signs them in all the same, and there the password still proves who they are.
    let token = session(&world, ada).await;
    let who = world.who(&token).await.unwrap();
    prove_by_password(&world.app, who, typed(ONE)).await.unwrap();

    world.advance(until.since(world.app.now()) - SignedDuration::from_micros(1));
    assert!(!works(&world, ada, ONE).await);
    world.advance(SignedDuration::from_micros(1));
    assert!(works(&world, ada, ONE).await);
    // Nobody's address is no different.
    let nobody: Email = "nobody@example.org".parse().unwrap();
    let start = world.app.passwords.computed();
    for _ in 0..12 {
        refused(password_sign_in::sign_in(&world.app, nobody.clone(), typed(ONE), None).await, "wrong_password");
    }
    assert_eq!(world.app.passwords.computed() - start, 30);
}

async fn tries_at_the_same_time_are_all_counted(test: TestDb) {
    let world = World::new(test);
    let ada = settled(&world).await.admins[0];
    let by = by_mail(&world, ada).await;
    set(&world, &by, ONE).await.unwrap();
    let (email, replica) = (world.person(ada).await.email, world.replica().await);
    let before = world.app.passwords.computed();
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..30 {
        let (app, email) = (if number % 2 == 0 { world.app.clone() } else { replica.clone() }, email.clone());
        tries
            .spawn(async move { password_sign_in::sign_in(&app, email, typed(&format!("{TWO}{number}")), None).await });
    }
    for outcome in tries.join_all().await {
        refused(outcome, "wrong_password");
    }
    assert_eq!(world.app.passwords.computed() - before, 10 * 3, "ten of thirty were weighed");
    assert_eq!(guesses(&world).await.last(), Some(&30));
}

async fn a_session_has_its_own_tries(test: TestDb) {
    let world = World::new(test);
    let ada = settled(&world).await.admins[0];
    let by = by_mail(&world, ada).await;
    set(&world, &by, ONE).await.unwrap();
    let (here, there) = (session(&world, ada).await, session(&world, ada).await);
    let (here, there) = (world.who(&here).await.unwrap(), world.who(&there).await.unwrap());
    let prove = |who: &Principal, text: &'static str| {
        let (app, who) = (world.app.clone(), who.clone());
        async move { prove_by_password(&app, who, typed(text)).await }
    };
    let since = world.app.now();
    for _ in 0..10 {
        refused(prove(&here, TWO).await, "not_your_password");
    }
    let why = refused(prove(&here, ONE).await, "too_many_guesses");
    let until: Moment = since.after(MINUTE * 10);
    assert_eq!(why, format!("too many wrong tries; the next one counts from {until}"));
    prove(&there, ONE).await.unwrap();
    world.advance(MINUTE * 10);
    prove(&here, ONE).await.unwrap();
    // In a session of somebody else it is another password.
    let team = world.account("recommended", 1).await;
    let other = by_mail(&world, team.admins[0]).await;
    refused(prove(&other, ONE).await, "not_your_password");
}

/// Somebody who stole a password, and whose session was just ended by its holder.
async fn a_session_that_was_ended_meanwhile_sets_nothing(test: TestDb) {
    let world = World::new(test);
    let ada = world.account("recommended", 1).await.admins[0];
    let by = by_mail(&world, ada).await;
    set(&world, &by, ONE).await.unwrap();
    let thief = by_password(&world, ada, ONE).await;
    let own = by_password(&world, ada, ONE).await;
    set(&world, &own, TWO).await.unwrap();
    // The principal was found while the session still ran.
    refused(set(&world, &thief, THREE).await, "unauthenticated");
    refused(remove(&world, &thief).await, "unauthenticated");
    refused(prove_by_password(&world.app, thief, typed(TWO)).await, "unauthenticated");
    assert!(works(&world, ada, TWO).await && !works(&world, ada, THREE).await);
}

async fn a_new_address_takes_the_password_along(test: TestDb) {
    let world = World::new(test);
    let ada = settled(&world).await.admins[0];
    let by = by_mail(&world, ada).await;
    set(&world, &by, ONE).await.unwrap();
    world.advance(CLAIMED_FOR);
    let by = by_password(&world, ada, ONE).await;
    let old = world.person(ada).await.email;
    move_to(&world, &by, "ada@new.example").await;
    assert!(works(&world, ada, ONE).await);
    refused(password_sign_in::sign_in(&world.app, old, typed(ONE), None).await, "wrong_password");
}

async fn what_was_right_a_moment_ago_is_looked_at_again(test: TestDb) {
    let world = World::new(test);
    let ada = settled(&world).await.admins[0];
    let by = by_mail(&world, ada).await;
    set(&world, &by, ONE).await.unwrap();
    world.advance(CLAIMED_FOR);
    let by = by_password(&world, ada, ONE).await;
    let (old, new) = (world.person(ada).await.email, "ada@new.example".parse::<Email>().unwrap());
    let count = CountTry { app: world.app.clone(), whose: Whose::Address(old.clone()) };
    let (tried, candidates) = world.app.db.run(count).await.unwrap();
    let begins = async |email: &Email| {
        let (app, email, matching) = (world.app.clone(), email.clone(), candidates[0].password.unwrap());
        world.app.db.run(BeginByPassword { app, email, matching, tried, browser: None }).await.unwrap().is_some()
    };
    assert!(begins(&old).await);
    move_to(&world, &by, new.as_str()).await;
    assert!(!begins(&old).await, "whoever typed the address that they left");
    assert!(begins(&new).await);
    let own = by_password(&world, ada, ONE).await;
    remove(&world, &own).await.unwrap();
    assert!(!begins(&new).await, "the password has ended");
}

async fn what_has_ended_is_forgotten(test: TestDb) {
    let world = World::new(test);
    let ada = settled(&world).await.admins[0];
    let by = by_mail(&world, ada).await;
    set(&world, &by, ONE).await.unwrap();
    refused(sign_in(&world, ada, TWO).await, "wrong_password");
    let own = by_password(&world, ada, ONE).await;
    remove(&world, &own).await.unwrap();
    let subject = world.app.secret.guesses_at(world.person(ada).await.email.as_str());
    let kept = |world: &World| {
        let db = world.app.db.clone();
        async move {
            let mut tx = db.read().await.unwrap();
            let credentials: i64 = tx.sql("select count(*) from credentials").scalar().await.unwrap();
            let guesses = tx.sql("select count(*) from guesses where subject = $1").bind(subject.as_bytes().to_vec());
            let guesses: i64 = guesses.scalar().await.unwrap();
            (credentials, guesses)
        }
    };
    let stop = CancellationToken::new();
    world.advance(days(1) - MINUTE);
    prune::prune(&world.app, prune::ALL, &stop).await.unwrap();
    assert_eq!(kept(&world).await, (1, 1));
    world.advance(MINUTE * 2);
    prune::prune(&world.app, prune::ALL, &stop).await.unwrap();
    assert_eq!(kept(&world).await, (1, 0));
    // A week after its end, and after that of the session that it proved.
    world.advance(days(7));
    prune::prune(&world.app, prune::ALL, &stop).await.unwrap();
    assert_eq!(kept(&world).await, (0, 0));
}
