//! An organization with workspaces, whose owners appoint each other.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::document::Document;
use crate::{
    harness::{
        TestDb, on_both,
        town::{NOBODY, OPERATOR, PRODUCT, Town, person},
    },
    web::pages::browser::Browser,
};

const RULES: &[&str] = &[
    "The person who created a new Organization within Virtual Vaults, will automatically be appointed as the primary Organization owner.",
    "Some additional actions are available to the Organization owner only.",
    "The Organization owner is the only one who can delete other users from the Organization.",
    "\"Regular\" users can only delete themselves from an Organization by leaving.",
    "The Organization owner is the only one who can access all active subscriptions for Workspaces and Vaults, manage the billing information and access all invoices for the customer linked to the Organization.",
    "See the overview of every workspace in the Organization.",
    "Unlike regular Organization users, who only see the Workspaces they have access to, an Organization owner sees every Workspace created within their Organization, even those they don't have access to.",
    "This does not mean they can actually access them.",
    "Organization owners can set custom branding for all Workspaces",
    "allow easy access to the Organization for colleagues by enabling the setting to join with the same email domain",
    "they can enable the Mandatory project identifier setting.",
    "We have the possibility to grant multiple users this ownership.",
    "The primary owner can do this",
    "Only already existing users in the Organization users list can be appointed as an additional or replacing owner.",
    "By clicking Grant ownership on the right side of any other user, using the three dots, the following screen will pop-up in which you can confirm your request:",
    "By granting a user the ownership, they can now perform all actions any owner can",
    "Owners can also revoke each other's ownership.",
    "They can do this in the same way as they granted it and once again, a confirmation screen will pop up.",
];

const OLGA: &str = "Olga Orlova";
const PAUL: &str = "Paul Perez";
const BEN: &str = "Ben Bauer";
const CLEO: &str = "Cleo Costa";
const GWEN: &str = "Gwen Gray";
const HUGO: &str = "Hugo Holm";
const NORA: &str = "Nora Nash";

/// What every owner may do and nobody else.
const OWNERS_ALONE: [&str; 10] = [
    "members.delete",
    "settings.manage",
    "billing.view",
    "billing.manage",
    "children.list",
    "owners.manage",
    "policy.manage",
    "recovery.manage",
    "account.suspend",
    "account.close",
];

async fn the_document_is_replayed(test: TestDb) {
    let town = Town::new(test).await;
    let mut document = Document::open("multi-owner", RULES);
    let acme = town.found("multi-owner", "Acme", OLGA, &[BEN, CLEO]).await;
    what_owners_alone_do(&town, &mut document, &acme).await;
    owners_appoint_each_other(&town, &mut document, &acme).await;
    let south = workspaces(&town, &mut document, &acme).await;
    branding(&town, &mut document, &acme, &south).await;
    joining(&town, &mut document, &acme).await;
    project_identifiers(&town, &mut document, &acme).await;
    document.close();
}

on_both!(the_document_is_replayed);

async fn what_owners_alone_do(town: &Town, document: &mut Document, acme: &str) {
    town.join(BEN, acme, GWEN, "user").await;
    town.join(BEN, acme, HUGO, "user").await;

    document.says(
        "The person who created a new Organization within Virtual Vaults, will automatically be appointed as the primary Organization owner.",
    );
    town.owners_are(acme, &[OLGA]).await;
    assert_eq!(primary(town, acme).await, town.user(OLGA));

    document.says("Some additional actions are available to the Organization owner only.");
    for permission in OWNERS_ALONE {
        assert_eq!(town.may(acme, OLGA, permission).await, (true, "owner".to_owned()), "{permission}");
        for other in [BEN, GWEN] {
            assert_eq!(town.may(acme, other, permission).await, (false, "owners_only".to_owned()), "{permission}");
        }
    }

    document.says("The Organization owner is the only one who can delete other users from the Organization.");
    for by in [BEN, GWEN, PRODUCT] {
        town.delete(by, acme, HUGO).await.refused(403, "may_not_delete_members");
    }
    town.delete(OLGA, acme, HUGO).await.good();
    assert!(!town.is_member(acme, HUGO).await);

    document.says("\"Regular\" users can only delete themselves from an Organization by leaving.");
    town.delete(GWEN, acme, GWEN).await.refused(403, "may_not_delete_members");
    town.leave(acme, GWEN).await.good();
    assert!(!town.is_member(acme, GWEN).await);

    document.leaves(
        "The Organization owner is the only one who can access all active subscriptions for Workspaces and Vaults, manage the billing information and access all invoices for the customer linked to the Organization.",
    );
    for permission in ["billing.view", "billing.manage"] {
        assert!(town.may(acme, OLGA, permission).await.0);
        assert_eq!(town.may(acme, BEN, permission).await, (false, "owners_only".to_owned()));
    }
}

async fn owners_appoint_each_other(town: &Town, document: &mut Document, acme: &str) {
    town.forget(OLGA);

    document.says("Only already existing users in the Organization users list can be appointed as an additional or replacing owner.");
    town.prove(OLGA).await;
    town.grant(OLGA, acme, GWEN).await.refused(404, "not_found");
    town.offer(OLGA, acme, GWEN).await.refused(404, "not_found");
    town.invite(BEN, acme, PAUL, "user").await.good();
    town.grant(OLGA, acme, PAUL).await.refused(422, "not_active_member");
    town.offer(OLGA, acme, PAUL).await.refused(422, "not_active_member");
    town.accept(PAUL).await;

    document.says(
        "By clicking Grant ownership on the right side of any other user, using the three dots, the following screen will pop-up in which you can confirm your request:",
    );
    town.forget(OLGA);
    town.grant(OLGA, acme, PAUL).await.refused(403, "needs_fresh_proof");
    let olga = Browser::of(&town.house, OLGA).await;
    let member = format!("/accounts/{acme}/members/{}", town.user(PAUL));
    let offered = olga.get(&member).await.body;
    assert!(offered.contains(&format!("href=\"{member}/grant\"")) && offered.contains("Grant ownership"), "{offered}");
    let first = olga.get(&format!("{member}/grant")).await;
    let screen = olga.prove(OLGA, &first).await.body;
    assert!(screen.contains("Make Paul Perez an owner of Acme?"), "{screen}");
    town.owners_are(acme, &[OLGA]).await;

    document.says("The primary owner can do this");
    assert_eq!(primary(town, acme).await, town.user(OLGA));
    assert_eq!(olga.post(&format!("{member}/grant"), &[]).await.status, 303);

    document.says("We have the possibility to grant multiple users this ownership.");
    town.owners_are(acme, &[OLGA, PAUL]).await;
    town.prove(OLGA).await;
    town.grant(OLGA, acme, BEN).await.good();
    town.owners_are(acme, &[OLGA, PAUL, BEN]).await;

    document.says("By granting a user the ownership, they can now perform all actions any owner can");
    for permission in OWNERS_ALONE {
        assert_eq!(town.may(acme, PAUL, permission).await, (true, "owner".to_owned()), "{permission}");
    }
    town.prove(PAUL).await;
    town.grant(PAUL, acme, CLEO).await.good();
    town.owners_are(acme, &[OLGA, PAUL, BEN, CLEO]).await;

    document
        .says("They can do this in the same way as they granted it and once again, a confirmation screen will pop up.");
    town.forget(PAUL);
    town.revoke(PAUL, acme, CLEO).await.refused(403, "needs_fresh_proof");
    let paul = Browser::of(&town.house, PAUL).await;
    let first = paul.get(&format!("/accounts/{acme}/members/{}/revoke", town.user(CLEO))).await;
    let screen = paul.prove(PAUL, &first).await.body;
    assert!(screen.contains("Revoke the ownership of Cleo Costa?"), "{screen}");
    town.owners_are(acme, &[OLGA, PAUL, BEN, CLEO]).await;

    document.says("Owners can also revoke each other's ownership.");
    town.prove(PAUL).await;
    town.revoke(PAUL, acme, CLEO).await.good();
    town.revoke(PAUL, acme, OLGA).await.good();
    town.owners_are(acme, &[PAUL, BEN]).await;
    // Whoever has owned it longest among those left is the primary owner now.
    assert_eq!(primary(town, acme).await, town.user(PAUL));
    town.grant(PAUL, acme, OLGA).await.good();
    town.prove(OLGA).await;
    town.revoke(OLGA, acme, BEN).await.good();
    town.owners_are(acme, &[OLGA, PAUL]).await;
}

/// Returns a workspace that none of the organization's owners is in.
async fn workspaces(town: &Town, document: &mut Document, acme: &str) -> String {
    let north = town.found_below(OLGA, acme, "North", OLGA).await;
    let south = town.found_below(BEN, acme, "South", CLEO).await;
    let seen = async |by: &str| -> BTreeMap<String, bool> {
        let listed = town.get(by, &format!("/v1/accounts/{acme}/children")).await.good();
        let line = |it: &Value| (it["name"].as_str().unwrap().to_owned(), it["access"].as_bool().unwrap());
        listed["items"].as_array().unwrap().iter().map(line).collect()
    };

    document.says("See the overview of every workspace in the Organization.");
    for owner in [OLGA, PAUL] {
        assert!(seen(owner).await.keys().eq(["North", "South"]));
    }

    document.says(
        "Unlike regular Organization users, who only see the Workspaces they have access to, an Organization owner sees every Workspace created within their Organization, even those they don't have access to.",
    );
    assert_eq!(seen(CLEO).await, BTreeMap::from([("South".to_owned(), true)]));
    assert_eq!(seen(BEN).await, BTreeMap::new());
    assert_eq!(seen(OLGA).await, BTreeMap::from([("North".to_owned(), true), ("South".to_owned(), false)]));

    document.says("This does not mean they can actually access them.");
    for path in ["", "/members", "/owners", "/activity", "/roster", "/cases"] {
        town.get(OLGA, &format!("/v1/accounts/{south}{path}")).await.refused(404, "not_found");
        town.get(OLGA, &format!("/v1/accounts/{north}{path}")).await.good();
    }
    town.get(NOBODY, &format!("/v1/accounts/{south}")).await.refused(401, "unauthenticated");
    south
}

async fn branding(town: &Town, document: &mut Document, acme: &str, south: &str) {
    document.says("Organization owners can set custom branding for all Workspaces");
    let brand = json!({"name": "Acme Rooms", "colour": "#1d4ed8"});
    town.prove(BEN).await;
    town.put(BEN, acme, "settings/branding", brand.clone()).await.refused(403, "owners_only");
    town.prove(OLGA).await;
    town.put(OLGA, south, "settings/branding", brand.clone()).await.refused(404, "not_found");
    town.put(OLGA, acme, "settings/branding", brand).await.good();
    let cleo = Browser::of(&town.house, CLEO).await;
    for account in [acme, south] {
        let page = cleo.get(&format!("/accounts/{account}")).await.body;
        assert!(page.contains("<span>Acme Rooms</span>") && page.contains("/assets/brand/1d4ed8"), "{page}");
    }
    town.join(CLEO, south, NORA, "user").await;
    let invitation = town.house.mail(NORA, "invitation").await.unwrap().1;
    assert!(invitation.starts_with("Acme Rooms\n"), "{invitation}");
    // A workspace whose own owners have set a brand shows that.
    town.prove(CLEO).await;
    town.put(CLEO, south, "settings/branding", json!({"name": "South Rooms"})).await.good();
    let page = cleo.get(&format!("/accounts/{south}")).await.body;
    assert!(page.contains("<span>South Rooms</span>") && !page.contains("/assets/brand/1d4ed8"), "{page}");
}

async fn joining(town: &Town, document: &mut Document, acme: &str) {
    let path = format!("/v1/accounts/{acme}/join");
    let domain = "join-domains/acme.example";

    document.says(
        "allow easy access to the Organization for colleagues by enabling the setting to join with the same email domain",
    );
    town.put(BEN, acme, domain, json!({"role": "user"})).await.refused(403, "owners_only");
    town.put(OLGA, acme, domain, json!({"role": "administrator"})).await.refused(422, "join_role");
    town.put(OLGA, acme, "join-domains/gmail.com", json!({"role": "user"})).await.refused(422, "public_domain");
    town.put(OLGA, acme, domain, json!({"role": "user"})).await.good();
    // Whose domain it is has yet to be shown.
    town.post(NORA, &path, json!({})).await.refused(404, "not_found");
    let verify = format!("/v1/accounts/{acme}/{domain}/verify");
    town.post(OLGA, &verify, json!({})).await.refused(409, "record_not_found");
    town.dns.publish(acme.parse().unwrap(), "acme.example");
    assert_eq!(town.post(OLGA, &verify, json!({})).await.good()["join_domains"][0]["proven"], true);
    let joined = town.post(NORA, &path, json!({})).await.good();
    assert_eq!((&joined["role"], &joined["status"]), (&json!("user"), &json!("active")));
    for owner in [OLGA, PAUL] {
        let told = town.house.mail(owner, "member_joined").await.unwrap().1;
        assert!(told.contains(NORA) && told.contains("acme.example"), "{told}");
    }
}

async fn project_identifiers(town: &Town, document: &mut Document, acme: &str) {
    document.says("they can enable the Mandatory project identifier setting.");
    let rule = json!({"rule": "mandatory"});
    town.put(BEN, acme, "settings/child-reference", rule.clone()).await.refused(403, "owners_only");
    town.put(OLGA, acme, "settings/child-reference", rule).await.good();
    let mut new = json!({"name": "East", "parent": acme, "first_user": person(BEN)});
    town.post(BEN, "/v1/accounts", new.clone()).await.refused(422, "reference_missing");
    new["reference"] = json!("P-4711");
    let created = town.post(BEN, "/v1/accounts", new).await.good();
    assert_eq!(created["reference"], "P-4711");
    let listed = town.get(OLGA, &format!("/v1/accounts/{acme}/children")).await.good();
    let east = listed["items"].as_array().unwrap().iter().find(|child| child["name"] == "East").unwrap();
    assert_eq!((&east["reference"], &east["access"]), (&json!("P-4711"), &json!(false)));
}

/// Who is the primary owner.
async fn primary(town: &Town, account: &str) -> String {
    let account = town.get(OPERATOR, &format!("/v1/accounts/{account}")).await.good();
    account["account"]["primary_owner"].as_str().unwrap_or_default().to_owned()
}
