//! Every mail as a mail program shows it that shows HTML.

use super::look::leaf_through;
use crate::{
    harness::browser::{Browser, Script},
    mail::samples::{all, rendered},
};

#[tokio::test(flavor = "multi_thread")]
async fn every_mail_can_be_read() {
    let Some(browser) = Browser::open(Script::On).await else { return };
    let directory = tempfile::Builder::new().prefix("quorate-test-mails-").tempdir().unwrap();
    let mut wrong = Vec::new();
    for (name, message) in all() {
        let file = directory.path().join(format!("{name}.html"));
        std::fs::write(&file, rendered(&message).html).unwrap();
        browser.goto(&format!("file://{}", file.display())).await;
        let found = leaf_through(&browser, &format!("mail-{name}")).await;
        wrong.extend(found.into_iter().map(|what| format!("{name}: {what}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
