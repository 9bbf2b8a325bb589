//! The first passkey of a new owner: what its link makes, for whom, and what is told of it.

use quorate::{
    app::{
        change_member,
        enrol_owner::{EnrolOwner, ask_first_passkey, new_owner},
        error::Error,
        owners,
        redeem::Answer,
    },
    id::CeremonyId,
    ownership::{credential::MOST_PASSKEYS, member::Status},
    recovery::terms::Kind,
};
use serde_json::{Value, json};

use super::{
    passkeys::{SITE, add},
    passwords::by_mail,
    recovery_users::{choose, letters},
    redeemers::naming,
    redemption::{NORA, RITA, answers, completed, enrol, enrol_token, enter, held, use_key},
};
use crate::harness::{
    TestDb,
    authenticator::Device,
    on_both,
    proof::equip,
    world::{World, hours, refused},
};

on_both!(
    a_link_makes_one_passkey_for_an_owner,
    a_link_dies_with_the_ownership_that_a_recovery_takes,
    a_passkey_is_made_once_and_ten_at_most,
    what_mail_alone_made_is_not_vouched_for,
    who_can_act_gets_no_link,
    whoever_watches_hears_of_it,
    only_that_link_makes_a_passkey,
);

async fn keep(world: &World, token: &str, ceremony: CeremonyId, answer: Value) -> Result<(), Error> {
    let (app, token, name) = (world.app.clone(), token.to_owned(), "Telephone".to_owned());
    world.app.db.run(EnrolOwner { app, token, ceremony, answer, name }).await.map(drop)
}

async fn a_link_makes_one_passkey_for_an_owner(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    let nominee = completed(&world, &team, &key, Kind::Add).await.terms.nominee.id;
    let token = enrol_token(&world, &team, nominee).await;
    let asked = async || {
        let (ceremony, options) = ask_first_passkey(&world.app, &token).await.unwrap();
        (ceremony, Device::at(SITE).create(&options))
    };
    let (first, second, third) = (asked().await, asked().await, asked().await);
    world.change_owners(&team, world.proven(team.owner), nominee, owners::Asked::Revoke).await.unwrap();
    refused(keep(&world, &token, first.0, first.1).await, "dead_link");
    refused(ask_first_passkey(&world.app, &token).await, "dead_link");
    world.change_owners(&team, world.proven(team.owner), nominee, owners::Asked::Grant).await.unwrap();
    keep(&world, &token, second.0, second.1).await.unwrap();
    refused(keep(&world, &token, third.0, third.1).await, "dead_link");
    refused(new_owner(&world.app, &token).await, "dead_link");
}

/// Who becomes owner again does so on new grounds, and what was mailed to them before is not among these.
async fn a_link_dies_with_the_ownership_that_a_recovery_takes(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 3, &json!({})).await;
    let [next, b, c] = team.admins[..] else { panic!("three administrators") };
    let nominee = completed(&world, &team, &key, Kind::Add).await.terms.nominee.id;
    let token = enrol_token(&world, &team, nominee).await;
    assert!(new_owner(&world.app, &token).await.is_ok());
    let case = world.open(&team, next, next).await.unwrap();
    world.approve(&case, &[b, c]).await;
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    assert_eq!(world.state(&case).await, "completed");
    let resume = change_member::Asked::Status(Status::Active);
    world.change(&team, world.proven(next), nominee, resume).await.unwrap();
    world.change_owners(&team, world.proven(next), nominee, owners::Asked::Grant).await.unwrap();
    refused(new_owner(&world.app, &token).await, "dead_link");
    refused(ask_first_passkey(&world.app, &token).await, "dead_link");
}

async fn a_passkey_is_made_once_and_ten_at_most(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    let nominee = completed(&world, &team, &key, Kind::Add).await.terms.nominee.id;
    let mut device = Device::at(SITE);
    enrol(&world, &enrol_token(&world, &team, nominee).await, &mut device).await.unwrap();
    // What counts in one account does not in another, so there they get a link too.
    let (other, _, key) = held(&world, 0, &json!({})).await;
    completed(&world, &other, &key, Kind::Add).await;
    let token = enrol_token(&world, &other, nominee).await;
    let (ceremony, options) = ask_first_passkey(&world.app, &token).await.unwrap();
    assert_eq!(options["publicKey"]["excludeCredentials"].as_array().unwrap().len(), 1, "{options}");
    let why = refused(keep(&world, &token, ceremony, device.create_again(&options)).await, "passkey_refused");
    assert!(why.contains("known here already"), "{why}");
    let by = enter(&world, &mut device).await;
    for number in 2..MOST_PASSKEYS {
        add(&world, &mut device, &by, &format!("Key {number}")).await.unwrap();
    }
    let (ceremony, options) = ask_first_passkey(&world.app, &token).await.unwrap();
    let answer = Device::at(SITE).create(&options);
    add(&world, &mut device, &by, "The tenth").await.unwrap();
    refused(keep(&world, &token, ceremony, answer).await, "too_many_passkeys");
    refused(ask_first_passkey(&world.app, &token).await, "too_many_passkeys");
}

async fn what_mail_alone_made_is_not_vouched_for(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    let nominee = completed(&world, &team, &key, Kind::Add).await.terms.nominee.id;
    let (mut by_code, mut by_link) = (Device::at(SITE), Device::at(SITE));
    let session = by_mail(&world, nominee).await;
    add(&world, &mut by_code, &session, "Mailbox").await.unwrap();
    enrol(&world, &enrol_token(&world, &team, nominee).await, &mut by_link).await.unwrap();
    let by = enter(&world, &mut by_code).await;
    refused(choose(&world, &team, by, &["paul@example.net"]).await, "credential_too_new");
    let by = enter(&world, &mut by_link).await;
    choose(&world, &team, by, &["paul@example.net"]).await.unwrap();
}

async fn who_can_act_gets_no_link(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 1, &json!({})).await;
    let ada = team.admins[0];
    let email = world.person(ada).await.email;
    equip(&world.app, &email).await;
    let case = world.case(use_key(&world, &key, RITA, naming(&world, ada).await).await.unwrap()).await;
    answers(&world, &case, Answer::Confirm).await.unwrap();
    world.deliver().await;
    world.advance(hours(72));
    world.sweep().await;
    let welcome = letters(&world, email.as_str(), "new_owner_welcome").await;
    assert!(welcome.len() == 1 && !welcome[0].contains("/l/"), "{welcome:?}");
}

async fn whoever_watches_hears_of_it(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 1, &json!({})).await;
    let nominee = completed(&world, &team, &key, Kind::Add).await.terms.nominee.id;
    enrol(&world, &enrol_token(&world, &team, nominee).await, &mut Device::at(SITE)).await.unwrap();
    let own = letters(&world, NORA, "passkey_changed").await;
    assert!(own.len() == 1 && own[0].contains("link that we mailed to you as a"), "{own:?}");
    assert_eq!(world.letters(team.id, team.owner, "member_passkey_changed").await.len(), 1);
    let entries = world.activity(team.id).await.into_iter().filter(|line| line.kind == "member.passkey_added");
    assert_eq!(entries.count(), 1);
}

async fn only_that_link_makes_a_passkey(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    let case = world.case(use_key(&world, &key, RITA, super::redemption::nora(Kind::Add)).await.unwrap()).await;
    let nominee = case.terms.nominee.id;
    let nomination = world.app.secret.link_token(world.link(team.id, nominee, "nomination").await);
    refused(new_owner(&world.app, &nomination).await, "wrong_link");
    refused(ask_first_passkey(&world.app, &nomination).await, "wrong_link");
    // Answered, it is over.
    answers(&world, &case, Answer::Confirm).await.unwrap();
    refused(answers(&world, &case, Answer::Decline).await, "dead_link");
    // An owner has other links, which anybody who reads the mailbox may use: none of them makes what counts.
    let pause = world.app.secret.link_token(world.link(team.id, team.owner, "owner_alert").await);
    refused(new_owner(&world.app, &pause).await, "wrong_link");
    refused(ask_first_passkey(&world.app, &pause).await, "wrong_link");
}
