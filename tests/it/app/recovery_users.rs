//! Recovery users: an owner chooses them, a link or a code in a mail confirms their addresses, and owners hear of every step.

use jiff::SignedDuration;
use quorate::{
    activity::entry::Entry,
    app::{
        account_status::ChangeStatus,
        add_recovery_user::{AddRecoveryUser, RemoveRecoveryUser},
        confirm_recovery_address::{Meaning, SendRecoveryCode, confirm, show},
        error::Error,
        link_code::Proof,
        owners,
        principal::Principal,
        view::recovery_users::recovery_users,
    },
    id::{CodeId, RecoveryUserId},
    jobs::prune::ALL,
    mail::mailbox,
    ownership::account::Act,
    ownership::recovery_user::{LINK_LASTS, MOST, RecoveryUser},
    store::{db::Unit, error::DbError, tx::Tx},
};
use serde_json::json;

use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, OPERATOR, Team, World, days, refused, signed_in},
};

on_both!(
    an_owner_chooses_somebody_who_confirms,
    only_owners_with_proof_choose,
    the_account_says_when_somebody_can_be_chosen,
    an_account_out_of_use_arranges_nothing,
    an_owners_mailbox_is_no_recovery_address,
    a_link_works_once_and_not_for_ever,
    a_code_stands_in_for_the_link,
    codes_are_limited_and_links_are_not,
    whoever_is_removed_confirms_nothing,
    only_owners_see_them,
    nothing_usable_is_stored,
);

/// Chooses somebody called Rita with these addresses.
pub async fn choose(world: &World, team: &Team, by: Principal, emails: &[&str]) -> Result<RecoveryUser, Error> {
    let emails = emails.iter().map(|email| email.parse().unwrap()).collect();
    let name = "Rita Rossi".to_owned();
    let unit = AddRecoveryUser { app: world.app.clone(), account: team.id, name, emails, principal: by };
    world.app.db.run(unit).await
}

/// The same by the account's owner, with a proof.
pub async fn chosen(world: &World, team: &Team, emails: &[&str]) -> RecoveryUser {
    choose(world, team, world.proven(team.owner), emails).await.unwrap()
}

/// The same, and each of the addresses is confirmed.
pub async fn confirmed(world: &World, team: &Team, emails: &[&str]) -> RecoveryUser {
    let user = chosen(world, team, emails).await;
    for email in emails {
        follow(world, email).await.unwrap();
    }
    user
}

pub async fn remove(world: &World, team: &Team, by: Principal, user: RecoveryUserId) -> Result<(), Error> {
    world.app.db.run(RemoveRecoveryUser { app: world.app.clone(), account: team.id, user, principal: by }).await
}

/// The texts of the mails of one kind to an address, the newest first.
pub async fn letters(world: &World, email: &str, kind: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in world.everything_mailed().await {
        if entry.to.email == email && entry.kind == kind {
            let opened = mailbox::letter(&world.app, &world.post, entry.id).await.unwrap().unwrap();
            texts.push(opened.letter.unwrap().rendered.text);
        }
    }
    texts
}

/// The link in the newest request to an address: its id, and its token.
pub async fn link(world: &World, email: &str) -> (CodeId, String) {
    let text = letters(world, email, "recovery_request").await.swap_remove(0);
    let (_, rest) = text.split_once("/recovery-address/").unwrap();
    let token = rest.split_whitespace().next().unwrap().replacen('#', ".", 1);
    (world.app.secret.recovery_of(&token).expect("the link is genuine"), token)
}

/// Has a code mailed instead, and gives it.
pub async fn mailed(world: &World, email: &str) -> String {
    // Mails of one moment are in no order.
    world.advance(SignedDuration::from_millis(1));
    let (link, _) = link(world, email).await;
    world.app.db.run(SendRecoveryCode { app: world.app.clone(), link }).await.unwrap();
    let text = letters(world, email, "link_code").await.swap_remove(0);
    let digits = |line: &str| line.chars().filter(char::is_ascii_digit).collect::<String>();
    text.lines().map(digits).find(|digits| digits.len() == 8).unwrap()
}

async fn follow(world: &World, email: &str) -> Result<Meaning, Error> {
    let (link, token) = link(world, email).await;
    confirm(&world.app, link, Proof::Token(token)).await
}

/// Those of an account, as its owner sees them: whether each is confirmed.
async fn seen(world: &World, team: &Team) -> Vec<bool> {
    let home = recovery_users(&world.app, &signed_in(team.owner), team.id).await.unwrap();
    home.users.iter().map(|user| user.confirmed).collect()
}

async fn told(world: &World, team: &Team) -> Vec<String> {
    let letters = world.letters(team.id, team.owner, "recovery_user_changed").await;
    letters.into_iter().map(|letter| letter.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

async fn an_owner_chooses_somebody_who_confirms(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let second = world.join(&team, world.proven(team.owner), "member").await;
    world.change_owners(&team, world.proven(team.owner), second, owners::Asked::Grant).await.unwrap();
    let (one, two) = ("rita@example.net", "rita@example.com");
    let rita = chosen(&world, &team, &[one, two]).await;
    assert_eq!(seen(&world, &team).await, [false]);
    let first = told(&world, &team).await.swap_remove(0);
    assert!(first.contains("chose Rita Rossi as a recovery user, with the addresses"), "{first}");
    assert_eq!(world.letters(team.id, second, "recovery_user_changed").await.len(), 1, "every owner is told");
    assert!(world.letters(team.id, team.admins[0], "recovery_user_changed").await.is_empty(), "and nobody else");

    let (first, token) = link(&world, one).await;
    let before = world.dump().await;
    let meaning = show(&world.app, first, &Proof::Token(token)).await.unwrap();
    assert_eq!((meaning.user, meaning.email.as_str(), meaning.account_name.as_str()), (rita.id, one, "Acme"));
    assert_eq!(world.dump().await, before, "looking changes nothing");
    follow(&world, one).await.unwrap();
    assert_eq!(seen(&world, &team).await, [false], "each address is confirmed by itself");
    follow(&world, two).await.unwrap();
    assert_eq!(seen(&world, &team).await, [true]);
    let last = told(&world, &team).await.into_iter().find(|text| text.contains("rita@example.com confirmed it"));
    assert!(last.unwrap().contains("All their addresses are confirmed."));
    assert_eq!(world.letters(team.id, second, "recovery_user_changed").await.len(), 3);

    remove(&world, &team, world.proven(team.owner), rita.id).await.unwrap();
    assert!(seen(&world, &team).await.is_empty());
    // Mails of one moment are in no order.
    let has = |texts: Vec<String>, words: &str| texts.iter().any(|text| text.contains(words));
    assert!(has(told(&world, &team).await, "removed the recovery user Rita Rossi, with the addresses"));
    let lines = world.activity(team.id).await;
    let entries: Vec<&str> = lines
        .iter()
        .filter(|line| line.kind.starts_with("recovery_user."))
        .map(|line| {
            assert!(!line.body.contains("rita@") && !line.body.contains("Rita"), "{}", line.body);
            line.kind.as_str()
        })
        .collect();
    let confirmed = "recovery_user.address_confirmed";
    assert_eq!(entries, ["recovery_user.added", confirmed, confirmed, "recovery_user.removed"]);
    world.check(team.id).await;
}

async fn only_owners_with_proof_choose(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let rita = chosen(&world, &team, &["rita@example.net"]).await;
    let elsewhere = world.account("recommended", 1).await;
    let before = world.dump().await;
    for (by, why) in [
        (signed_in(team.owner), "needs_fresh_proof"),
        (world.proven_by_code(team.owner), "needs_credential"),
        (world.proven(team.admins[0]), "owners_only"),
        (world.proven(elsewhere.owner), "not_found"),
        (OPERATOR, "people_only"),
    ] {
        refused(choose(&world, &team, by.clone(), &["mia@example.net"]).await, why);
        refused(remove(&world, &team, by, rita.id).await, why);
    }
    // Through another account there is no such recovery user.
    refused(remove(&world, &elsewhere, world.proven(elsewhere.owner), rita.id).await, "not_found");
    assert_eq!(world.dump().await, before);
}

async fn the_account_says_when_somebody_can_be_chosen(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 3).await;
    let owner = || world.proven(team.owner);
    let rita = chosen(&world, &team, &["rita@example.net"]).await;
    refused(choose(&world, &team, owner(), &["Rita@Example.net"]).await, "recovery_address_taken");
    refused(choose(&world, &team, owner(), &["mia@example.net", "mia@example.net"]).await, "recovery_address_taken");
    refused(choose(&world, &team, owner(), &[]).await, "recovery_addresses");
    let three = ["a@example.net", "b@example.net", "c@example.net"];
    refused(choose(&world, &team, owner(), &three).await, "recovery_addresses");
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    refused(choose(&world, &team, owner(), &["mia@example.net"]).await, "recovery_users_held");
    remove(&world, &team, owner(), rita.id).await.unwrap();
    world.veto(&case, team.owner).await.unwrap();
    for number in 0..MOST {
        chosen(&world, &team, &[&format!("rita{number}@example.net")]).await;
    }
    refused(choose(&world, &team, owner(), &["mia@example.net"]).await, "too_many_recovery_users");

    let without = world.account("single-owner", 1).await;
    let none = choose(&world, &without, world.proven(without.owner), &["mia@example.net"]).await;
    refused(none, "no_paper_key_route");
    // Another account may choose the same address.
    let other = world.account_with("recommended", 0, &json!({})).await;
    chosen(&world, &other, &["rita1@example.net"]).await;
}

async fn an_account_out_of_use_arranges_nothing(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let rita = chosen(&world, &team, &["rita@example.net"]).await;
    let (app, account, principal) = (world.app.clone(), team.id, world.proven(team.owner));
    world.app.db.run(ChangeStatus { app, account, act: Act::Suspend, principal: principal.clone() }).await.unwrap();
    refused(choose(&world, &team, principal.clone(), &["mia@example.net"]).await, "account_suspended");
    refused(follow(&world, "rita@example.net").await, "account_suspended");
    remove(&world, &team, principal, rita.id).await.unwrap();
}

async fn an_owners_mailbox_is_no_recovery_address(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let owner = || world.proven(team.owner);
    let own = world.person(team.owner).await.email.to_string();
    refused(choose(&world, &team, owner(), &["rita@example.net", &own]).await, "owners_address");
    // Nor does it become one.
    let member = world.join(&team, owner(), "member").await;
    let theirs = world.person(member).await.email.to_string();
    chosen(&world, &team, &[&theirs]).await;
    world.change_owners(&team, owner(), member, owners::Asked::Grant).await.unwrap();
    refused(follow(&world, &theirs).await, "owners_address");
    world.change_owners(&team, owner(), member, owners::Asked::Revoke).await.unwrap();
    follow(&world, &theirs).await.unwrap();
}

async fn a_link_works_once_and_not_for_ever(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    chosen(&world, &team, &["rita@example.net", "rita@example.com"]).await;
    let (first, token) = link(&world, "rita@example.net").await;
    let (other, _) = link(&world, "rita@example.com").await;
    for (link, wrong) in [(first, "nonsense"), (first, &token[..token.len() - 1]), (other, token.as_str())] {
        refused(confirm(&world.app, link, Proof::Token(wrong.to_owned())).await, "dead_link");
    }
    follow(&world, "rita@example.net").await.unwrap();
    refused(follow(&world, "rita@example.net").await, "dead_link");
    world.advance(LINK_LASTS - MICROSECOND);
    let (link, token) = link(&world, "rita@example.com").await;
    show(&world.app, link, &Proof::Token(token)).await.unwrap();
    world.advance(MICROSECOND);
    refused(follow(&world, "rita@example.com").await, "dead_link");
    assert_eq!(seen(&world, &team).await, [false]);
    // Nothing is kept for ever of what has lost its use, and what it confirmed stays.
    world.advance(days(2));
    for prunable in ALL.iter().filter(|it| it.what == "codes of recovery users") {
        let before = world.app.now().after(-prunable.keep);
        assert_eq!(world.app.db.run(Prune(prunable.prune, before)).await.unwrap(), 2);
    }
    let home = recovery_users(&world.app, &signed_in(team.owner), team.id).await.unwrap();
    assert_eq!(home.users[0].addresses.iter().filter(|address| address.confirmed_at.is_some()).count(), 1);
}

struct Prune(
    for<'t> fn(&'t mut Tx, quorate::moment::Moment) -> quorate::jobs::prune::Pruning<'t>,
    quorate::moment::Moment,
);

impl Unit for Prune {
    type Out = u64;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        (self.0)(tx, self.1).await
    }
}

async fn a_code_stands_in_for_the_link(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    chosen(&world, &team, &["rita@example.net", "rita@example.com"]).await;
    let (first, _) = link(&world, "rita@example.net").await;
    let (other, _) = link(&world, "rita@example.com").await;
    let typed = mailed(&world, "rita@example.net").await;
    let code = || Proof::Code(format!("{} {}", &typed[..4], &typed[4..]));
    refused(show(&world.app, other, &code()).await, "wrong_code");
    refused(confirm(&world.app, other, code()).await, "wrong_code");
    show(&world.app, first, &code()).await.unwrap();
    confirm(&world.app, first, code()).await.unwrap();
    refused(confirm(&world.app, first, code()).await, "wrong_code");
    let typed = mailed(&world, "rita@example.com").await;
    world.advance(SignedDuration::from_mins(10));
    refused(show(&world.app, other, &Proof::Code(typed)).await, "wrong_code");
}

async fn codes_are_limited_and_links_are_not(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let email = "rita@example.net";
    chosen(&world, &team, &[email]).await;
    let (link, _) = link(&world, email).await;
    let mut newest = String::new();
    for _ in 0..7 {
        newest = mailed(&world, email).await;
    }
    assert_eq!(letters(&world, email, "link_code").await.len(), 5, "a stranger fills no mailbox");
    for _ in 0..5 {
        refused(show(&world.app, link, &Proof::Code("00000000".to_owned())).await, "wrong_code");
    }
    refused(confirm(&world.app, link, Proof::Code(newest)).await, "wrong_code");
    follow(&world, email).await.unwrap();
}

async fn whoever_is_removed_confirms_nothing(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    let email = "rita@example.net";
    let rita = chosen(&world, &team, &[email]).await;
    let (link, token) = link(&world, email).await;
    let code = mailed(&world, email).await;
    remove(&world, &team, world.proven(team.owner), rita.id).await.unwrap();
    refused(confirm(&world.app, link, Proof::Token(token)).await, "dead_link");
    refused(confirm(&world.app, link, Proof::Code(code)).await, "wrong_code");
    refused(remove(&world, &team, world.proven(team.owner), rita.id).await, "not_found");
    // Their address is free again, and the new link is another one.
    chosen(&world, &team, &[email]).await;
    follow(&world, email).await.unwrap();
}

async fn only_owners_see_them(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    chosen(&world, &team, &["rita@example.net"]).await;
    for (by, why) in [(signed_in(team.admins[0]), "owners_only"), (signed_in(world.stranger().await), "not_found")] {
        refused(recovery_users(&world.app, &by, team.id).await, why);
    }
    // Nor does anybody else read their names and addresses in the list of mails.
    for (by, sees) in [(team.owner, true), (team.admins[0], false)] {
        let mails = quorate::app::view::mail::of_account(&world.app, &signed_in(by), team.id, None, 200).await.unwrap();
        let request = mails.iter().find(|mail| mail.kind == "recovery_request").unwrap();
        assert_eq!((request.recipient.user, request.address.is_some()), (None, sees));
        assert_eq!(request.recipient.name != "a recovery user", sees);
        let others = mails.iter().filter(|mail| mail.recipient.user.is_some());
        assert!(others.clone().count() > 0 && others.into_iter().all(|mail| mail.address.is_some()));
    }
    let lines = world.activity(team.id).await;
    let added = lines.iter().find(|line| line.kind == "recovery_user.added").unwrap();
    let entry: Entry = serde_json::from_str(&added.body).unwrap();
    assert_eq!(entry.actor.person(), Some(team.owner));
}

async fn nothing_usable_is_stored(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 0).await;
    chosen(&world, &team, &["rita@example.net"]).await;
    let (link, token) = link(&world, "rita@example.net").await;
    let code = mailed(&world, "rita@example.net").await;
    let everything = format!("{:?}", world.dump().await);
    assert!(everything.contains("rita@example.net"), "the dump shows what the tables hold");
    assert!(!everything.contains(&code) && !everything.contains(token.split_once('.').unwrap().1), "{link}");
}
