//! A drill in a browser: the key is typed line by line, the wrong line is named, and the mailed code ends it.

use super::look::look;
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script},
    },
    web::{
        pages::paper_keys::{confirmed, issued},
        site::House,
    },
};

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_drilled() {
    drilled(Script::On).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_drilled_without_script() {
    drilled(Script::Off).await;
}

async fn drilled(script: Script) {
    let Some(browser) = Browser::open(script).await else { return };
    let mut house = House::furnished_as("recommended", TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    let rita = confirmed(&house).await;
    let lines = issued(&house, &rita).await;
    browser.goto(&format!("{site}/drill")).await;
    see(&browser, script, "drill").await;
    for (field, line) in ["#line1", "#line2", "#line4"].into_iter().zip(&lines) {
        browser.fill(field, &line.to_lowercase()).await;
    }
    browser.follow("main button").await;
    see(&browser, script, "drill-wrong").await;
    assert!(browser.text("#line3-wrong").await.ends_with("Line 3 is missing"));
    browser.fill("#line3", &lines[2]).await;
    browser.click("#line4").await;
    browser.press("\u{E009}a\u{E000}").await;
    browser.fill("#line4", &lines[3]).await;
    browser.follow("main button").await;
    see(&browser, script, "drill-code").await;
    browser.fill("#code", &house.code_at("rita@example.net").await).await;
    browser.follow("main button").await;
    see(&browser, script, "drill-done").await;
    assert_eq!(browser.text("h1").await, "Your paper key works");
}

async fn see(browser: &Browser, script: Script, name: &str) {
    match script {
        Script::On => look(browser, name).await,
        Script::Off => {}
    }
}
