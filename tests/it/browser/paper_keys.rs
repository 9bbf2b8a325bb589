//! Paper keys in a browser: an owner issues one and prints its sheet, whose QR code a reader reads, also off a bad copy.

use std::{io::Write as _, path::Path, process::Command};

use data_encoding::BASE64;
use serde_json::json;

use super::{
    look::{keep, look},
    people::{prove, sign_in},
};
use crate::{
    harness::{
        TestDb,
        browser::{Browser, Script, skipped},
    },
    web::{
        pages::recovery_users::{chosen, link},
        site::House,
    },
};

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_prints_a_key() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let mut house = House::furnished_as("recommended", TestDb::sqlite().await).await;
    let site = house.open_the_door().await;
    let rita = chosen(&house, &["rita@example.net"]).await;
    sign_in(&browser, &house, &site, "Olga Orlova").await;
    let page = format!("{site}/accounts/{}/recovery-users/{rita}/paper-keys", house.account);
    browser.goto(&page).await;
    look(&browser, "paper-keys-unconfirmed").await;
    let (address, token) = link(&house, "rita@example.net").await;
    assert_eq!(house.form(&format!("{address}/do"), &[("token", &token)]).await.status, 200);
    browser.goto(&page).await;
    look(&browser, "paper-keys-none").await;
    let issue = "main form[action$='/paper-keys'] button";
    browser.follow(issue).await;
    prove(&browser).await;
    browser.follow(issue).await;
    look(&browser, "paper-key-sheet").await;
    let shown = browser.run("return [...document.querySelectorAll('.key-lines code')].map(e => e.innerText)").await;
    let lines: Vec<String> =
        shown.as_array().unwrap().iter().map(|line| line.as_str().unwrap().replace(' ', "-")).collect();
    assert_eq!(lines.len(), 4, "{shown}");

    is_one_sheet(&browser).await;
    browser.devtools("Emulation.setEmulatedMedia", json!({"media": "print"})).await;
    read(&browser, "as it is printed", 1.0, &lines.join("-")).await;
    browser.run("document.documentElement.style.filter = 'grayscale(1) blur(1px) contrast(4)'").await;
    read(&browser, "off a bad copy", 0.6, &lines.join("-")).await;
    browser.devtools("Emulation.setEmulatedMedia", json!({"media": ""})).await;

    browser.goto(&page).await;
    look(&browser, "paper-keys").await;
    browser.follow("main a[href$='/revoke']").await;
    look(&browser, "paper-key-revoke").await;
    browser.follow("main form button").await;
    browser.until_at("?done=paper-key-revoked").await;
    look(&browser, "paper-keys-revoked").await;
}

/// In inches.
const PAPERS: [(&str, f64, f64); 2] = [("A4", 8.27, 11.69), ("Letter", 8.5, 11.0)];

/// However long the names, it is printed on one sheet of either paper.
async fn is_one_sheet(browser: &Browser) {
    for long in [false, true] {
        if long {
            browser.run(LONG).await;
        }
        for (paper, width, height) in PAPERS {
            let shape = json!({"paperWidth": width, "paperHeight": height, "preferCSSPageSize": true});
            let printed = browser.devtools("Page.printToPDF", shape).await;
            let pdf = BASE64.decode(printed["data"].as_str().unwrap().as_bytes()).unwrap();
            keep(&format!("paper-key-sheet-{paper}{}.pdf", if long { "-long" } else { "" }), &pdf);
            let pages = String::from_utf8_lossy(&pdf).matches("/Type /Page\n").count();
            assert_eq!(pages, 1, "{paper}, with long names: {long}");
        }
    }
}

/// The longest names that there can be, and two long addresses.
const LONG: &str = "const name = 'Vereinigte Wasserwerke '.repeat(5).slice(0, 100);
    document.querySelector('.paper-key header b').textContent = name;
    const [holder, , , , mailbox] = document.querySelectorAll('.paper-key dd');
    holder.textContent = name;
    mailbox.textContent = ['net', 'com'].map(end => 'm'.repeat(60) + '@wasserwerke.example.' + end).join(' and ')";

/// Has a reader of QR codes look at the page.
async fn read(browser: &Browser, how: &str, scale: f64, key: &str) {
    if !Path::new("/usr/bin/zbarimg").exists() {
        skipped("reading a printed QR code", "there is no /usr/bin/zbarimg");
        return;
    }
    let clip = json!({"x": 0, "y": 0, "width": 1280, "height": 1400, "scale": scale});
    let shot = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
    let shot = browser.devtools("Page.captureScreenshot", shot).await;
    let mut file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
    file.write_all(&BASE64.decode(shot["data"].as_str().unwrap().as_bytes()).unwrap()).unwrap();
    let read = Command::new("/usr/bin/zbarimg").args(["--quiet", "--raw"]).arg(file.path()).output().unwrap();
    let text = String::from_utf8(read.stdout).unwrap();
    assert_eq!(text.trim(), key, "{how}: {}", String::from_utf8_lossy(&read.stderr));
}
