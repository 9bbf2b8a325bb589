//! Passkeys: who may add and remove them, what they show and to whom it counts, and that no answer fits where it was not asked.

use jiff::SignedDuration;
use quorate::{
    app::{
        act::Asked,
        add_passkey::{AddPasskey, ask_passkey},
        change_address::ChangeAddress,
        error::Error,
        my_passkeys::my_passkeys,
        passkey_sign_in::{ask_sign_in, sign_in},
        principal::Principal,
        prove_passkey::{ask_proof, prove_by_passkey},
        remove_passkey::RemovePasskey,
        rename_passkey::RenamePasskey,
        use_passkey::Answer,
        view::me::PasskeyView,
    },
    id::{CredentialId, UserId},
    ownership::credential::{MOST_PASSKEYS, ProvenBy},
    recovery::{ballot::Choice, policy::BallotWay},
    store::{passkeys::Stored, sessions},
};
use serde_json::{Value, json};

use super::passwords::{ONE, address_of, by_mail, by_password, sent, session, set};
use crate::harness::{
    TestDb,
    authenticator::Device,
    on_both,
    world::{World, refused},
};

on_both!(
    a_passkey_is_added_signs_in_and_proves,
    an_answer_fits_once_and_where_it_was_asked,
    what_a_device_says_is_checked,
    a_copy_ends_it,
    devices_that_share_one_count_for_themselves,
    added_by_mail_it_counts_for_no_more,
    whoever_has_one_needs_it_to_move,
    removing_takes_more_than_a_code,
    there_are_ten_at_most_each_once,
    it_has_a_name_that_changes,
    by_an_address_of_digits_there_are_none,
);

pub const SITE: &str = "https://quorate.example";

pub async fn add(world: &World, device: &mut Device, by: &Principal, name: &str) -> Result<Stored, Error> {
    let (ceremony, options) = ask_passkey(&world.app, by).await?;
    let answer = device.create(&options);
    let (app, principal, name) = (world.app.clone(), by.clone(), name.to_owned());
    world.app.db.run(AddPasskey { app, ceremony, answer, name, principal }).await
}

/// Somebody with a password, who has just shown it, and a passkey behind which there is more than mail.
async fn equipped(world: &World, device: &mut Device) -> (UserId, Principal, CredentialId) {
    let team = world.account("recommended", 2).await;
    let ada = team.admins[0];
    let by = by_mail(world, ada).await;
    set(world, &by, ONE).await.unwrap();
    world.advance(SignedDuration::from_hours(24 * 30));
    let by = by_password(world, ada, ONE).await;
    let stored = add(world, device, &by, "Telephone").await.unwrap();
    (ada, by, stored.credential.held.id)
}

async fn prove(world: &World, device: &mut Device, by: &Principal) -> Result<(), Error> {
    let (ceremony, options) = ask_proof(&world.app, by).await?;
    let answer = device.get(&options);
    prove_by_passkey(&world.app, by.clone(), Answer { ceremony, answer }).await.map(drop)
}

async fn enter(world: &World, device: &mut Device) -> Result<Principal, Error> {
    let (ceremony, options) = ask_sign_in(&world.app)?;
    let answer = device.get(&options);
    let signed_in = sign_in(&world.app, Answer { ceremony, answer }, None).await?;
    world.who(signed_in.token.reveal()).await
}

async fn mine(world: &World, by: &Principal) -> Vec<PasskeyView> {
    my_passkeys(&world.app, by).await.unwrap()
}

async fn remove(world: &World, by: &Principal, passkey: CredentialId) -> Result<(), Error> {
    world.app.db.run(RemovePasskey { app: world.app.clone(), passkey, principal: by.clone() }).await
}

async fn a_passkey_is_added_signs_in_and_proves(test: TestDb) {
    let world = World::new(test);
    let mut device = Device::at(SITE);
    let (ada, by, id) = equipped(&world, &mut device).await;
    let [shown] = mine(&world, &by).await.try_into().unwrap();
    assert_eq!((shown.id, shown.name.as_str(), shown.mail_alone_until), (id, "Telephone", None));
    assert_eq!(shown.last_used_at, None);

    let entered = enter(&world, &mut device).await.unwrap();
    assert_eq!(entered.person_everywhere().unwrap(), ada);
    let proof = entered.proof().unwrap();
    assert_eq!((proof.at, proof.by), (world.app.now(), ProvenBy::Credential { id, mail_since: None }));

    let token = session(&world, ada).await;
    let other = world.who(&token).await.unwrap();
    assert_eq!(other.proof(), None);
    prove(&world, &mut device, &other).await.unwrap();
    let proof = world.who(&token).await.unwrap().proof().unwrap();
    assert_eq!(proof.by, ProvenBy::Credential { id, mail_since: None });
    assert_eq!(mine(&world, &by).await[0].last_used_at, Some(world.app.now()));
}

async fn an_answer_fits_once_and_where_it_was_asked(test: TestDb) {
    let world = World::new(test);
    let mut device = Device::at(SITE);
    let (ada, by, _) = equipped(&world, &mut device).await;
    let entering = |ceremony, answer: &Value| sign_in(&world.app, Answer { ceremony, answer: answer.clone() }, None);

    // Once.
    let (ceremony, options) = ask_sign_in(&world.app).unwrap();
    let answer = device.get(&options);
    entering(ceremony, &answer).await.unwrap();
    refused(entering(ceremony, &answer).await, "ceremony_over");
    // For that question alone.
    let (other, _) = ask_sign_in(&world.app).unwrap();
    refused(entering(other, &answer).await, "passkey_refused");
    // For five minutes.
    let (ceremony, options) = ask_sign_in(&world.app).unwrap();
    let answer = device.get(&options);
    world.advance(SignedDuration::from_mins(5));
    entering(ceremony, &answer).await.unwrap();
    let (ceremony, options) = ask_sign_in(&world.app).unwrap();
    let answer = device.get(&options);
    world.advance(SignedDuration::from_mins(5) + SignedDuration::from_secs(1));
    refused(entering(ceremony, &answer).await, "ceremony_over");
    // Nor is there one of tomorrow.
    let tomorrow = world.app.chance.id(world.app.now().after(SignedDuration::from_hours(24)));
    refused(entering(tomorrow, &answer).await, "ceremony_over");
    // To sign in, and not to prove; in its session, and not in another.
    let [first, second] = [session(&world, ada).await, session(&world, ada).await];
    let (first, second) = (world.who(&first).await.unwrap(), world.who(&second).await.unwrap());
    let (ceremony, options) = ask_sign_in(&world.app).unwrap();
    let answer = Answer { ceremony, answer: device.get(&options) };
    refused(prove_by_passkey(&world.app, first.clone(), answer).await, "passkey_refused");
    let (ceremony, options) = ask_proof(&world.app, &first).await.unwrap();
    let answer = Answer { ceremony, answer: device.get(&options) };
    refused(prove_by_passkey(&world.app, second, answer.clone()).await, "passkey_refused");
    refused(sign_in(&world.app, answer.clone(), None).await, "passkey_refused");
    prove_by_passkey(&world.app, first, answer).await.unwrap();
    // What was made answers its own question only.
    let by = by_password(&world, by.person_everywhere().unwrap(), ONE).await;
    let (_, options) = ask_passkey(&world.app, &by).await.unwrap();
    let answer = device.create(&options);
    let (ceremony, _) = ask_passkey(&world.app, &by).await.unwrap();
    let (app, name, principal) = (world.app.clone(), "x".to_owned(), by);
    refused(world.app.db.run(AddPasskey { app, ceremony, answer, name, principal }).await, "passkey_refused");
}

async fn what_a_device_says_is_checked(test: TestDb) {
    let world = World::new(test);
    let mut device = Device::at(SITE);
    let (_, by, _) = equipped(&world, &mut device).await;

    // A page of another address, be it ever so like.
    for origin in ["https://quorate.example.evil.example", "https://evil.quorate.example", "http://quorate.example"] {
        let mut elsewhere = device.copy();
        origin.clone_into(&mut elsewhere.origin);
        let why = refused(enter(&world, &mut elsewhere).await, "passkey_refused");
        assert!(why.contains("a page of another address"), "{why}");
        refused(add(&world, &mut elsewhere, &by, "x").await, "passkey_refused");
    }
    // Whoever holds the device.
    let mut unverified = device.copy();
    unverified.verifies = false;
    let why = refused(enter(&world, &mut unverified).await, "passkey_refused");
    assert!(why.contains("did not make sure"), "{why}");
    refused(add(&world, &mut unverified, &by, "x").await, "passkey_refused");
    // Nobody's.
    let mut stranger = Device::at(SITE);
    let (_, options) = ask_passkey(&world.app, &by).await.unwrap();
    stranger.create(&options);
    let why = refused(enter(&world, &mut stranger).await, "passkey_refused");
    assert!(why.contains("not known here"), "{why}");
    // Somebody else's, in one's own session; and one that says that it is somebody else's.
    let eve = world.account("recommended", 1).await.admins[0];
    let eves = by_mail(&world, eve).await;
    let mut eves_device = Device::at(SITE);
    add(&world, &mut eves_device, &eves, "Eve's").await.unwrap();
    let (ceremony, mut options) = ask_proof(&world.app, &by).await.unwrap();
    options["publicKey"]["allowCredentials"] = json!([]);
    let answer = eves_device.get(&options);
    refused(prove_by_passkey(&world.app, by.clone(), Answer { ceremony, answer }).await, "passkey_refused");
    let (ceremony, options) = ask_sign_in(&world.app).unwrap();
    let mut answer = eves_device.get(&options);
    for user in
        [json!(data_encoding::BASE64URL_NOPAD.encode(by.person_everywhere().unwrap().uuid().as_bytes())), Value::Null]
    {
        answer["response"]["userHandle"] = user;
        let answer = Answer { ceremony, answer: answer.clone() };
        refused(sign_in(&world.app, answer, None).await, "passkey_refused");
    }
    // A signature of something else; and nonsense.
    let (ceremony, options) = ask_sign_in(&world.app).unwrap();
    let good = device.get(&options);
    for (part, other) in [("signature", "AAAA"), ("authenticatorData", "AAAA"), ("clientDataJSON", "e30")] {
        let mut answer = good.clone();
        answer["response"][part] = json!(other);
        refused(sign_in(&world.app, Answer { ceremony, answer }, None).await, "passkey_refused");
    }
    for nonsense in [json!(null), json!({}), json!("x"), json!({"rawId": ""})] {
        refused(sign_in(&world.app, Answer { ceremony, answer: nonsense }, None).await, "passkey_refused");
    }
    // None of it has used the question up.
    sign_in(&world.app, Answer { ceremony, answer: good }, None).await.unwrap();
}

async fn a_copy_ends_it(test: TestDb) {
    let world = World::new(test);
    let mut device = Device::at(SITE);
    let (ada, by, _) = equipped(&world, &mut device).await;
    let mut copy = device.copy();
    let begun = enter(&world, &mut device).await.unwrap();
    let before = sent(&world, "member_passkey_changed").await.len();
    let why = refused(enter(&world, &mut copy).await, "passkey_refused");
    assert!(why.contains("may have been copied"), "{why}");
    assert_eq!(mine(&world, &by).await, []);
    // Nobody knows which of the two began the sessions there are.
    for ended in [&begun, &by] {
        let session = ended.session().unwrap();
        let sessions =
            sessions::by_id(&mut world.app.db.read().await.unwrap(), session, world.app.now()).await.unwrap();
        assert_eq!(sessions, None);
    }
    let why = refused(enter(&world, &mut device).await, "passkey_refused");
    assert!(why.contains("not known here"), "{why}");
    // It is told, and not as if somebody had been told of a new one.
    let told = sent(&world, "passkey_changed").await;
    assert_eq!(told.iter().filter(|(to, mark)| *to == told[0].0 && mark.is_none()).count(), 1, "{told:?}");
    assert_eq!(sent(&world, "member_passkey_changed").await.len(), before + 1);
    assert_eq!(told[0].0, address_of(&world, ada).await);
}

async fn devices_that_share_one_count_for_themselves(test: TestDb) {
    let world = World::new(test);
    let mut telephone = Device::at(SITE);
    telephone.shares = true;
    let (_, by, _) = equipped(&world, &mut telephone).await;
    let mut laptop = telephone.copy();
    for device in [&mut telephone, &mut laptop] {
        for _ in 0..2 {
            enter(&world, device).await.unwrap();
        }
    }
    assert_eq!(mine(&world, &by).await.len(), 1);
    // One that is on one device alone never becomes one that is shared.
    laptop.shares = false;
    refused(enter(&world, &mut laptop).await, "passkey_refused");
}

async fn added_by_mail_it_counts_for_no_more(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 4).await;
    world.advance(SignedDuration::from_hours(24 * 30));
    let ada = team.admins[0];
    let by = by_mail(&world, ada).await;
    let mut device = Device::at(SITE);
    let stored = add(&world, &mut device, &by, "Thief's").await.unwrap();
    let held = stored.credential.held;
    assert_eq!(held.mail_since, Some(world.app.now()));
    let mark = Some(held.id.to_string());
    assert_eq!(sent(&world, "passkey_changed").await, [(address_of(&world, ada).await, mark.clone())]);
    assert_eq!(sent(&world, "member_passkey_changed").await, [(address_of(&world, team.owner).await, mark)]);
    let entered = enter(&world, &mut device).await.unwrap();
    let case = world.open(&team, ada, team.admins[1]).await.unwrap();
    let (choice, terms_hash, way) = (Choice::Approve, case.terms_hash, BallotWay::SignedIn);
    let voted = world.act(case.id(), entered.clone(), Asked::Cast { choice, terms_hash, way }).await;
    refused(voted, "credential_too_new");
    // What is set with it is worth as little.
    let another = add(&world, &mut Device::at(SITE), &entered, "Another").await.unwrap();
    assert_eq!(another.credential.held.mail_since, held.mail_since);
    world.check(team.id).await;
}

async fn whoever_has_one_needs_it_to_move(test: TestDb) {
    let world = World::new(test);
    let mut device = Device::at(SITE);
    let team = world.account("recommended", 2).await;
    let ada = team.admins[0];
    let by = by_mail(&world, ada).await;
    add(&world, &mut device, &by, "Telephone").await.unwrap();
    let (app, code) = (world.app.clone(), "00000000".to_owned());
    let change = ChangeAddress { app, code, principal: by_mail(&world, ada).await };
    refused(world.app.db.run(change).await.map(|_| ()), "needs_credential");
}

async fn removing_takes_more_than_a_code(test: TestDb) {
    let world = World::new(test);
    let mut device = Device::at(SITE);
    let (ada, by, id) = equipped(&world, &mut device).await;
    let code = by_mail(&world, ada).await;
    refused(remove(&world, &code, id).await, "needs_credential");
    // Nor does what was added by mail remove what was there before.
    let mut thiefs = Device::at(SITE);
    let theirs = add(&world, &mut thiefs, &code, "Thief's").await.unwrap().credential.held.id;
    let thief = enter(&world, &mut thiefs).await.unwrap();
    refused(remove(&world, &thief, id).await, "needs_credential");
    // Nobody else's, and nothing twice.
    let stranger = by_mail(&world, world.account("recommended", 1).await.admins[0]).await;
    refused(remove(&world, &stranger, id).await, "not_found");
    let owner = enter(&world, &mut device).await.unwrap();
    remove(&world, &owner, theirs).await.unwrap();
    refused(enter(&world, &mut thiefs).await, "passkey_refused");
    refused(remove(&world, &owner, theirs).await, "not_found");
    // Every other session has ended: the thief's above all.
    let ended = remove(&world, &thief, id).await;
    refused(ended, "unauthenticated");
    assert_eq!(mine(&world, &by).await.len(), 1);
    let told = sent(&world, "passkey_changed").await;
    assert_eq!(told.iter().filter(|(_, mark)| mark.is_none()).count(), 1, "{told:?}");
}

async fn there_are_ten_at_most_each_once(test: TestDb) {
    let world = World::new(test);
    let mut device = Device::at(SITE);
    let (_, by, _) = equipped(&world, &mut device).await;
    let (ceremony, options) = ask_passkey(&world.app, &by).await.unwrap();
    assert_eq!(options["publicKey"]["excludeCredentials"].as_array().unwrap().len(), 1, "{options}");
    let (app, name, answer) = (world.app.clone(), "Again".to_owned(), device.create_again(&options));
    let again = AddPasskey { app, ceremony, answer, name, principal: by.clone() };
    let why = refused(world.app.db.run(again).await, "passkey_refused");
    assert!(why.contains("known here already"), "{why}");
    for number in 2..=MOST_PASSKEYS {
        add(&world, &mut device, &by, &format!("Key {number}")).await.unwrap();
    }
    refused(add(&world, &mut device, &by, "One more").await, "too_many_passkeys");
}

async fn it_has_a_name_that_changes(test: TestDb) {
    let world = World::new(test);
    let mut device = Device::at(SITE);
    let (_, by, passkey) = equipped(&world, &mut device).await;
    let rename = |principal: &Principal, name: &str| {
        let (app, name, principal) = (world.app.clone(), name.to_owned(), principal.clone());
        world.app.db.run(RenamePasskey { app, passkey, name, principal })
    };
    assert_eq!(rename(&by, " Blue key ").await.unwrap().name, "Blue key");
    refused(rename(&by, " ").await, "invalid");
    let stranger = by_mail(&world, world.account("recommended", 1).await.admins[0]).await;
    refused(rename(&stranger, "Mine").await, "not_found");
    refused(add(&world, &mut device, &by, "\u{7}").await, "invalid");
    assert_eq!(mine(&world, &by).await.len(), 1);
}

async fn by_an_address_of_digits_there_are_none(test: TestDb) {
    let mut world = World::new(test);
    let mut device = Device::at(SITE);
    let (_, by, _) = equipped(&world, &mut device).await;
    "http://127.0.0.1:8080".clone_into(&mut world.app.public_url);
    refused(ask_passkey(&world.app, &by).await, "no_passkeys_here");
    refused(ask_proof(&world.app, &by).await, "no_passkeys_here");
    refused(ask_sign_in(&world.app), "no_passkeys_here");
}
