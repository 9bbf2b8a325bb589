//! The page of the owners, and granting, revoking and passing on from it.

use serde_json::json;

use super::browser::{Browser, to};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
    web::site::House,
};

on_both!(ownership_is_granted_passed_on_and_revoked, whoever_is_no_owner_only_looks);

async fn ownership_is_granted_passed_on_and_revoked(test: TestDb) {
    let house = House::furnished_as("multi-owner", test).await;
    let path = format!("/accounts/{}/owners", house.account);
    let (ben, olga) = (house.user("Ben Bauer").await, house.user("Olga Orlova").await);
    let browser = Browser::of(&house, "Olga Orlova").await;
    let page = browser.get(&path).await;
    for words in ["Olga Orlova", ">owner<", ">primary owner<", "Nothing is offered", "Make them an owner too"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    assert!(!page.body.contains("/revoke\""), "the last one cannot be revoked: {}", page.body);
    // Nobody chosen, nothing done.
    let nobody = browser.get(&format!("{path}/choose?user=&deed=grant")).await;
    assert!(nobody.status == 422 && nobody.body.contains("href=\"#user\""), "{}", nobody.body);

    let before = dump(&house.test).await;
    let chosen = browser.get(&format!("{path}/choose?user={ben}&deed=grant")).await;
    let act = format!("/accounts/{}/members/{ben}/grant", house.account);
    assert_eq!(to(&chosen), act);
    let first = browser.follow(&chosen).await;
    assert_eq!(to(&first), format!("/prove?next={act}"));
    assert_eq!(dump(&house.test).await, before, "nothing has changed yet");
    let asked = browser.prove("Olga Orlova", &first).await;
    assert!(asked.body.contains("Make Ben Bauer an owner of Acme Freight?"), "{}", asked.body);
    assert!(asked.body.contains("ben@acme.example") && asked.body.contains("All owners are told"), "{}", asked.body);
    let granted = browser.post(&act, &[]).await;
    assert!(to(&granted).ends_with("?done=owner-granted"), "{}", granted.body);
    assert!(browser.follow(&granted).await.body.contains("Ownership is granted"));
    assert_eq!(
        (house.mails("Olga Orlova", "owners_changed").await, house.mails("Ben Bauer", "new_owner_welcome").await),
        (1, 1)
    );

    // The primary owner passes that on.
    let page = browser.get(&path).await;
    let pass = format!("/accounts/{}/members/{ben}/primary", house.account);
    assert!(page.body.contains(&format!("href=\"{pass}\"")), "{}", page.body);
    assert!(browser.get(&pass).await.body.contains("Make Ben Bauer the primary owner of Acme Freight?"));
    assert!(to(&browser.post(&pass, &[]).await).ends_with("?done=primary-passed"));
    let page = browser.get(&path).await;
    assert!(!page.body.contains("/primary\""), "only they pass it on now: {}", page.body);
    let refused = browser.post(&pass, &[]).await;
    assert!(refused.status == 403 || refused.status == 409, "{} {}", refused.status, refused.body);

    // An owner steps down.
    let down = format!("/accounts/{}/members/{olga}/revoke", house.account);
    assert!(browser.get(&down).await.body.contains("Give up your ownership of Acme Freight?"));
    let done = browser.post(&down, &[]).await;
    assert!(to(&done).ends_with("?done=owner-revoked"), "{}", done.body);
    assert_eq!(house.owners().await, ["Ben Bauer"]);
    assert_eq!(browser.post(&act, &[]).await.status, 403, "and is no owner any more");
    let log = browser.get(&format!("/accounts/{}", house.account)).await;
    for words in ["Olga Orlova gave up ownership.", "Olga Orlova made Ben Bauer the primary owner."] {
        assert!(log.body.contains(words), "{words}: {}", log.body);
    }
}

async fn whoever_is_no_owner_only_looks(test: TestDb) {
    let house = House::furnished(test).await;
    let path = format!("/accounts/{}/owners", house.account);
    let ben = Browser::of(&house, "Ben Bauer").await;
    let page = ben.get(&path).await;
    assert!(page.status == 200 && page.body.contains("Olga Orlova"), "{}", page.body);
    assert!(!page.body.contains("Pass ownership on") && !page.body.contains("/revoke"), "{}", page.body);
    let cleo = house.user("Cleo Costa").await;
    for deed in ["grant", "transfer"] {
        let refused = ben.post(&format!("/accounts/{}/members/{cleo}/{deed}", house.account), &[]).await;
        assert_eq!(refused.status, 403, "{deed}: {}", refused.body);
    }
    // In an account with one owner, ownership is offered and not granted.
    let olga = Browser::of(&house, "Olga Orlova").await;
    let page = olga.get(&path).await;
    assert!(!page.body.contains("value=\"grant\"") && page.body.contains("value=\"transfer\""), "{}", page.body);
    let instead = olga.get(&format!("/accounts/{}/members/{cleo}/grant", house.account)).await;
    assert!(instead.status == 422 && instead.body.contains("transfer it instead"), "{}", instead.body);
    // While one offer waits, the page offers no second one.
    let token = house.sign_in("Olga Orlova").await;
    house.prove("Olga Orlova", &token).await;
    let transfers = format!("/v1/accounts/{}/transfers", house.account);
    assert_eq!(house.call("POST", &transfers, &token, Some(json!({"to": cleo}))).await.status, 201);
    let page = olga.get(&path).await;
    assert!(!page.body.contains("value=\"transfer\""), "{}", page.body);
    assert!(page.body.contains("An offer waits for its answer"), "{}", page.body);
    assert_eq!(house.owners().await, ["Olga Orlova"]);
}
