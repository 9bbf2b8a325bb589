//! What people do in a browser more than once.

use super::look::look;
use crate::{
    harness::{browser::Browser, proof::PASSWORD},
    web::site::{House, address},
};

/// Signs in with the code that is in the mailbox, and gives what the page that asks for it says.
pub async fn sign_in(browser: &Browser, house: &House, site: &str, name: &str) -> String {
    browser.goto(&format!("{site}/sign-in")).await;
    browser.fill("#email", &address(name)).await;
    browser.follow("main button").await;
    look(browser, "sign-in-code").await;
    let asks = browser.text("main").await;
    let (mail, _) = house.mail(name, "sign_in_code").await.unwrap();
    let letter = browser.peek(&format!("{site}/mailbox/{mail}"), "pre.letter").await;
    let is_code = |word: &&str| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
    browser.fill("#code", letter.split_whitespace().find(is_code).unwrap()).await;
    browser.follow("main form button").await;
    assert_eq!(browser.path().await, "/", "{}", browser.text("body").await);
    asks
}

/// Follows the link in the request to vote, and votes.
pub async fn vote_by_link(browser: &Browser, house: &House, site: &str, name: &str, choice: &str) {
    let (link, token) = house.link(name, "ballot_request").await;
    let (mail, _) = house.mail(name, "ballot_request").await.unwrap();
    browser.goto(&format!("{site}/mailbox/{mail}")).await;
    look(browser, "mailbox-letter").await;
    browser.goto(&format!("{site}/l/{link}#{}", token.split_once('.').unwrap().1)).await;
    browser.until_at("/show").await;
    look(browser, "link-ballot").await;
    browser.click(&format!("input[value={choice}]")).await;
    browser.follow("main button").await;
    look(browser, "link-voted").await;
}

/// Shows by the password who they are, as a page has asked, and comes back to it.
pub async fn prove(browser: &Browser) {
    browser.fill("#password", PASSWORD).await;
    browser.follow("form[action='/prove/password'] button").await;
}
