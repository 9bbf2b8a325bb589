//! A person changes their name and their address: what it takes, what holds them to it, who is told, and what it ends.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use quorate::{
    activity::topic,
    app::{
        act::Asked as Act,
        ask_address::{AskAddress, Asked},
        change_address::ChangeAddress,
        change_member,
        error::Error,
        owners,
        principal::Principal,
        redeem::{Answer, Done},
        rename_me::RenameMe,
        roster::{Say, SayOnRoster},
        sign_in::SignIn,
        view,
    },
    id::{AccountId, CodeId, UserId},
    ownership::address::Email,
    recovery::{ballot::Choice, policy::BallotWay},
    store::outbox::Entry,
};
use serde_json::{Value, json};

use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, OPERATOR, Team, World, days, hours, refused, signed_in},
};

on_both!(
    an_address_changes_with_a_code_from_each_mailbox,
    everybody_concerned_is_told_and_every_account_remembers,
    without_fresh_proof_no_code_is_tried,
    a_code_belongs_to_its_session_and_its_address,
    wrong_codes_are_counted_and_right_ones_end,
    an_address_that_is_taken_answers_the_same,
    mails_are_limited_for_the_person,
    an_owner_keeps_their_address,
    an_offered_ownership_holds_nobody,
    electors_and_the_nominee_keep_their_addresses,
    who_left_the_electorate_is_free,
    a_new_address_casts_no_ballot_by_mail,
    links_and_codes_die_with_the_old_address,
    only_people_change_themselves,
    a_new_name_shows_in_every_account,
);

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn email(name: &str) -> Email {
    format!("{name}@new.example").parse().unwrap()
}

/// Somebody in a session.
async fn session(world: &World, user: UserId) -> Principal {
    // So that it is clear which mail is the newest.
    world.advance(SignedDuration::from_millis(1));
    let token = world.sign_in(user).await;
    world.who(&token).await.unwrap()
}

/// Somebody in a session, who has just shown who they are.
async fn proven(world: &World, user: UserId) -> Principal {
    world.advance(SignedDuration::from_millis(1));
    let token = world.sign_in(user).await;
    world.prove(&token).await
}

async fn ask(world: &World, by: &Principal, email: &Email) -> Result<Asked, Error> {
    world.advance(SignedDuration::from_millis(1));
    world.app.db.run(AskAddress { app: world.app.clone(), email: email.clone(), principal: by.clone() }).await
}

async fn confirm(world: &World, by: &Principal, code: &str) -> Result<Email, Error> {
    let unit = ChangeAddress { app: world.app.clone(), code: code.to_owned(), principal: by.clone() };
    world.app.db.run(unit).await?.to()
}

/// Asks for an address, and gives the code that went there.
async fn code_for(world: &World, by: &Principal, email: &Email) -> String {
    ask(world, by, email).await.unwrap();
    world.newest_code(by.person_everywhere().unwrap(), "email_code").await
}

/// Somebody moves to another address, as they may.
pub async fn moves(world: &World, user: UserId, name: &str) {
    let by = proven(world, user).await;
    let code = code_for(world, &by, &email(name)).await;
    assert_eq!(confirm(world, &by, &code).await.unwrap(), email(name));
}

async fn address_of(world: &World, user: UserId) -> String {
    world.person(user).await.email.as_str().to_owned()
}

/// The addresses to which mails of that kind went, the oldest first.
async fn sent(world: &World, kind: &str) -> Vec<String> {
    let mut sent: Vec<Entry> = world.everything_mailed().await;
    sent.retain(|entry| entry.kind == kind);
    sent.into_iter().rev().map(|entry| entry.to.email).collect()
}

/// The entries of one kind in an account's log, with their personal values.
async fn entries(world: &World, account: AccountId, kind: &str) -> Vec<Value> {
    let kinds = vec![topic::known(kind).unwrap()];
    let filter = view::activity::EntryFilter { kinds, ..view::activity::EntryFilter::default() };
    let found = view::activity::activity(&world.app, &OPERATOR, account, filter, 200).await.unwrap();
    found.iter().map(|entry| json!({"user": entry.entry.user, "values": entry.values})).collect()
}

async fn an_address_changes_with_a_code_from_each_mailbox(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 2).await;
    let ada = team.admins[0];
    let old = address_of(&world, ada).await;
    let elsewhere = world.sign_in(ada).await;
    let here = world.sign_in(ada).await;
    let by = world.prove(&here).await;

    let code = code_for(&world, &by, &email("ada")).await;
    assert_eq!(sent(&world, "email_code").await, ["ada@new.example"]);
    assert_eq!(address_of(&world, ada).await, old, "asking changes nothing");
    assert_eq!(confirm(&world, &by, &code).await.unwrap(), email("ada"));
    assert_eq!(address_of(&world, ada).await, "ada@new.example");

    // The session goes on, without what was proven by the old mailbox; the other one has ended.
    let still = world.who(&here).await.unwrap();
    assert_eq!((still.person_everywhere().unwrap(), still.proof()), (ada, None));
    refused(world.who(&elsewhere).await, "unauthenticated");

    // Whoever reads the old mailbox signs in no more.
    let before = sent(&world, "sign_in_code").await.len();
    let app = || world.app.clone();
    world.app.db.run(SignIn { app: app(), email: old.parse().unwrap() }).await.unwrap();
    assert_eq!(sent(&world, "sign_in_code").await.len(), before);
    let again = world.sign_in(ada).await;
    assert_eq!(world.who(&again).await.unwrap().person_everywhere().unwrap(), ada);
    assert_eq!(sent(&world, "sign_in_code").await.last().unwrap(), "ada@new.example");
    world.check(team.id).await;
}

async fn everybody_concerned_is_told_and_every_account_remembers(test: TestDb) {
    let world = World::new(test);
    let admin_here = world.account("recommended", 2).await;
    let ada = admin_here.admins[0];
    let person = world.person(ada).await;
    let member_there = world.account("recommended", 1).await;
    let untouched = world.account("recommended", 1).await;
    for (team, role) in [(&member_there, "member")] {
        let invite = quorate::app::invite::Invite {
            app: world.app.clone(),
            account: team.id,
            person: quorate::app::invite::NewPerson { name: person.name.clone(), email: person.email.clone() },
            role: role.to_owned(),
            principal: signed_in(team.admins[0]),
        };
        world.app.db.run(invite).await.unwrap();
        world.accept(team, ada).await.unwrap();
    }
    let old = person.email.as_str();
    moves(&world, ada, "ada").await;

    assert_eq!(sent(&world, "email_changed").await, [old], "the old address is told");
    assert_eq!(sent(&world, "email_confirmed").await, ["ada@new.example"]);
    let alerts = world.letters(admin_here.id, admin_here.owner, "administrator_email_changed").await;
    let [alert] = &alerts[..] else { panic!("{alerts:?}") };
    for words in [old, "ada@new.example", "opened before Monday 9 March 2026, 09:00 UTC"] {
        assert!(alert.text.replace('\n', " ").contains(words), "{words}: {}", alert.text);
    }
    // Nobody else: a plain member is no administrator, and the other administrator is no owner.
    assert_eq!(sent(&world, "administrator_email_changed").await, [address_of(&world, admin_here.owner).await]);

    let noted = json!([{"user": ada, "values": {"email": "ada@new.example", "email_before": old}}]);
    for team in [&admin_here, &member_there] {
        assert_eq!(json!(entries(&world, team.id, "member.address_changed").await), noted);
        world.check(team.id).await;
    }
    assert_eq!(entries(&world, untouched.id, "member.address_changed").await.len(), 0);
    // Mails about what comes go to the new address.
    world.change(&admin_here, world.proven(admin_here.owner), ada, change_member::Asked::Remove).await.unwrap();
    let told = world.letters(admin_here.id, ada, "roster_changed").await;
    assert_eq!(told.last().unwrap().entry.to.email, "ada@new.example");
}

async fn without_fresh_proof_no_code_is_tried(test: TestDb) {
    let world = World::new(test);
    let ada = world.account("single-owner", 1).await.admins[0];
    let old = address_of(&world, ada).await;
    let token = world.sign_in(ada).await;
    let stolen = world.who(&token).await.unwrap();
    let code = code_for(&world, &stolen, &email("ada")).await;
    for _ in 0..9 {
        refused(confirm(&world, &stolen, "00000000").await, "needs_fresh_proof");
    }
    refused(confirm(&world, &stolen, &code).await, "needs_fresh_proof");
    assert_eq!(address_of(&world, ada).await, old);

    let by = world.prove(&token).await;
    world.advance(MINUTE * 5 + MICROSECOND);
    refused(confirm(&world, &by, &code).await, "needs_fresh_proof");
    world.advance(-MICROSECOND);
    confirm(&world, &by, &code).await.unwrap();
}

async fn a_code_belongs_to_its_session_and_its_address(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 2).await;
    let [ada, ben] = team.admins[..] else { panic!() };
    let (here, there) = (proven(&world, ada).await, proven(&world, ada).await);
    let other = proven(&world, ben).await;
    let code = code_for(&world, &here, &email("ada")).await;
    refused(confirm(&world, &there, &code).await, "wrong_code");
    refused(confirm(&world, &other, &code).await, "wrong_code");
    // Codes for other purposes are none for this one, nor the other way round.
    let asked = SignIn { app: world.app.clone(), email: world.person(ada).await.email };
    let sign_in = world.app.secret.code(world.app.db.run(asked).await.unwrap().request);
    refused(confirm(&world, &here, &sign_in).await, "wrong_code");
    // The one for the address that they asked for last counts, and not that of a slip before it.
    let second = code_for(&world, &here, &email("adah")).await;
    refused(confirm(&world, &here, &code).await, "wrong_code");
    assert_eq!(confirm(&world, &here, &second).await.unwrap(), email("adah"));
}

async fn wrong_codes_are_counted_and_right_ones_end(test: TestDb) {
    let world = World::new(test);
    let ada = world.account("single-owner", 1).await.admins[0];
    let by = proven(&world, ada).await;
    let first = code_for(&world, &by, &email("ada")).await;
    for _ in 0..5 {
        refused(confirm(&world, &by, "1").await, "wrong_code");
    }
    refused(confirm(&world, &by, &first).await, "wrong_code");
    let second = code_for(&world, &by, &email("ada")).await;
    confirm(&world, &by, &second).await.unwrap();
    refused(confirm(&world, &by, &second).await, "wrong_code");

    world.advance(hours(1));
    let token = world.sign_in(ada).await;
    let by = world.who(&token).await.unwrap();
    let third = code_for(&world, &by, &email("adah")).await;
    world.advance(MINUTE * 10);
    let by = world.prove(&token).await;
    refused(confirm(&world, &by, &third).await, "wrong_code");
    assert_eq!(address_of(&world, ada).await, "ada@new.example");
}

async fn an_address_that_is_taken_answers_the_same(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 2).await;
    let [ada, ben] = team.admins[..] else { panic!() };
    let (mine, taken) = (world.person(ada).await.email, world.person(ben).await.email);
    let by = proven(&world, ada).await;
    refused(ask(&world, &by, &mine).await, "invalid");
    let free = ask(&world, &by, &email("ada")).await.unwrap();
    let asked = ask(&world, &by, &taken).await.unwrap();
    assert_eq!(asked.expires_at, free.expires_at.after(SignedDuration::from_millis(1)));
    assert_eq!(sent(&world, "email_taken").await, [taken.as_str()], "who has it is told");
    assert_eq!(sent(&world, "email_code").await, ["ada@new.example"], "and no code goes there");
    assert_eq!(quorate::app::ask_address::asked(&world.app, &by).await.unwrap(), Some(taken.clone()));

    // Not even with the code that would have gone there.
    let mut tx = world.app.db.read().await.unwrap();
    let text = "select id from codes where email = $1";
    let id: CodeId = tx.sql(text).bind(taken.as_str().to_owned()).scalar().await.unwrap();
    let live = "select count(*) from codes where email = $1 and used_at is null";
    assert_eq!(tx.sql(live).bind(taken.as_str().to_owned()).scalar::<i64>().await.unwrap(), 0, "it never lived");
    drop(tx);
    refused(confirm(&world, &by, &world.app.secret.code(id)).await, "wrong_code");

    // Free when they asked, and somebody else's by now.
    world.advance(MINUTE * 4);
    let code = code_for(&world, &by, &email("soon")).await;
    moves(&world, ben, "soon").await;
    refused(confirm(&world, &by, &code).await, "wrong_code");
    assert_eq!(world.person(ada).await.email, mine);
    world.check(team.id).await;
}

async fn mails_are_limited_for_the_person(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 2).await;
    let [ada, ben] = team.admins[..] else { panic!() };
    let taken = world.person(ben).await.email;
    let (here, there) = (session(&world, ada).await, session(&world, ada).await);
    let until = ask(&world, &here, &taken).await.unwrap().expires_at;
    for number in 1..5 {
        // Whether somebody has the address makes no difference to what is counted.
        let wanted = if number % 2 == 0 { taken.clone() } else { email(&format!("ada{number}")) };
        ask(&world, if number < 3 { &here } else { &there }, &wanted).await.unwrap();
    }
    for (by, wanted) in [(&here, &taken), (&there, &email("ada9")), (&here, &email("ada1"))] {
        let why = refused(ask(&world, by, wanted).await, "too_many_codes");
        assert_eq!(why, format!("enough codes were mailed for now; the next one goes out from {until}"));
    }
    assert_eq!((sent(&world, "email_code").await.len(), sent(&world, "email_taken").await.len()), (2, 3));
    ask(&world, &session(&world, ben).await, &email("ben")).await.unwrap();
    world.advance(until.since(world.app.now()));
    ask(&world, &here, &email("ada")).await.unwrap();
}

async fn an_owner_keeps_their_address(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let [ada, _] = team.admins[..] else { panic!() };
    let owner = proven(&world, team.owner).await;
    let why = refused(ask(&world, &owner, &email("olga")).await, "owner_protected");
    assert_eq!(
        why,
        "your address is protected because you own the account `Acme`; have your ownership revoked, make the change, \
         then have it granted back"
    );
    // Granted in between: what they were mailed does not help them any more.
    let by = proven(&world, ada).await;
    let code = code_for(&world, &by, &email("ada")).await;
    world.change_owners(&team, world.proven(team.owner), ada, owners::Asked::Grant).await.unwrap();
    refused(confirm(&world, &by, &code).await, "owner_protected");
    // The way that the sentence names leads there.
    world.change_owners(&team, world.proven(team.owner), ada, owners::Asked::Revoke).await.unwrap();
    confirm(&world, &by, &code).await.unwrap();
    world.change_owners(&team, world.proven(team.owner), ada, owners::Asked::Grant).await.unwrap();
    assert_eq!(world.owners(&team).await, BTreeSet::from([team.owner, ada]));
    world.check(team.id).await;
}

async fn an_offered_ownership_holds_nobody(test: TestDb) {
    let world = World::new(test);
    let pending = world.pending_account("single-owner", 1, &json!({})).await;
    let olga = pending.owner;
    let old_link = world.link(pending.id, olga, "invitation").await;
    moves(&world, olga, "olga").await;
    refused(world.redeem(old_link, Answer::Confirm).await, "dead_link");
    // The invitation goes out again, to the new address.
    let letters = world.letters(pending.id, olga, "invitation").await;
    let to: Vec<&str> = letters.iter().map(|letter| letter.entry.to.email.as_str()).collect();
    assert_eq!(to, ["person0@example.org", "olga@new.example"]);
    assert_eq!(world.accept(&pending, olga).await.unwrap(), Done::Accepted);
    refused(ask(&world, &session(&world, olga).await, &email("olga2")).await, "owner_protected");
    world.check(pending.id).await;
}

async fn electors_and_the_nominee_keep_their_addresses(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let [ada, ben, cleo] = team.admins[..] else { panic!() };
    let nominee = world.join(&team, signed_in(ada), "user").await;
    let bystander = world.join(&team, signed_in(ada), "user").await;
    let by = proven(&world, ben).await;
    let code = code_for(&world, &by, &email("ben")).await;
    let case = world.open(&team, ada, nominee).await.unwrap();
    refused(confirm(&world, &by, &code).await, "address_frozen");
    for (user, part) in [(cleo, "you can vote in it"), (nominee, "it would make you an owner")] {
        let why = refused(ask(&world, &session(&world, user).await, &email("x")).await, "address_frozen");
        let wanted = format!(
            "your address stays as it is while the recovery case `{}` is open, because {part}; as things stand it ends \
             at {}, and you can change your address then",
            case.id(),
            case.terms.closes_at()
        );
        assert_eq!(why, wanted);
    }
    moves(&world, bystander, "bystander").await;

    // While it waits, until it is due.
    let waiting = world.approve(&case, &[ada, cleo]).await;
    let due = waiting.state.due_at().unwrap();
    let why = refused(ask(&world, &session(&world, nominee).await, &email("x")).await, "address_frozen");
    assert!(why.contains(&format!("ends at {due},")), "{why}");
    world.veto(&case, team.owner).await.unwrap();
    for (number, user) in [ada, ben, nominee].into_iter().enumerate() {
        moves(&world, user, &format!("free{number}")).await;
    }
    world.check(team.id).await;
}

async fn who_left_the_electorate_is_free(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 4).await;
    let [ada, ben, cleo, dora] = team.admins[..] else { panic!() };
    world.open(&team, ada, ben).await.unwrap();
    // By their own act, or an owner's: no case of an account that they are out of holds them.
    world.change(&team, signed_in(cleo), cleo, change_member::Asked::Leave).await.unwrap();
    moves(&world, cleo, "cleo").await;
    // Whoever was removed by another keeps their ballot, and so their address.
    world.change(&team, signed_in(ada), dora, change_member::Asked::Remove).await.unwrap();
    refused(ask(&world, &session(&world, dora).await, &email("dora")).await, "address_frozen");
    world.check(team.id).await;
}

async fn a_new_address_casts_no_ballot_by_mail(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let [ada, ben, cleo] = team.admins[..] else { panic!() };
    moves(&world, ben, "ben").await;
    let changed = world.app.now();
    world.advance(hours(72) - MICROSECOND);
    let case = world.open(&team, ada, cleo).await.unwrap();
    assert_eq!(case.terms.signed_in_only.iter().collect::<Vec<_>>(), [(&ben, &changed)]);
    let opened = world.lines(&case, "case.opened").await;
    let entry: Value = serde_json::from_str(&opened[0].body).unwrap();
    assert_eq!(entry["data"]["signed_in_only"], json!({ben.to_string(): changed}));

    // No link for them, and the mail says why; the others have theirs.
    let letter = world.letters(team.id, ben, "ballot_request").await.remove(0);
    let text = letter.text.replace('\n', " ");
    assert!(!text.contains("/l/link_") && text.contains("You changed your e-mail address on Monday 2 March"), "{text}");
    let link = world.link(team.id, cleo, "ballot_request").await;
    let vote = Answer::Vote { choice: Choice::Reject, terms_hash: case.terms_hash };
    assert_eq!(world.redeem(link, vote).await.unwrap(), Done::Voted);

    let by_link = Act::Cast { choice: Choice::Approve, terms_hash: case.terms_hash, way: BallotWay::MailLink };
    let why = refused(world.act(case.id(), signed_in(ben), by_link).await, "address_too_new");
    assert!(why.contains(&changed.to_string()) && why.ends_with("sign in to vote"), "{why}");
    let after = world.vote(&case, ben, Choice::Approve).await.unwrap();
    assert_eq!(after.count().approvals, 1, "signed in they vote like everybody else");
    // A reminder has no link either.
    world.act(case.id(), signed_in(ben), Act::TakeBack).await.unwrap();
    world.advance(days(7));
    world.sweep().await;
    let letter = world.letters(team.id, ben, "ballot_reminder").await.remove(0);
    assert!(!letter.text.contains("/l/link_"), "{}", letter.text);
    world.veto(&case, team.owner).await.unwrap();

    // With S behind them, they get a link again.
    let later = world.open(&team, ben, ada).await.unwrap();
    assert!(later.terms.signed_in_only.is_empty());
    let link = world.link(team.id, ben, "ballot_request").await;
    let vote = Answer::Vote { choice: Choice::Approve, terms_hash: later.terms_hash };
    assert_eq!(world.redeem(link, vote).await.unwrap(), Done::Voted);
    world.check(team.id).await;
}

async fn links_and_codes_die_with_the_old_address(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 3).await;
    let [ada, ben, _] = team.admins[..] else { panic!() };
    world.change(&team, signed_in(ada), ben, change_member::Asked::Remove).await.unwrap();
    let contest = world.link(team.id, ben, "roster_changed").await;
    let offer = world.offer(&team, world.proven(team.owner), ada).await.unwrap();
    let answer = world.link(team.id, ada, "transfer_request").await;
    let asked = SignIn { app: world.app.clone(), email: world.person(ben).await.email };
    let request = world.app.db.run(asked).await.unwrap().request;
    moves(&world, ben, "ben").await;
    refused(world.redeem(contest, Answer::Confirm).await, "dead_link");
    let mut tx = world.app.db.read().await.unwrap();
    let live = "select count(*) from codes where user_id = $1 and used_at is null";
    assert_eq!(tx.sql(live).bind(ben).scalar::<i64>().await.unwrap(), 0);
    let live = "select count(*) from links where user_id = $1 and dead_at is null";
    assert_eq!(tx.sql(live).bind(ben).scalar::<i64>().await.unwrap(), 0);
    drop(tx);
    let confirm = quorate::app::confirm_sign_in::ConfirmSignIn {
        app: world.app.clone(),
        email: email("ben"),
        code: world.app.secret.code(request),
        request: Some(request),
        browser: None,
    };
    refused(world.app.db.run(confirm).await.unwrap().signed_in().map(|_| ()), "wrong_code");
    // What the link was for can still be done, signed in.
    let roster = view::roster::roster(&world.app, &world.proven(team.owner), team.id).await.unwrap();
    let change = roster.people.iter().find(|place| place.user == ben).unwrap().change.unwrap();
    let principal = session(&world, ben).await;
    let say = SayOnRoster { app: world.app.clone(), account: team.id, change, say: Say::Contest, principal };
    world.app.db.run(say).await.unwrap();
    moves(&world, ada, "ada").await;
    refused(world.redeem(answer, Answer::Confirm).await, "dead_link");
    world.answer(&offer, world.proven(ada), quorate::app::answer_transfer::Answer::Accept).await.unwrap();
    assert_eq!(world.owners(&team).await, BTreeSet::from([ada]));
    world.check(team.id).await;
}

async fn only_people_change_themselves(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 1).await;
    let ada = team.admins[0];
    for by in [OPERATOR, world.platform(None).await, world.platform(Some(ada)).await] {
        refused(ask(&world, &by, &email("ada")).await, "people_only");
        refused(confirm(&world, &by, "00000000").await, "people_only");
        refused(rename(&world, &by, "Ada", None).await, "people_only");
    }
    // Nor somebody who used a link, and has no session.
    refused(ask(&world, &signed_in(ada), &email("ada")).await, "unauthenticated");
    refused(confirm(&world, &world.proven(ada), "00000000").await, "unauthenticated");
}

async fn rename(world: &World, by: &Principal, name: &str, version: Option<i64>) -> Result<(), Error> {
    let (app, name, principal) = (world.app.clone(), name.to_owned(), by.clone());
    world.app.db.run(RenameMe { app, name, version, principal }).await
}

async fn renamed(world: &World, team: &Team) -> Vec<Value> {
    entries(world, team.id, "member.renamed").await
}

async fn a_new_name_shows_in_every_account(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 2).await;
    let ada = team.admins[0];
    let by = signed_in(ada);
    rename(&world, &by, "  Ada Lovelace ", Some(1)).await.unwrap();
    assert_eq!(world.member(&team, ada).await.unwrap().name, "Ada Lovelace");
    let noted = json!([{"user": ada, "values": {"name": "Ada Lovelace"}}]);
    assert_eq!(json!(renamed(&world, &team).await), noted);
    // The same once more is no change, and an older version is none to build on.
    rename(&world, &by, "Ada Lovelace", Some(2)).await.unwrap();
    refused(rename(&world, &by, "Ada King", Some(1)).await, "changed");
    for wrong in ["", " ", "Ada\nLovelace", &"x".repeat(101)] {
        refused(rename(&world, &by, wrong, None).await, "invalid");
    }
    assert_eq!(renamed(&world, &team).await.len(), 1);
    // Owners and electors too: a name is no identity, and the terms keep the one that people were shown.
    rename(&world, &signed_in(team.owner), "Olga", None).await.unwrap();
    let case = world.open(&team, ada, team.admins[1]).await.unwrap();
    let nominee = case.terms.nominee.name.clone();
    rename(&world, &signed_in(team.admins[1]), "Somebody Else", None).await.unwrap();
    assert_eq!(world.case(case.id()).await.terms.nominee.name, nominee);
    world.check(team.id).await;
}
