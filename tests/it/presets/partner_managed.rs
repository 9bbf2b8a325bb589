//! A partner account, whose Company Admins alone create managed accounts and onboard their users.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::document::Document;
use crate::{
    harness::{
        TestDb, on_both,
        town::{Town, person},
    },
    ownership::table,
    web::site::address,
};

const RULES: &[&str] = &[
    "user roles within managed accounts that permit different levels of access privilege.",
    "When logged in to a partner account, you can assign user roles to control the actions and permissions of users in managed accounts.",
    "Only a partner account user with Company Admin privileges can create managed accounts and onboard managed account users.",
    "Create managed account",
    "Onboard managed account users",
    "Create services",
    "Delete services",
    "Design services",
    "Update a service",
    "View services",
    "Lock and unlock services",
    "Create, view, and edit service keys",
    "View usage",
    "Create, view, and update users",
    "Update user details",
    "We recommend limiting the number of Company Admin users to only those who require full access, but defining at least two Company Admin users for redundancy.",
    "This role is for technical users who know how to create and approve orders.",
    "This role is for technical users who know how to design and modify services but don't have the authority to approve orders.",
    "Finance users should have a financial responsibility within the organization while also understanding the consequences of their actions if they delete or approve services.",
    "This user role is similar to the Finance role without the ability to place and approve orders, delete services, or administer service keys.",
    "Read Only is the most restrictive role.",
    "A user with the read-only role can view service details",
    "You can add user roles when you create a new user, or you can edit user information to change their role.",
    "To edit user credentials, you need Company Admin privileges.",
    "This page lists existing users and you can add a new user or edit existing user privileges and contact information.",
    "Click Edit to modify an existing user's role or click New User",
    "Select the role for the user.",
];

/// The actions of the document's table, and the permissions that guard each. Who has them stands in [`table`].
const ACTIONS: [(&str, &[&str]); 12] = [
    ("Create managed account", &["children.create"]),
    ("Onboard managed account users", &["children.onboard"]),
    ("Create services", &["services.create"]),
    ("Delete services", &["services.delete"]),
    ("Design services", &["services.design"]),
    ("Update a service", &["services.update"]),
    ("View services", &["services.view"]),
    ("Lock and unlock services", &["services.lock"]),
    ("Create, view, and edit service keys", &["service_keys.manage"]),
    ("View usage", &["usage.view"]),
    ("Create, view, and update users", &["members.manage", "members.view"]),
    ("Update user details", &["user_details.update"]),
];

/// The roles, and somebody who has each.
const ROLES: [(&str, &str); 6] = [
    ("company_admin", "Ben Bauer"),
    ("technical_admin", "Tara Tan"),
    ("technical_contact", "Tom Toft"),
    ("finance", "Fay Ford"),
    ("financial_contact", "Finn Fischer"),
    ("read_only", "Rita Ross"),
];

const OLGA: &str = "Olga Orlova";
const BEN: &str = "Ben Bauer";
const RITA: &str = "Rita Ross";
const TARA: &str = "Tara Tan";
const MIA: &str = "Mia Moss";
const UMA: &str = "Uma Ude";

async fn the_document_is_replayed(test: TestDb) {
    let town = Town::new(test).await;
    let mut document = Document::open("partner-managed", RULES);
    let partner = town.found("partner-managed", "Partner", OLGA, &[]).await;
    two_company_admins(&town, &mut document, &partner).await;
    the_table(&town, &mut document, &partner).await;
    what_the_roles_are_for(&mut document, &granted(&town, &partner).await);
    managed_accounts(&town, &mut document, &partner).await;
    users_and_their_roles(&town, &mut document, &partner).await;
    document.close();
}

on_both!(the_document_is_replayed);

async fn two_company_admins(town: &Town, document: &mut Document, partner: &str) {
    document.says(
        "We recommend limiting the number of Company Admin users to only those who require full access, but defining at least two Company Admin users for redundancy.",
    );
    assert!(town.wanting(OLGA, partner).await.contains("few_administrators"));
    town.prove(OLGA).await;
    town.join(OLGA, partner, BEN, "company_admin").await;
    assert!(!town.wanting(OLGA, partner).await.contains("few_administrators"));
    for (role, name) in &ROLES[1..] {
        town.join(BEN, partner, name, role).await;
    }
}

/// Which permissions of the table each role has, asked one by one.
async fn granted(town: &Town, account: &str) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut granted = BTreeMap::<_, BTreeSet<_>>::new();
    for (role, name) in ROLES {
        let has = granted.entry(role).or_default();
        for permission in ACTIONS.iter().flat_map(|(_, permissions)| *permissions) {
            if town.may(account, name, permission).await.0 {
                has.insert(*permission);
            }
        }
    }
    granted
}

async fn the_table(town: &Town, document: &mut Document, partner: &str) {
    document.says("user roles within managed accounts that permit different levels of access privilege.");
    let granted = granted(town, partner).await;
    assert!(granted.values().collect::<BTreeSet<_>>().len() >= 5, "financial contacts and readers have the same");
    let mut asked = 0;
    for (action, permissions) in ACTIONS {
        // Services, keys, usage and the like are the vendor's; accounts and users are ours.
        let ours = permissions.iter().any(|name| name.starts_with("children.") || name.starts_with("members."));
        if ours {
            document.says(action);
        } else {
            document.leaves(action);
        }
        for (permission, role, tick) in table::cells().filter(|(permission, ..)| permissions.contains(permission)) {
            assert_eq!(granted[role].contains(permission), tick, "{role}: {permission}");
            asked += 1;
        }
    }
    assert_eq!(asked, table::cells().count(), "every cell of the table was asked for");
}

/// What the document says of each role besides the table. Orders are approved by whoever creates or deletes services.
fn what_the_roles_are_for(document: &mut Document, granted: &BTreeMap<&str, BTreeSet<&str>>) {
    let has = |role: &str, permission: &str| granted[role].contains(permission);

    document.leaves("This role is for technical users who know how to create and approve orders.");
    assert!(has("technical_admin", "services.create"));

    document.leaves(
        "This role is for technical users who know how to design and modify services but don't have the authority to approve orders.",
    );
    assert!(has("technical_contact", "services.design") && has("technical_contact", "services.update"));
    assert!(!has("technical_contact", "services.create") && !has("technical_contact", "services.delete"));

    document.leaves(
        "Finance users should have a financial responsibility within the organization while also understanding the consequences of their actions if they delete or approve services.",
    );
    assert!(has("finance", "services.create") && has("finance", "services.delete"));

    document.leaves(
        "This user role is similar to the Finance role without the ability to place and approve orders, delete services, or administer service keys.",
    );
    let without = BTreeSet::from(["services.create", "services.delete", "service_keys.manage"]);
    let lacks: BTreeSet<_> = granted["finance"].difference(&granted["financial_contact"]).copied().collect();
    assert_eq!(lacks, without);
    assert!(granted["financial_contact"].is_subset(&granted["finance"]));

    document.says("Read Only is the most restrictive role.");
    assert!(granted.values().all(|other| granted["read_only"].is_subset(other)));

    document.leaves("A user with the read-only role can view service details");
    assert!(has("read_only", "services.view"));
}

async fn managed_accounts(town: &Town, document: &mut Document, partner: &str) {
    document.says(
        "Only a partner account user with Company Admin privileges can create managed accounts and onboard managed account users.",
    );
    let new = |name: &str| json!({"name": name, "parent": partner, "first_user": person(MIA)});
    for (_, name) in &ROLES[1..] {
        town.post(name, "/v1/accounts", new("Not made")).await.refused(403, "lacks_permission");
    }
    let managed = town.found_below(BEN, partner, "Managed", MIA).await;
    town.owners_are(&managed, &[MIA]).await;
    for (_, name) in &ROLES[1..] {
        town.invite(name, &managed, UMA, "finance").await.refused(404, "not_found");
    }
    town.join(BEN, &managed, UMA, "finance").await;

    document.says(
        "When logged in to a partner account, you can assign user roles to control the actions and permissions of users in managed accounts.",
    );
    assert!(town.may(&managed, UMA, "services.delete").await.0);
    assert!(!town.may(&managed, UMA, "services.update").await.0);
    // Being above an account is no way to own it: roles that administer are its own people's to give.
    town.invite(BEN, &managed, TARA, "company_admin").await.refused(403, "onboards_plain_roles");
    town.get(BEN, &format!("/v1/accounts/{managed}")).await.refused(404, "not_found");
    // What they are in the account above gives them nothing here.
    assert_eq!(town.may(&managed, BEN, "services.view").await, (false, "not_a_member".to_owned()));
}

async fn users_and_their_roles(town: &Town, document: &mut Document, partner: &str) {
    document.says("This page lists existing users and you can add a new user or edit existing user privileges and contact information.");
    let listed = town.get(BEN, &format!("/v1/accounts/{partner}/members")).await.good();
    assert_eq!(listed["items"].as_array().unwrap().len(), ROLES.len() + 1);
    town.invite(BEN, partner, UMA, "read_only").await.good();
    assert_eq!(town.member(partner, UMA).await["email"], address(UMA));
    // Contact information that was wrong is invited anew; once somebody has confirmed an address, it is their own.
    town.delete(BEN, partner, UMA).await.good();
    let corrected = json!({"name": UMA, "email": "uma@elsewhere.example", "role": "read_only"});
    town.post(BEN, &format!("/v1/accounts/{partner}/members"), corrected).await.good();
    assert_eq!(town.member(partner, UMA).await["email"], "uma@elsewhere.example");

    document.says("Select the role for the user.");
    town.invite(BEN, partner, "Vera Voss", "no_such_role").await.refused(422, "invalid");

    document.says("Click Edit to modify an existing user's role or click New User");
    town.give_role(BEN, partner, RITA, "finance").await.good();
    assert_eq!(town.member(partner, RITA).await["role"], "finance");

    document.says(
        "You can add user roles when you create a new user, or you can edit user information to change their role.",
    );
    town.join(BEN, partner, "Vera Voss", "technical_contact").await;
    assert!(town.may(partner, "Vera Voss", "services.update").await.0);
    town.give_role(BEN, partner, "Vera Voss", "read_only").await.good();
    assert!(!town.may(partner, "Vera Voss", "services.update").await.0);

    document.says("To edit user credentials, you need Company Admin privileges.");
    for (_, name) in &ROLES[1..] {
        town.give_role(name, partner, RITA, "technical_admin").await.refused(403, "may_not_manage_members");
        town.suspend(name, partner, RITA).await.refused(403, "may_not_manage_members");
        town.delete(name, partner, RITA).await.refused(403, "may_not_delete_members");
    }
    town.suspend(BEN, partner, RITA).await.good();
    assert_eq!(town.may(partner, RITA, "services.view").await, (false, "suspended".to_owned()));
    town.resume(BEN, partner, RITA).await.good();
}
