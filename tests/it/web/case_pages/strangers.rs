//! Who may not know of a case gets no page of it, who may only read it is offered nothing, and no other site presses our
//! buttons.

use serde_json::json;

use super::browser::{Story, place, read};
use crate::harness::{TestDb, on_both};

const PAGES: [&str; 6] = ["", "/vote", "/ballot/take-back", "/pause", "/veto", "/withdraw"];

on_both!(another_account_sees_nothing);

async fn another_account_sees_nothing(test: TestDb) {
    let story = Story::opened(test).await;
    let stranger = json!({"name": "Stella Stern", "email": "stella@acme.example"});
    let new = json!({"name": "Other", "preset": "single-owner", "first_user": stranger});
    let made = story.house.call("POST", "/v1/accounts", &story.house.operator, Some(new)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let (link, token) = story.house.link("Stella Stern", "invitation").await;
    story.house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    let stella = story.browser("Stella Stern").await;
    let terms = story.shown().await["terms_hash"].as_str().unwrap().to_owned();
    for below in PAGES {
        let opened = story.open(&stella, below).await;
        assert_eq!(opened.status, 404, "{below}: {}", opened.body);
        assert!(!opened.body.contains("Acme") && !opened.body.contains("Cleo"), "{below}: {}", opened.body);
        if !below.is_empty() {
            let sent = story.send(&stella, below, &[("terms_hash", &terms), ("choice", "approve")]).await;
            assert_eq!(sent.status, 404, "{below}: {}", sent.body);
        }
    }
    assert_eq!(story.get(&stella, &format!("/accounts/{}/cases", story.house.account)).await.status, 404);
    assert_eq!(story.get(&stella, "/cases/nonsense").await.status, 404);
    assert_eq!(story.shown().await["approvals"], 0);
}

#[tokio::test]
async fn who_has_not_signed_in_is_asked_to() {
    let story = Story::opened(TestDb::sqlite().await).await;
    for below in PAGES {
        let path = format!("/cases/{}{below}", story.case);
        let opened = story.house.open(&path).await;
        assert_eq!((opened.status, place(&opened)), (303, format!("/sign-in?next={path}")));
    }
}

#[tokio::test]
async fn a_member_without_a_ballot_reads_and_is_told_why() {
    let story = Story::opened(TestDb::sqlite().await).await;
    story.house.invite("Ben Bauer", "Nora North").await;
    let (link, token) = story.house.link("Nora North", "invitation").await;
    story.house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    let nora = story.browser("Nora North").await;
    let page = story.open(&nora, "").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let why = "You are not among the electors of this case: you are not an administrator of this account.";
    assert!(read(&page).contains(why), "{}", read(&page));
    for below in &PAGES[1..] {
        assert!(!page.body.contains(&format!("{}{below}\"", story.case)), "{below} is offered: {}", page.body);
        assert!([303, 403, 409].contains(&story.open(&nora, below).await.status), "{below}");
    }
    let terms = story.shown().await["terms_hash"].as_str().unwrap().to_owned();
    let sent = story.send(&nora, "/vote", &[("terms_hash", &terms), ("choice", "approve")]).await;
    assert!(sent.status == 403 && read(&sent).contains(why.trim_end_matches('.')), "{}", sent.body);
    assert_eq!(story.shown().await["approvals"], 0);
}

#[tokio::test]
async fn other_sites_press_no_button() {
    let story = Story::opened(TestDb::sqlite().await).await;
    let terms = story.shown().await["terms_hash"].as_str().unwrap().to_owned();
    for (name, below) in [("Ben Bauer", "/vote"), ("Ben Bauer", "/withdraw"), ("Olga Orlova", "/veto")] {
        let reader = story.browser(name).await;
        story.prove(name, &reader).await;
        let path = format!("/cases/{}{below}", story.case);
        for site in ["cross-site", "same-site"] {
            let fields = [("terms_hash", terms.as_str()), ("choice", "approve")];
            let sent = story.send_from(site, &reader, &path, &fields).await;
            assert!(sent.status == 403 && sent.body.contains("cross_site"), "{below}: {}", sent.body);
        }
    }
    let shown = story.shown().await;
    assert_eq!((shown["state"].as_str(), shown["approvals"].as_u64()), (Some("collecting"), Some(0)));
}
