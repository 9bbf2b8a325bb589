//! How an account looks, who joins it by e-mail domain, and whether its children need a reference.

use quorate::{
    app::{
        app::App,
        branding::SetBranding,
        create_account::CreateAccount,
        error::Error,
        join::Join,
        join_domains::{PutDomain, RemoveDomain},
        logo::{SetLogo, logo},
        principal::Principal,
        prove_domain::{Looked, look_again, verify},
        reference::SetReference,
    },
    id::AccountId,
    jobs::domains::sweep,
    ownership::{
        preset::Reference,
        settings::{Domain, JoinDomain},
    },
    store::{domains, settings},
};
use tokio_util::sync::CancellationToken;

pub use crate::harness::dns::Records;
use crate::harness::{
    TestDb, on_both,
    world::{OPERATOR, Team, World, days, hours, refused, signed_in},
};

on_both!(
    owners_say_how_the_account_looks,
    a_logo_is_kept_and_shown_to_members,
    only_owners_with_proof_change_settings,
    people_join_by_a_proven_domain,
    a_record_of_another_account_proves_nothing,
    a_proof_lapses_when_its_record_is_gone,
    who_may_be_let_in_by_a_domain,
    children_need_a_reference_where_owners_say_so,
);

/// The smallest picture that is taken: its pixels are never looked at.
pub fn small_png() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\x1f\xf3\xffa".to_vec();
    png.extend(b"\0\0\0\0IDAT5\xafC\x1e\0\0\0\0IEND\xaeB`\x82");
    png
}

/// Has people join an account by a domain, which is proven.
pub async fn proven_domain(world: &World, records: &Records, account: AccountId, by: &Principal, domain: &str) {
    records.publish(account, domain);
    let app = App { dns: records.dns(), ..world.app.clone() };
    put(&app, account, by, domain, "member").await.unwrap();
    verify(&app, by, account, domain).await.unwrap();
}

async fn put(app: &App, account: AccountId, by: &Principal, domain: &str, role: &str) -> Result<JoinDomain, Error> {
    let (domain, role, principal) = (domain.to_owned(), role.to_owned(), by.clone());
    app.db.run(PutDomain { app: app.clone(), account, domain, role, principal }).await
}

async fn remove(app: &App, account: AccountId, by: &Principal, domain: &str) -> Result<(), Error> {
    let (domain, principal) = (domain.to_owned(), by.clone());
    app.db.run(RemoveDomain { app: app.clone(), account, domain, principal }).await
}

async fn join(world: &World, team: &Team, by: Principal) -> Result<&'static str, Error> {
    let unit = Join { app: world.app.clone(), account: team.id, principal: by };
    world.app.db.run(unit).await.map(|stored| stored.member.status.word())
}

async fn brand(world: &World, team: &Team, by: Principal, name: &str, colour: &str) -> Result<(), Error> {
    let given = |text: &str| Some(text.to_owned());
    let (app, account) = (world.app.clone(), team.id);
    let unit = SetBranding { app, account, name: given(name), colour: given(colour), version: None, principal: by };
    world.app.db.run(unit).await
}

async fn set_logo(world: &World, team: &Team, by: Principal, file: Option<Vec<u8>>) -> Result<(), Error> {
    let unit = SetLogo { app: world.app.clone(), account: team.id, file, version: None, principal: by };
    world.app.db.run(unit).await
}

async fn kept(world: &World, team: &Team) -> settings::Settings {
    settings::load(&mut world.app.db.read().await.unwrap(), team.id).await.unwrap()
}

async fn alerts(world: &World, team: &Team) -> usize {
    world.letters(team.id, team.owner, "domain_changed").await.len()
}

async fn owners_say_how_the_account_looks(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let owner = || world.proven(team.owner);
    brand(&world, &team, owner(), " Acme Freight ", "#FFCC00").await.unwrap();
    let now = kept(&world, &team).await;
    assert_eq!(now.brand_name.as_deref(), Some("Acme Freight"));
    assert_eq!(now.brand_colour.map(|colour| colour.to_string()).as_deref(), Some("#ffcc00"));
    // Mails that are queued from now on carry it.
    let invited = world.invite(&team, owner(), "member").await.unwrap().member.user;
    let mail = world.everything_mailed().await.into_iter().find(|mail| mail.to.user == Some(invited)).unwrap();
    let opened = quorate::mail::mailbox::letter(&world.app, &world.post, mail.id).await.unwrap().unwrap();
    let html = opened.letter.unwrap().rendered.html;
    assert!(html.contains("Acme Freight") && html.contains("background:#ffcc00;color:#000000"), "{html}");
    let entries = world.activity(team.id).await.len();
    brand(&world, &team, owner(), "Acme Freight", "#ffcc00").await.unwrap();
    assert_eq!(world.activity(team.id).await.len(), entries, "the same again changes nothing");
    refused(brand(&world, &team, owner(), &"x".repeat(61), "").await, "brand_name");
    refused(brand(&world, &team, owner(), "Acme\u{202e}", "").await, "brand_name");
    refused(brand(&world, &team, owner(), "", "blue").await, "not_a_colour");
    brand(&world, &team, owner(), "", "").await.unwrap();
    assert_eq!(kept(&world, &team).await, settings::Settings::default());
    world.check(team.id).await;
}

async fn a_logo_is_kept_and_shown_to_members(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    let owner = || world.proven(team.owner);
    let stranger = signed_in(world.stranger().await);
    set_logo(&world, &team, owner(), Some(small_png())).await.unwrap();
    assert_eq!(logo(&world.app, &signed_in(team.admins[0]), team.id).await.unwrap(), small_png());
    refused(logo(&world.app, &stranger, team.id).await, "not_found");
    let mut followed = small_png();
    followed.extend(b"<script>");
    for wrong in [followed, b"<svg/>".to_vec(), Vec::new()] {
        refused(set_logo(&world, &team, owner(), Some(wrong)).await, "logo");
    }
    assert_eq!(logo(&world.app, &owner(), team.id).await.unwrap(), small_png());
    set_logo(&world, &team, owner(), None).await.unwrap();
    refused(logo(&world.app, &owner(), team.id).await, "not_found");
    world.check(team.id).await;
}

async fn only_owners_with_proof_change_settings(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 2).await;
    let stranger = world.stranger().await;
    let app = &world.app;
    for (by, code) in [
        (signed_in(team.owner), "needs_fresh_proof"),
        (world.proven(team.admins[0]), "owners_only"),
        (world.proven(stranger), "not_found"),
        (OPERATOR, "people_only"),
    ] {
        refused(brand(&world, &team, by.clone(), "X", "").await, code);
        refused(set_logo(&world, &team, by.clone(), Some(small_png())).await, code);
        refused(put(app, team.id, &by, "acme.example", "member").await, code);
        refused(remove(app, team.id, &by, "acme.example").await, code);
        refused(verify(app, &by, team.id, "acme.example").await, code);
        let rule = Reference::Mandatory;
        let unit = SetReference { app: app.clone(), account: team.id, rule, version: None, principal: by };
        refused(app.db.run(unit).await, code);
    }
    assert_eq!(kept(&world, &team).await, settings::Settings::default());
}

async fn people_join_by_a_proven_domain(test: TestDb) {
    let world = World::new(test);
    let records = Records::start().await;
    let team = world.account("recommended", 2).await;
    let owner = world.proven(team.owner);
    let app = App { dns: records.dns(), ..world.app.clone() };
    let joiner = world.stranger().await;
    put(&app, team.id, &owner, "@Example.ORG", "member").await.unwrap();
    refused(join(&world, &team, signed_in(joiner)).await, "not_found");
    let sentence = refused(verify(&app, &owner, team.id, "example.org").await, "record_not_found");
    assert!(sentence.contains("_quorate.example.org"), "{sentence}");
    records.put("_quorate.example.org", &["quorate-join=something-else"]);
    refused(verify(&app, &owner, team.id, "example.org").await, "record_not_found");
    records.fail();
    refused(verify(&app, &owner, team.id, "example.org").await, "dns_silent");
    records.clear();
    records.publish(team.id, "example.org");
    let before = alerts(&world, &team).await;
    verify(&app, &owner, team.id, "example.org").await.unwrap();
    verify(&app, &owner, team.id, "example.org").await.unwrap();
    assert_eq!(alerts(&world, &team).await, before + 1, "only the beginning of a proof is news");
    assert_eq!(join(&world, &team, signed_in(joiner)).await.unwrap(), "active");
    assert_eq!(join(&world, &team, signed_in(joiner)).await.unwrap(), "active", "once more changes nothing");
    let member = world.member(&team, joiner).await.unwrap().member;
    assert_eq!((member.role.as_str(), member.administrator, member.owner), ("member", false, false));
    assert_eq!(world.letters(team.id, team.owner, "member_joined").await.len(), 1);
    assert_eq!(world.letters(team.id, team.admins[0], "member_joined").await.len(), 1);
    // Taken away, it lets nobody in, and whoever has joined stays.
    remove(&app, team.id, &owner, "example.org").await.unwrap();
    refused(join(&world, &team, signed_in(world.stranger().await)).await, "not_found");
    assert!(world.member(&team, joiner).await.is_some());
    world.check(team.id).await;
}

async fn a_record_of_another_account_proves_nothing(test: TestDb) {
    let world = World::new(test);
    let records = Records::start().await;
    let (team, other) = (world.account("recommended", 1).await, world.account("recommended", 1).await);
    let app = App { dns: records.dns(), ..world.app.clone() };
    let owner = world.proven(team.owner);
    put(&app, team.id, &owner, "example.org", "member").await.unwrap();
    records.publish(other.id, "example.org");
    refused(verify(&app, &owner, team.id, "example.org").await, "record_not_found");
    refused(join(&world, &team, signed_in(other.owner)).await, "not_found");
}

async fn a_proof_lapses_when_its_record_is_gone(test: TestDb) {
    let world = World::new(test);
    let records = Records::start().await;
    let team = world.account("recommended", 1).await;
    let owner = world.proven(team.owner);
    let app = App { dns: records.dns(), ..world.app.clone() };
    proven_domain(&world, &records, team.id, &owner, "example.org").await;
    let stop = CancellationToken::new();
    assert_eq!(sweep(&app, &stop).await.unwrap().looked_at, 0, "a day passes first");
    world.advance(days(1));
    assert_eq!(sweep(&app, &stop).await.unwrap().looked_at, 1);
    let domain: Domain = "example.org".parse().unwrap();
    let proven = domains::find(&mut app.db.read().await.unwrap(), team.id, &domain).await.unwrap().unwrap();
    assert_eq!(proven.proven_at, Some(world.app.now()), "found again, the proof lasts on");
    records.clear();
    let joiner = signed_in(world.stranger().await);
    for day in 1..30 {
        world.advance(days(1));
        assert_eq!(look_again(&app, team.id, &domain).await.unwrap(), Looked::Missing, "day {day}");
    }
    let before = alerts(&world, &team).await;
    world.advance(days(1));
    // The proof is too old: nobody joins, whether the sweep has looked or not.
    refused(join(&world, &team, joiner).await, "not_found");
    assert_eq!(sweep(&app, &stop).await.unwrap().looked_at, 1);
    assert_eq!(alerts(&world, &team).await, before + 1);
    world.advance(hours(100));
    assert_eq!(sweep(&app, &stop).await.unwrap().looked_at, 0, "it is not looked for any more");
    assert_eq!(look_again(&app, team.id, &domain).await.unwrap(), Looked::Gone);
    world.check(team.id).await;
}

async fn who_may_be_let_in_by_a_domain(test: TestDb) {
    let world = World::new(test);
    let records = Records::start().await;
    let team = world.account("recommended", 2).await;
    let owner = world.proven(team.owner);
    let app = &world.app;
    refused(put(app, team.id, &owner, "gmail.com", "member").await, "public_domain");
    refused(put(app, team.id, &owner, "no domain", "member").await, "not_a_domain");
    refused(put(app, team.id, &owner, "example.org", "administrator").await, "join_role");
    refused(put(app, team.id, &owner, "example.org", "emperor").await, "invalid");
    proven_domain(&world, &records, team.id, &owner, "example.org").await;
    refused(put(app, team.id, &owner, "example.org", "administrator").await, "join_role");
    // An invitation says in which role; a suspension says that they are not wanted now; neither is overtaken.
    let invited = world.invite(&team, owner.clone(), "administrator").await.unwrap().member.user;
    refused(join(&world, &team, signed_in(invited)).await, "already_member");
    let suspend = quorate::app::change_member::Asked::Status(quorate::ownership::member::Status::Suspended);
    world.change(&team, owner.clone(), team.admins[1], suspend).await.unwrap();
    refused(join(&world, &team, signed_in(team.admins[1])).await, "suspended");
    refused(join(&world, &team, OPERATOR).await, "people_only");
    world.check(team.id).await;
}

async fn children_need_a_reference_where_owners_say_so(test: TestDb) {
    let world = World::new(test);
    let team = world.account("partner-managed", 1).await;
    let set = |rule: Reference| {
        let (app, principal) = (world.app.clone(), world.proven(team.owner));
        SetReference { app, account: team.id, rule, version: None, principal }
    };
    world.app.db.run(set(Reference::Optional)).await.unwrap();
    assert_eq!(kept(&world, &team).await.child_reference, None, "as the preset says");
    world.app.db.run(set(Reference::Mandatory)).await.unwrap();
    assert_eq!(kept(&world, &team).await.child_reference, Some(Reference::Mandatory));
    let child = |reference: Option<&str>| CreateAccount {
        app: world.app.clone(),
        name: "Below".to_owned(),
        preset: None,
        parent: Some(team.id),
        reference: reference.map(str::to_owned),
        first_user: world.new_person(),
        administrators: Vec::new(),
        policy: serde_json::Map::new(),
        principal: world.proven(team.owner),
    };
    for missing in [None, Some("  ")] {
        refused(world.app.db.run(child(missing)).await, "reference_missing");
    }
    let made = world.app.db.run(child(Some("P-17"))).await.unwrap();
    assert_eq!(made.account.reference.as_deref(), Some("P-17"));
    world.app.db.run(set(Reference::Optional)).await.unwrap();
    world.app.db.run(child(None)).await.unwrap();
    let alone = world.account("single-owner", 1).await;
    let (app, principal) = (world.app.clone(), world.proven(alone.owner));
    let unit = SetReference { app, account: alone.id, rule: Reference::Mandatory, version: None, principal };
    refused(world.app.db.run(unit).await, "invalid");
    world.check(team.id).await;
}
