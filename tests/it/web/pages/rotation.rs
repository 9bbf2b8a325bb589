//! A session gets another token before something is shown in it: whoever has seen the cookie before gets nothing of it.

use jiff::SignedDuration;
use quorate::app::rotate_token::CROSSING;

use super::browser::{Browser, to};
use crate::{
    harness::{TestDb, on_both, proof::PASSWORD},
    web::site::House,
};

on_both!(
    a_stolen_cookie_gets_nothing_of_a_proof,
    a_form_that_is_sent_twice_signs_nobody_out,
    whoever_rotates_the_old_one_loses_the_proof,
    programs_keep_their_token,
);

/// The page that opens only to whoever has just shown who they are.
const BEHIND: &str = "/me/password";

fn cookie(browser: &Browser<'_>) -> String {
    browser.cookie.borrow().clone().unwrap()
}

/// Another browser with the same cookie.
fn thief<'h>(house: &'h House, cookie: &str) -> Browser<'h> {
    let thief = Browser::new(house);
    *thief.cookie.borrow_mut() = Some(cookie.to_owned());
    thief
}

async fn prove(browser: &Browser<'_>, password: &str) -> u16 {
    browser.post("/prove/password", &[("password", password), ("next", "/me")]).await.status
}

async fn a_stolen_cookie_gets_nothing_of_a_proof(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let stolen = cookie(&ben);
    let thief = thief(&house, &stolen);
    assert_eq!(thief.get("/me").await.status, 200);
    assert_eq!(prove(&ben, PASSWORD).await, 303);
    assert_ne!(cookie(&ben), stolen);
    assert_eq!(ben.get(BEHIND).await.status, 200);
    // For a moment it still says who it was, and has shown nothing.
    assert_eq!(thief.get("/me").await.status, 200);
    assert!(to(&thief.get(BEHIND).await).starts_with("/prove?"));
    let token = stolen.split_once('=').unwrap().1;
    for (method, path) in [("DELETE", "/v1/me/password"), ("DELETE", "/v1/me/sessions"), ("POST", "/v1/proof")] {
        let tried = house.call(method, path, token, Some(serde_json::json!({}))).await;
        assert_eq!(tried.status, 401, "{method} {path}: {}", tried.body);
    }
    house.site.app.clock.advance(CROSSING);
    assert!(to(&thief.get("/me").await).starts_with("/sign-in?"));
    assert_eq!(ben.get("/me").await.status, 200);
    // A wrong try rotates as well, and shows nothing.
    let before = cookie(&ben);
    house.site.app.clock.advance(SignedDuration::from_mins(6));
    assert_eq!(prove(&ben, "not-this-one-at-all").await, 422);
    assert_ne!(cookie(&ben), before);
    assert!(to(&ben.get(BEHIND).await).starts_with("/prove?"));
}

async fn a_form_that_is_sent_twice_signs_nobody_out(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    // The browser forgets the answer to the first, and keeps that to the second.
    let once_more = thief(&house, &cookie(&ben));
    assert_eq!(prove(&ben, PASSWORD).await, 303);
    assert_eq!(prove(&once_more, PASSWORD).await, 303);
    assert_eq!(once_more.get(BEHIND).await.status, 200);
    house.site.app.clock.advance(CROSSING);
    assert_eq!(once_more.get(BEHIND).await.status, 200);
}

async fn whoever_rotates_the_old_one_loses_the_proof(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let thief = thief(&house, &cookie(&ben));
    assert_eq!(prove(&ben, PASSWORD).await, 303);
    assert_eq!(prove(&thief, "not-this-one-at-all").await, 422);
    assert!(to(&thief.get(BEHIND).await).starts_with("/prove?"), "the session is theirs again, and its proof is gone");
    assert!(to(&ben.get(BEHIND).await).starts_with("/sign-in?"), "whoever is robbed of it notices");
}

async fn programs_keep_their_token(test: TestDb) {
    let house = House::furnished(test).await;
    let token = house.sign_in("Ben Bauer").await;
    house.prove("Ben Bauer", &token).await;
    let listed = house.call("GET", "/v1/me/sessions", &token, None).await;
    assert_eq!(listed.status, 200, "{}", listed.body);
}
