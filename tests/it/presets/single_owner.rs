//! Exactly one owner, whom more than half of the administrators replace when they cannot be contacted.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::document::Document;
use crate::{
    harness::{
        TestDb, on_both,
        town::{NOBODY, OPERATOR, PRODUCT, Town},
    },
    web::{
        pages::browser::{Browser, to},
        site::address,
    },
};

const RULES: &[&str] = &[
    "By default the users who had requested the account (by requesting trial or by any other means) is termed as 'account owner'",
    "In terms of privileges to configure the account and to add / modify / delete normal users, there is absolutely no difference.",
    "There can only be one account owner whereas there can be multiple administrators.",
    "Administrator cannot delete user who has ownership of the account, whereas an owner can delete user who is an administrator.",
    "Technically there has to be at least one user who has complete control of an account, that's an account owner, rest all users can be deleted / removed.",
    "an account owners is like an authorised representative who is authorised to discuss and request certain changes",
    "Example: Deactivation of an account, suspension of an account etc.",
    "Ownership can only be transferred by current account owner to another user.",
    "Current account owner should login in eRS Cloud.",
    "Navigate to the 'Details' tab in administration section (Administration >> Details).",
    "Click on 'Transfer Ownership' button and select new owner.",
    "Enter account password",
    "to confirm that you want to transfer ownership and then click 'Transfer'.",
    "You will see a confirmation message stating that ownership transfer email has been sent.",
    "Transfer will be complete once the new owner opens his/her email and accepts ownership.",
    "there will be a tag next to the name of the new owner in the list of users",
    "MORE THAN HALF OF ALL THE ACTIVE USERS WITH ADMINISTRATOR rights",
    "need to send an individual email",
    "The current account owner ________________ (actor name and email address of the current account owner) is not contactable",
    "and therefore _____________ (enter name & email of new account owner) should be made the new account owner.",
    "If you have 5 remaining active users with administrator rights, then at least 3 of them",
];

const OLGA: &str = "Olga Orlova";
const OLIVE: &str = "Olive Olsen";
const BEN: &str = "Ben Bauer";
const CLEO: &str = "Cleo Costa";
const DORA: &str = "Dora Dahl";
const EMIL: &str = "Emil Eriksen";
const FINN: &str = "Finn Fischer";
const GWEN: &str = "Gwen Gray";

async fn the_document_is_replayed(test: TestDb) {
    let mut town = Town::new(test).await;
    town.take_mails_in();
    let mut document = Document::open("single-owner", RULES);
    administrators_and_the_owner(&town, &mut document).await;
    what_only_the_owner_asks_for(&town, &mut document).await;
    the_owner_hands_over(&town, &mut document).await;
    the_owner_cannot_be_contacted(&town, &mut document).await;
    each_sends_an_individual_mail(&town, &mut document).await;
    document.close();
}

on_both!(the_document_is_replayed);

async fn administrators_and_the_owner(town: &Town, document: &mut Document) {
    let acme = town.found("single-owner", "Acme", OLGA, &[BEN, CLEO]).await;

    document.says(
        "By default the users who had requested the account (by requesting trial or by any other means) is termed as 'account owner'",
    );
    town.owners_are(&acme, &[OLGA]).await;
    assert_eq!(town.member(&acme, OLGA).await["owner"], true);

    document.says(
        "In terms of privileges to configure the account and to add / modify / delete normal users, there is absolutely no difference.",
    );
    for (by, colour) in [(OLGA, "#1d4ed8"), (BEN, "#047857")] {
        town.prove(by).await;
        let set = town.put(by, &acme, "settings/branding", json!({"colour": colour})).await.good();
        assert_eq!(set["branding"]["colour"], colour);
        let renamed = json!({"name": format!("Acme of {by}")});
        town.call(by, "PATCH", &format!("/v1/accounts/{acme}"), Some(renamed)).await.good();
        town.join(by, &acme, GWEN, "user").await;
        town.suspend(by, &acme, GWEN).await.good();
        assert_eq!(town.member(&acme, GWEN).await["status"], "suspended");
        town.resume(by, &acme, GWEN).await.good();
        town.delete(by, &acme, GWEN).await.good();
        assert!(!town.is_member(&acme, GWEN).await);
        for permission in ["settings.manage", "members.view", "members.manage", "members.delete"] {
            assert!(town.may(&acme, by, permission).await.0, "{by}: {permission}");
        }
    }
    town.join(BEN, &acme, GWEN, "user").await;
    town.prove(GWEN).await;
    town.put(GWEN, &acme, "settings/branding", json!({})).await.refused(403, "lacks_permission");
    town.invite(GWEN, &acme, FINN, "user").await.refused(403, "may_not_manage_members");
    town.delete(OLGA, &acme, GWEN).await.good();

    document.says("There can only be one account owner whereas there can be multiple administrators.");
    for name in [BEN, CLEO] {
        assert_eq!(town.member(&acme, name).await["administrator"], true);
    }
    town.prove(OLGA).await;
    let way_out = town.grant(OLGA, &acme, BEN).await.refused(422, "transfer_instead");
    assert!(way_out.ends_with("transfer it instead"), "{way_out}");
    town.owners_are(&acme, &[OLGA]).await;

    document.says(
        "Administrator cannot delete user who has ownership of the account, whereas an owner can delete user who is an administrator.",
    );
    town.delete(BEN, &acme, OLGA).await.refused(409, "owner_protected");
    assert!(town.is_member(&acme, OLGA).await);
    town.delete(OLGA, &acme, CLEO).await.good();
    assert!(!town.is_member(&acme, CLEO).await);

    document.says(
        "Technically there has to be at least one user who has complete control of an account, that's an account owner, rest all users can be deleted / removed.",
    );
    town.prove(OLGA).await;
    town.delete(OLGA, &acme, BEN).await.good();
    assert_eq!(town.members(&acme).await.len(), 1);
    town.delete(OLGA, &acme, OLGA).await.refused(409, "owner_protected");
    town.delete(PRODUCT, &acme, OLGA).await.refused(409, "owner_protected");
    town.leave(&acme, OLGA).await.refused(409, "owner_protected");
    town.suspend(OLGA, &acme, OLGA).await.refused(409, "owner_protected");
    town.revoke(OLGA, &acme, OLGA).await.refused(409, "last_owner");
    town.owners_are(&acme, &[OLGA]).await;
    for permission in ["account.suspend", "account.close", "owners.manage", "policy.manage", "members.delete"] {
        assert!(town.may(&acme, OLGA, permission).await.0, "{permission}");
    }
}

async fn what_only_the_owner_asks_for(town: &Town, document: &mut Document) {
    let acme = town.found("single-owner", "Acme Rail", OLGA, &[BEN]).await;
    let act = |word: &str| format!("/v1/accounts/{acme}/{word}");

    document.says(
        "an account owners is like an authorised representative who is authorised to discuss and request certain changes",
    );
    for permission in ["account.suspend", "account.close"] {
        assert_eq!(town.may(&acme, OLGA, permission).await, (true, "owner".to_owned()));
        assert_eq!(town.may(&acme, BEN, permission).await, (false, "owners_only".to_owned()));
    }

    document.says("Example: Deactivation of an account, suspension of an account etc.");
    town.forget(OLGA);
    for word in ["suspend", "close"] {
        town.prove(BEN).await;
        town.post(BEN, &act(word), json!({})).await.refused(403, "owners_only");
        for token in [OPERATOR, PRODUCT] {
            town.post(token, &act(word), json!({})).await.refused(403, "people_only");
        }
        town.post(OLGA, &act(word), json!({})).await.refused(403, "needs_fresh_proof");
    }
    town.prove(OLGA).await;
    assert_eq!(town.post(OLGA, &act("suspend"), json!({})).await.good()["status"], "suspended");
    town.invite(BEN, &acme, GWEN, "user").await.refused(409, "account_suspended");
    town.post(BEN, &act("resume"), json!({})).await.refused(403, "owners_only");
    assert_eq!(town.post(OLGA, &act("resume"), json!({})).await.good()["status"], "active");
    // What is closed can be kept for seven days, and then no more.
    assert_eq!(town.post(OLGA, &act("close"), json!({})).await.good()["status"], "closing");
    town.pass(SignedDuration::from_hours(6 * 24)).await;
    let keep = async || town.proven(OLGA, "DELETE", &act("close"), None).await;
    assert_eq!(keep().await.good()["status"], "active");
    assert_eq!(town.post(OLGA, &act("close"), json!({})).await.good()["status"], "closing");
    town.pass(SignedDuration::from_hours(7 * 24)).await;
    keep().await.refused(409, "account_closed");
    let account = town.get(OPERATOR, &format!("/v1/accounts/{acme}")).await.good();
    assert_eq!(account["account"]["status"], "closed");
    assert_eq!(town.may(&acme, BEN, "members.manage").await, (false, "account_closed".to_owned()));
}

async fn the_owner_hands_over(town: &Town, document: &mut Document) {
    let acme = town.found("single-owner", "Acme Air", OLGA, &[BEN, CLEO]).await;
    town.forget(OLGA);

    document.says("Ownership can only be transferred by current account owner to another user.");
    town.prove(BEN).await;
    town.offer(BEN, &acme, CLEO).await.refused(403, "owners_only");
    for token in [OPERATOR, PRODUCT] {
        town.offer(token, &acme, CLEO).await.refused(403, "people_only");
    }

    document.says("Current account owner should login in eRS Cloud.");
    town.offer(NOBODY, &acme, CLEO).await.refused(401, "unauthenticated");
    let olga = Browser::of(&town.house, OLGA).await;

    document.says("Navigate to the 'Details' tab in administration section (Administration >> Details).");
    let details = format!("/accounts/{acme}/owners");
    assert!(olga.get(&format!("/accounts/{acme}")).await.body.contains(&format!("href=\"{details}\"")));

    document.says("Click on 'Transfer Ownership' button and select new owner.");
    let page = olga.get(&details).await.body;
    let choice = |name: &str| format!("<option value=\"{}\">", town.user(name));
    assert!(page.contains("Offer them your ownership") && !page.contains("Make them an owner too"), "{page}");
    assert!(page.contains(&choice(BEN)) && page.contains(&choice(CLEO)) && !page.contains(&choice(OLGA)), "{page}");
    let chosen = olga.get(&format!("{details}/choose?user={}&deed=transfer", town.user(CLEO))).await;
    let act = to(&chosen).to_owned();

    document.says("to confirm that you want to transfer ownership and then click 'Transfer'.");
    town.offer(OLGA, &acme, CLEO).await.refused(403, "needs_fresh_proof");
    let asked = olga.follow(&chosen).await;

    document.says("Enter account password");
    let page = olga.follow(&asked).await;
    assert!(page.body.contains("type=\"password\""), "{}", page.body);
    let asked = olga.prove(OLGA, &asked).await;
    assert!(asked.body.contains("Offer your ownership of Acme Air to Cleo Costa?"), "{}", asked.body);
    assert_eq!(town.house.mails(CLEO, "transfer_request").await, 0, "nothing is offered before the button is pressed");
    let offered = olga.post(&act, &[]).await;

    document.says("You will see a confirmation message stating that ownership transfer email has been sent.");
    let page = olga.follow(&offered).await.body;
    assert!(
        page.contains("Your ownership is offered.") && page.contains("the member gets a mail with a link"),
        "{page}"
    );
    assert_eq!(town.house.mails(CLEO, "transfer_request").await, 1);

    document.says("Transfer will be complete once the new owner opens his/her email and accepts ownership.");
    town.owners_are(&acme, &[OLGA]).await;
    let (_, token) = town.house.link(CLEO, "transfer_request").await;
    town.owners_are(&acme, &[OLGA]).await;
    town.redeem(&token).await.refused(403, "needs_credential");
    let offers = town.get(CLEO, &format!("/v1/accounts/{acme}/transfers")).await.good();
    let accept = format!("/v1/transfers/{}/accept", offers["items"][0]["id"].as_str().unwrap());
    town.proven(CLEO, "POST", &accept, None).await.good();
    town.owners_are(&acme, &[CLEO]).await;
    let before = town.member(&acme, OLGA).await;
    assert_eq!(
        (&before["owner"], &before["role"], &before["status"]),
        (&json!(false), &json!("administrator"), &json!("active"))
    );

    document.says("there will be a tag next to the name of the new owner in the list of users");
    let tagged: Vec<Value> = town.members(&acme).await.into_iter().filter(|member| member["owner"] == true).collect();
    assert_eq!(tagged.len(), 1);
    assert_eq!(tagged[0]["name"], CLEO);
}

async fn the_owner_cannot_be_contacted(town: &Town, document: &mut Document) {
    let five = [BEN, CLEO, DORA, EMIL, FINN];
    let acme = town.found("single-owner", "Acme Sea", OLGA, &five).await;
    let new = json!({"kind": "replace", "nominee": town.user(CLEO), "statement": "Olga has left and does not answer."});
    let case = town.post(BEN, &format!("/v1/accounts/{acme}/cases"), new).await.good();
    let path = format!("/v1/cases/{}", case["id"].as_str().unwrap());
    let state = async || town.get(BEN, &path).await.good()["state"].as_str().unwrap().to_owned();

    document.says(
        "The current account owner ________________ (actor name and email address of the current account owner) is not contactable",
    );
    for voter in five {
        let mail = town.house.mail(voter, "ballot_request").await.unwrap().1;
        assert!(mail.contains(OLGA) && mail.contains(&address(OLGA)), "{mail}");
    }

    document.says(
        "and therefore _____________ (enter name & email of new account owner) should be made the new account owner.",
    );
    for voter in five {
        let mail = town.house.mail(voter, "ballot_request").await.unwrap().1;
        assert!(mail.contains(CLEO) && mail.contains(&address(CLEO)), "{mail}");
    }

    document.says("MORE THAN HALF OF ALL THE ACTIVE USERS WITH ADMINISTRATOR rights");
    assert_eq!((&case["required"], &case["electorate"]), (&json!(3), &json!(5)));

    document.says("If you have 5 remaining active users with administrator rights, then at least 3 of them");
    for (voter, after) in [(BEN, "collecting"), (DORA, "collecting"), (EMIL, "waiting")] {
        // Each in a mail of their own, and good for them alone.
        let (_, token) = town.house.link(voter, "ballot_request").await;
        let shown = town.post(NOBODY, "/v1/links/redeem", json!({"token": token})).await.good();
        assert_eq!(shown["person"], voter);
        let ballot = json!({"token": token, "choice": "approve", "terms_hash": shown["case"]["terms_hash"]});
        for _ in 0..2 {
            town.post(NOBODY, "/v1/links/redeem", ballot.clone()).await.good();
        }
        assert_eq!(state().await, after);
    }
    town.pass(SignedDuration::from_hours(72)).await;
    assert_eq!(state().await, "completed");
    town.owners_are(&acme, &[CLEO]).await;
    assert_eq!(town.member(&acme, OLGA).await["status"], "suspended");
}

/// The document's own sentence, filled in, in mails of three of the five.
async fn each_sends_an_individual_mail(town: &Town, document: &mut Document) {
    let five = [BEN, CLEO, DORA, EMIL, FINN];
    let acme = town.found("single-owner", "Acme Rivers", OLIVE, &five).await;
    let named = |name: &str| format!("{name} ({})", address(name));
    let sentence = format!(
        "The current account owner {} is not contactable and therefore {} should be made the new account owner.",
        named(OLIVE),
        named(CLEO)
    );

    document.says("need to send an individual email");
    let mut cases = Vec::new();
    for (voter, after) in [(BEN, "collecting"), (DORA, "collecting"), (EMIL, "waiting")] {
        let receipts = town.house.mails(voter, "ballot_receipt").await;
        let judged = town.bring_mail(voter, &sentence).await;
        assert_eq!(judged["verdict"], "counted", "{judged}");
        let path = format!("/v1/cases/{}", judged["case"].as_str().unwrap());
        assert_eq!(town.get(voter, &path).await.good()["state"], after);
        let told = town.house.mails(voter, "ballot_receipt").await - receipts;
        assert_eq!(told, 1, "each is told what was counted in their name");
        cases.push(judged["case"].clone());
    }
    cases.dedup();
    assert_eq!(cases.len(), 1, "the first one opens the case, and the others find it");
    town.pass(SignedDuration::from_hours(72)).await;
    town.owners_are(&acme, &[CLEO]).await;
    assert_eq!(town.member(&acme, OLIVE).await["status"], "suspended");
}
