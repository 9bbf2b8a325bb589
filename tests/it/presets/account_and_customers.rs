//! Two levels of ownership: an account and its customers, each with owners of its own, who are protected.

use std::collections::BTreeSet;

use serde_json::json;

use super::{document::Document, enterprise_recovery::enterprise_recovery};
use crate::harness::{
    TestDb, on_both,
    town::{OPERATOR, PRODUCT, Town},
};

const RULES: &[&str] = &[
    "Owners are users with elevated privileges that may perform sensitive security operations, receive email notifications for sensitive changes to Accounts or Customers they own, and have some extra protections to their account",
    "The first user provisioned to an Account will be both an Account Owner and a Customer Owner.",
    "For additionally added Customers, the first user created will be a Custom Owner for that Customer.",
    "From there, all owner changes must be managed by that user or other users who are subsequently promoted to an Owner.",
    "It is highly recommended to have at least two owners for Accounts and Customers",
    "or a backup device to serve as a second owner",
    "Only Owners may provision other Owners to Accounts and Customers they own",
    "Owners receive notification emails for newly provisioned or removed Owners",
    "Owners may provision recovery users along with paper keys",
    "These keys, along with access to the recovery email allow a user to provision a new Owner and device for that owner",
    "Owners receive notification emails for newly provisioned or removed recovery users, and any attempts to initiate recovery.",
    "More specific information on these events can also be found in the Activity Logs.",
    "Owners have extra protections applied to their accounts to ensure they cannot lose access to their Accounts or Customers.",
    "Owners may not have their console access revoked or modified in ways that prevent access to Customers or Accounts they own.",
    "Owners may not have their device modified or replaced.",
    "Owner email addresses may not be changed.",
    "Owners may not be deleted.",
    "The last remaining Owner associated with an Account or Customer may not be removed.",
    "If any of these changes must be made, remove the user as an Owner, make any needed changes, and promote them back to an Owner.",
];

const OLGA: &str = "Olga Orlova";
pub const PAUL: &str = "Paul Perez";
pub const QUINN: &str = "Quinn Quast";
pub const BEN: &str = "Ben Bauer";
pub const CLEO: &str = "Cleo Costa";

/// An account, its first customer, and a further one.
struct Places {
    acme: String,
    first: String,
    bergen: String,
}

async fn the_document_is_replayed(test: TestDb) {
    let town = Town::new(test).await;
    let mut document = Document::open("account-and-customers", RULES);
    let places = two_levels(&town, &mut document).await;
    only_owners_provision_owners(&town, &mut document, &places).await;
    owners_are_protected(&town, &mut document, &places).await;
    the_way_out(&town, &mut document, &places).await;
    enterprise_recovery(&town, &mut document, &places.bergen).await;
    document.close();
}

on_both!(the_document_is_replayed);

async fn two_levels(town: &Town, document: &mut Document) -> Places {
    let (acme, customers) = town.found_tree("account-and-customers", "Acme", OLGA, &[BEN]).await;
    assert_eq!(customers.len(), 1);
    let first = customers[0].clone();

    document.says("The first user provisioned to an Account will be both an Account Owner and a Customer Owner.");
    town.owners_are(&acme, &[OLGA]).await;
    town.owners_are(&first, &[OLGA]).await;

    document.says("For additionally added Customers, the first user created will be a Custom Owner for that Customer.");
    let bergen = town.found_below(BEN, &acme, "Bergen", PAUL).await;
    town.owners_are(&bergen, &[PAUL]).await;
    let places = Places { acme, first, bergen };

    document.says("It is highly recommended to have at least two owners for Accounts and Customers");
    for (account, owner) in [(&places.acme, OLGA), (&places.first, OLGA), (&places.bergen, PAUL)] {
        assert!(town.wanting(owner, account).await.contains("few_owners"));
    }
    places
}

async fn only_owners_provision_owners(town: &Town, document: &mut Document, places: &Places) {
    let Places { acme, bergen, .. } = places;
    town.prove(PAUL).await;
    town.join(PAUL, bergen, QUINN, "user").await;
    town.join(PAUL, bergen, CLEO, "administrator").await;

    document.says("Only Owners may provision other Owners to Accounts and Customers they own");
    town.prove(CLEO).await;
    town.grant(CLEO, bergen, QUINN).await.refused(403, "owners_only");
    town.prove(QUINN).await;
    town.grant(QUINN, bergen, QUINN).await.refused(403, "owners_only");
    // Who owns the account above does not own the customer, and who owns the customer not the account above.
    town.prove(OLGA).await;
    town.grant(OLGA, bergen, QUINN).await.refused(404, "not_found");
    town.grant(PAUL, acme, BEN).await.refused(404, "not_found");
    for token in [OPERATOR, PRODUCT] {
        town.grant(token, bergen, QUINN).await.refused(403, "people_only");
    }
    town.owners_are(bergen, &[PAUL]).await;

    document.says(
        "From there, all owner changes must be managed by that user or other users who are subsequently promoted to an Owner.",
    );
    town.grant(PAUL, bergen, QUINN).await.good();
    town.owners_are(bergen, &[PAUL, QUINN]).await;
    town.grant(QUINN, bergen, CLEO).await.good();
    town.owners_are(bergen, &[PAUL, QUINN, CLEO]).await;
    assert!(!town.wanting(PAUL, bergen).await.contains("few_owners"));

    document.says("Owners receive notification emails for newly provisioned or removed Owners");
    let told = async |name: &str| town.house.mails(name, "owners_changed").await;
    let before = [told(PAUL).await, told(QUINN).await, told(CLEO).await];
    town.revoke(PAUL, bergen, CLEO).await.good();
    let after = [told(PAUL).await, told(QUINN).await, told(CLEO).await];
    assert!(before.iter().zip(&after).all(|(before, after)| *after == before + 1), "{before:?} {after:?}");
    let (before, olga) = (after, told(OLGA).await);
    town.grant(PAUL, bergen, CLEO).await.good();
    assert_eq!([told(PAUL).await, told(QUINN).await], [before[0] + 1, before[1] + 1]);
    assert_eq!(told(OLGA).await, olga, "what happens in a customer is for its owners");
    let changes = [town.logged(bergen, "owner.granted").await.len(), town.logged(bergen, "owner.revoked").await.len()];
    assert_eq!(changes, [3, 1]);

    document.says(
        "Owners are users with elevated privileges that may perform sensitive security operations, receive email notifications for sensitive changes to Accounts or Customers they own, and have some extra protections to their account",
    );
    for permission in ["owners.manage", "policy.manage", "recovery.manage", "account.suspend", "account.close"] {
        assert_eq!(town.may(acme, OLGA, permission).await, (true, "owner".to_owned()));
        assert_eq!(town.may(acme, BEN, permission).await, (false, "owners_only".to_owned()));
    }
}

/// Whoever might touch the owner of an account in each way, themselves included.
async fn owners_are_protected(town: &Town, document: &mut Document, places: &Places) {
    let Places { acme, first, .. } = places;
    let hands = [BEN, OLGA, PRODUCT];
    town.prove(OLGA).await;
    town.join(OLGA, first, BEN, "administrator").await;
    let mut way_out = BTreeSet::new();
    let mut protected = |reply: crate::web::site::Reply| {
        let sentence = reply.refused(409, "owner_protected");
        let (_, out) = sentence.split_once("; ").unwrap_or_else(|| panic!("no way out: {sentence}"));
        way_out.insert(out.to_owned());
    };

    document.says(
        "Owners may not have their console access revoked or modified in ways that prevent access to Customers or Accounts they own.",
    );
    for account in [acme, first] {
        for by in hands {
            protected(town.suspend(by, account, OLGA).await);
            protected(town.give_role(by, account, OLGA, "no_console").await);
        }
        let member = town.member(account, OLGA).await;
        assert_eq!((&member["status"], &member["role"]), (&json!("active"), &json!("administrator")));
    }

    document.says("Owner email addresses may not be changed.");
    // Nobody has a way to change it but the person themselves, and they own something.
    for account in [acme, first] {
        for by in hands {
            let change = json!({"email": "olga@elsewhere.example"});
            town.change(by, account, OLGA, change).await.refused(422, "invalid");
        }
    }
    town.post(OLGA, "/v1/me/email", json!({"email": "olga@elsewhere.example"})).await.refused(409, "owner_protected");

    document.says("Owners may not be deleted.");
    for account in [acme, first] {
        for by in hands {
            protected(town.delete(by, account, OLGA).await);
        }
        protected(town.leave(account, OLGA).await);
        assert!(town.is_member(account, OLGA).await);
    }

    document.says("The last remaining Owner associated with an Account or Customer may not be removed.");
    for account in [acme, first] {
        town.revoke(OLGA, account, OLGA).await.refused(409, "last_owner");
        town.owners_are(account, &[OLGA]).await;
    }

    document.says(
        "Owners have extra protections applied to their accounts to ensure they cannot lose access to their Accounts or Customers.",
    );
    assert_eq!(way_out, BTreeSet::from(["revoke their ownership, make the change, then grant it back".to_owned()]));
    for account in [acme, first] {
        assert_eq!(town.may(account, OLGA, "owners.manage").await, (true, "owner".to_owned()));
    }
}

async fn the_way_out(town: &Town, document: &mut Document, places: &Places) {
    let Places { bergen, .. } = places;

    document.says(
        "If any of these changes must be made, remove the user as an Owner, make any needed changes, and promote them back to an Owner.",
    );
    town.prove(PAUL).await;
    town.suspend(PAUL, bergen, QUINN).await.refused(409, "owner_protected");
    town.revoke(PAUL, bergen, QUINN).await.good();
    town.prove(QUINN).await;
    town.post(QUINN, "/v1/me/email", json!({"email": "quinn@elsewhere.example"})).await.good();
    town.suspend(PAUL, bergen, QUINN).await.good();
    town.resume(PAUL, bergen, QUINN).await.good();
    town.give_role(PAUL, bergen, QUINN, "no_console").await.good();
    town.give_role(PAUL, bergen, QUINN, "user").await.good();
    town.grant(PAUL, bergen, QUINN).await.good();
    town.owners_are(bergen, &[PAUL, QUINN, CLEO]).await;
    town.suspend(PAUL, bergen, QUINN).await.refused(409, "owner_protected");
    town.revoke(PAUL, bergen, CLEO).await.good();
    town.delete(PAUL, bergen, CLEO).await.good();
    town.join(PAUL, bergen, CLEO, "user").await;
    town.grant(PAUL, bergen, CLEO).await.good();
    town.owners_are(bergen, &[PAUL, QUINN, CLEO]).await;
}
