//! Looks at the page that a browser shows, the way those do who cannot see it, who have a small screen, or who read what
//! the browser complains about.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script, skipped},
        webdriver::Session,
    },
    web::site::House,
};

const PHONE: (u32, u32) = (390, 844);
const DESKTOP: (u32, u32) = (1280, 900);
/// The narrowest screen on which nothing must be cut off.
const NARROW: (u32, u32) = (360, 740);

/// Fails with all that is wrong with the page, and keeps pictures of it.
pub async fn look(browser: &Session, name: &str) {
    let wrong = inspect(browser, name).await;
    assert!(wrong.is_empty(), "the page «{name}» ({}):\n{}", browser.path().await, wrong.join("\n"));
}

/// What is wrong with the page.
async fn inspect(browser: &Session, name: &str) -> Vec<String> {
    let mut wrong = complaints(browser).await;
    for (form, size) in [("phone", PHONE), ("desktop", DESKTOP)] {
        for scheme in ["light", "dark"] {
            show(browser, size, scheme).await;
            picture(browser, &format!("{name}-{form}-{scheme}")).await;
            // Both forms and both schemes, once each: they do not depend on each other.
            if (form == "phone") == (scheme == "light") {
                wrong.extend(barriers(browser).await.into_iter().map(|what| format!("{form}, {scheme}: {what}")));
            }
        }
    }
    let hidden = browser.run(HIDDEN).await;
    if hidden != json!([]) {
        wrong.push(format!("what is hidden shows: {hidden}"));
    }
    wrong.extend(too_wide(browser).await);
    show(browser, DESKTOP, "light").await;
    wrong
}

/// What is wrong with one of very many pages, which are all laid out alike: looked at on a small screen in the light, and on
/// a large one in the dark.
pub async fn leaf_through(browser: &Session, name: &str) -> Vec<String> {
    let mut wrong = complaints(browser).await;
    for (form, size, scheme) in [("phone", PHONE, "light"), ("desktop", DESKTOP, "dark")] {
        show(browser, size, scheme).await;
        picture(browser, &format!("{name}-{form}-{scheme}")).await;
        wrong.extend(barriers(browser).await.into_iter().map(|what| format!("{form}, {scheme}: {what}")));
    }
    wrong.extend(too_wide(browser).await);
    wrong
}

async fn too_wide(browser: &Session) -> Option<String> {
    show(browser, NARROW, "light").await;
    let width = browser.run("return document.documentElement.scrollWidth").await.as_u64().unwrap();
    if width <= NARROW.0.into() {
        return None;
    }
    Some(format!("it is {width} pixels wide on a screen of {}: {}", NARROW.0, browser.run(WIDE).await))
}

/// The elements that show although they are hidden.
const HIDDEN: &str = "return [...document.querySelectorAll('[hidden]')]
    .filter(e => e.getClientRects().length > 0).map(e => e.outerHTML.slice(0, 120))";

/// The elements that reach beyond the screen and cannot be scrolled by themselves.
const WIDE: &str = "return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 120))";

async fn show(browser: &Session, (width, height): (u32, u32), scheme: &str) {
    let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
    browser.devtools("Emulation.setDeviceMetricsOverride", size).await;
    let scheme = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
    browser.devtools("Emulation.setEmulatedMedia", scheme).await;
    // Colours on their way from one to the other are neither.
    browser.run("document.getAnimations().forEach(animation => animation.finish())").await;
}

async fn picture(browser: &Session, name: &str) {
    let taken = browser.devtools("Page.captureScreenshot", json!({"captureBeyondViewport": true})).await;
    keep(&format!("{name}.png"), &data_encoding::BASE64.decode(taken["data"].as_str().unwrap().as_bytes()).unwrap());
}

/// Keeps a picture, for people to look at.
pub fn keep(name: &str, picture: &[u8]) {
    let directory = std::env::var_os("QUORATE_TEST_SCREENSHOTS")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots"), PathBuf::from);
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join(name), picture).unwrap();
}

/// What axe finds, by WCAG 2.2 AA and by what is good practice.
async fn barriers(browser: &Session) -> Vec<String> {
    let Some(axe) = axe() else { return Vec::new() };
    // Scripts that the driver runs are not the page's: its policy does not stop them.
    if browser.run("return typeof axe").await == "undefined" {
        browser.run(&axe).await;
    }
    let found = browser.wait_for(AXE).await;
    let found = found.as_array().unwrap_or_else(|| panic!("axe failed: {found}"));
    found.iter().map(|violation| serde_json::to_string(violation).unwrap()).collect()
}

const AXE: &str = "const done = arguments[arguments.length - 1];
    // A mail stands in the page of a mail program, which has the landmarks.
    const mail = location.protocol === 'file:';
    axe.run(document, {
        runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']},
        rules: {'target-size': {enabled: true}, region: {enabled: !mail}, 'landmark-one-main': {enabled: !mail}},
    }).then(
        found => done(found.violations.map(v => ({rule: v.id, help: v.help, at: v.nodes.map(n => n.html + ' ' + n.failureSummary)}))),
        error => done(String(error)));";

fn axe() -> Option<String> {
    let Some(path) = std::env::var_os("QUORATE_TEST_AXE") else {
        skipped("axe on every page", "QUORATE_TEST_AXE does not name the file axe.min.js of the npm package axe-core");
        return None;
    };
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// What the browser itself complains about, and requests to anywhere but to us.
async fn complaints(browser: &Session) -> Vec<String> {
    let mut wrong = Vec::new();
    for entry in browser.log("browser").await {
        let message = entry["message"].as_str().unwrap();
        // A page with a status that says so is a page.
        if !message.contains("Failed to load resource: the server responded with a status of 4") {
            wrong.push(format!("the console has: {message}"));
        }
    }
    let here = browser.run("return location.origin").await;
    for entry in browser.log("performance").await {
        let event: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
        let address = event["message"]["params"]["request"]["url"].as_str().unwrap_or_default();
        let leaves = ["http", "ws", "ftp"].iter().any(|scheme| address.starts_with(scheme));
        if leaves && !address.starts_with(here.as_str().unwrap()) {
            wrong.push(format!("it asks {address}"));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inspection_finds_what_is_broken() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished(TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    browser.goto(&format!("{site}/sign-in")).await;
    look(&browser, "sign-in").await;
    for (harm, words) in [
        ("document.querySelector('label').remove()", "\"rule\":\"label\""),
        (
            "document.querySelector('p.soft').style.color = '#bbb'; document.querySelector('p.soft').style.background = '#ccc'",
            "color-contrast",
        ),
        (
            "const more = document.querySelector('button'); more.hidden = true; more.style.setProperty('display', 'block', 'important')",
            "what is hidden shows",
        ),
        ("document.querySelector('main').style.width = '500px'", "pixels wide on a screen of 360"),
        (
            "document.querySelector('main').setAttribute('onclick', 'alert(1)'); console.error('broken')",
            "the console has",
        ),
        ("new Image().src = 'http://127.0.0.2:9/x.png'", "Content Security Policy"),
    ] {
        browser.goto(&format!("{site}/sign-in")).await;
        browser.run(harm).await;
        let wrong = inspect(&browser, "broken").await;
        let expected = wrong.iter().any(|line| line.contains(words));
        assert!(expected || (axe().is_none() && !words.contains("console")), "{words} is not in {wrong:#?}");
    }
}
