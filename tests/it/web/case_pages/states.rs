//! The page of a case in each of its states: what happened, what happens next, and by when.

use jiff::SignedDuration;
use quorate::{
    moment::Moment,
    store::{
        db::Unit,
        error::DbError,
        mails::{self, Claim},
        tx::Tx,
    },
};
use serde_json::json;

use super::browser::{Story, read};
use crate::harness::{TestDb, on_both};

on_both!(from_opening_to_completion);

async fn from_opening_to_completion(test: TestDb) {
    let story = Story::opened(test).await;
    story.work().await;
    let opened = story.page("Dora Dahl").await;
    assert_eq!(opened.status, 200, "{}", opened.body);
    says(
        &read(&opened),
        &[
            "Collecting ballots Recovery case of Acme Freight 2 more approvals are needed",
            "It needs 2 approvals out of 3 administrators by Sunday 6 December 2026",
            "0 of 3 approve; 2 are required.",
            "Time to vote 13 days and 23 hours left",
            "Owner now Olga Orlova olga@acme.example",
            "Would be owner instead Cleo Costa cleo@acme.example",
            "Olga left in September.",
            "Dora Dahl you has not voted Asked for a ballot: sent 22 Nov 2026",
            "Olga Orlova The case was opened: sent 22 Nov 2026",
            "Ben Bauer opened a recovery case that would make Cleo Costa owner.",
            "Voting ends. Without enough approvals, the case expires.",
        ],
    );
    // The drawing has a mark for everybody, and the page loads nothing and styles nothing in place.
    assert_eq!(opened.body.matches("<use href=\"#ballot-open\" x=").count(), 3, "{}", opened.body);
    let without_ours = opened.body.replace("<script defer src=\"/assets/live.js?v=", "");
    assert!(!without_ours.contains("style=") && !without_ours.contains("<script"), "{}", opened.body);
    assert!(opened.body.contains("role=\"img\" aria-labelledby=\"tally-name\""));

    story.vote("Ben Bauer", "approve").await;
    story.vote("Cleo Costa", "approve").await;
    story.work().await;
    let waiting = story.page("Olga Orlova").await;
    says(
        &read(&waiting),
        &[
            "Waiting Recovery case of Acme Freight Ownership changes, unless an owner objects",
            "Unless an owner objects, ownership changes on Wednesday 25 November 2026",
            "2 of 3 approve; 2 are required.",
            "Waiting period 2 days and 23 hours left",
            "Enough approve: sent 22 Nov 2026",
            "2 approvals made the quorum. The waiting period began: ownership changes on Wednesday",
            "Next: 25 Nov 2026",
            "Pause the case",
            "Veto the case",
        ],
    );

    story.pass(SignedDuration::from_hours(72)).await;
    let completed = story.page("Dora Dahl").await;
    says(
        &read(&completed),
        &[
            "Completed Recovery case of Acme Freight Ownership has changed",
            "Cleo Costa <cleo@acme.example> now owns the account, in place of Olga Orlova <olga@acme.example>",
            "How it went",
            "Owner before Olga Orlova",
            "Became owner Cleo Costa",
            "Last count 2 approvals of the 2 needed, 0 rejections",
            "Ownership changed: Cleo Costa owns the account, by 2 approvals.",
        ],
    );
    assert!(!read(&completed).contains("What you can do"), "{}", read(&completed));
    // Who was replaced may still read what was done to them, and gets no way to the account.
    let replaced = story.page("Olga Orlova").await;
    assert_eq!(replaced.status, 200);
    assert!(!replaced.body.contains("/accounts/"), "{}", replaced.body);
}

#[tokio::test]
async fn every_other_end() {
    let rejected = Story::opened(TestDb::sqlite().await).await;
    rejected.vote("Ben Bauer", "reject").await;
    let last = rejected.proven("Dora Dahl").await;
    let warned = read(&rejected.open(&last, "/vote").await);
    assert!(warned.contains("I reject The case then ends: so many are against it"), "{warned}");
    let page = read(&rejected.vote("Dora Dahl", "reject").await);
    says(
        &page,
        &[
            "Rejected Recovery case of Acme Freight The recovery case was rejected",
            "So many voted against it that it can no longer get enough approvals. Ownership stays as it is.",
            "What would have changed Owner, as before",
            "The case was rejected: so many voted against it that it could no longer get enough approvals.",
            "0 approvals of the 2 needed, 2 rejections",
        ],
    );

    let expired = Story::opened(TestDb::sqlite().await).await;
    expired.work().await;
    expired.house.site.app.clock.advance(SignedDuration::from_hours(14 * 24));
    let late = read(&expired.page("Dora Dahl").await);
    says(&late, &["Voting has ended", "Any moment now", "This case has ended: it is expired, and that is final."]);
    expired.work().await;
    let page = read(&expired.page("Dora Dahl").await);
    says(
        &page,
        &["Expired", "The recovery case has expired", "The time ended before enough had agreed, and the case expired."],
    );

    let short = Story::opened(TestDb::sqlite().await).await;
    short.vote("Ben Bauer", "approve").await;
    short.vote("Dora Dahl", "approve").await;
    let page = read(&short.vote("Dora Dahl", "reject").await);
    says(
        &page,
        &[
            "1 more approval is needed",
            "the approvals no longer suffice",
            "Dora Dahl changed their ballot: they reject now, signed in.",
            "Only 1 approval of the 2 needed were left",
        ],
    );
}

#[tokio::test]
async fn the_list_has_open_and_past_cases() {
    let story = Story::opened(TestDb::sqlite().await).await;
    let dora = story.browser("Dora Dahl").await;
    let nominee = story.shown().await["terms"]["nominee"]["id"].clone();
    let new = json!({"kind": "replace", "nominee": nominee, "statement": "Once more."});
    let list = format!("/accounts/{}/cases", story.house.account);
    assert_eq!(story.house.call("POST", &format!("/v1{list}"), &dora.token, Some(new)).await.status, 201);
    story.vote("Ben Bauer", "approve").await;
    let open = read(&story.get(&dora, &list).await);
    says(&open, &["1 approval of the 2 needed.", "0 approvals of the 2 needed.", "No case has ended yet."]);
    assert_eq!(open.matches("Cleo Costa as owner").count(), 2, "{open}");
    story.press(&story.browser("Ben Bauer").await, "/withdraw").await;
    let past = read(&story.get(&dora, &list).await);
    says(&past, &["Collecting ballots Past Cleo Costa as owner Opened by Ben Bauer", "Withdrawn"]);
}

/// What became of the mails: Ben's is accepted, Cleo's deferred, Dora's refused for good. Olga's is not tried.
struct Deliveries(Moment);

impl Unit for Deliveries {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let now = self.0;
        for mail in mails::claim(tx, now, now.after(SignedDuration::from_mins(5)), 200).await? {
            let (id, attempt) = (mail.id, mail.attempt);
            let later = now.after(SignedDuration::from_hours(1));
            let settled = match (mail.kind.as_str(), mail.to.name.as_str()) {
                ("ballot_request", "Cleo Costa") => mails::deferred(tx, id, attempt, later, "451 try later").await?,
                ("ballot_request", "Dora Dahl") => mails::given_up(tx, id, attempt, "550 no <such> mailbox").await?,
                ("owner_alert", _) => mails::returned(tx, id, attempt, now).await?,
                _ => mails::accepted(tx, id, attempt, now, "250 ok").await?,
            };
            assert_eq!(settled, Claim::Stood);
        }
        Ok(())
    }
}

#[tokio::test]
async fn the_page_tells_what_became_of_each_mail() {
    let story = Story::opened(TestDb::sqlite().await).await;
    says(
        &read(&story.page("Dora Dahl").await),
        &["Dora Dahl you has not voted Asked for a ballot: queued, sent in a moment"],
    );
    let app = &story.house.site.app;
    app.db.run(Deliveries(app.now())).await.unwrap();
    let page = read(&story.page("Dora Dahl").await);
    says(
        &page,
        &[
            "Ben Bauer has not voted Asked for a ballot: sent 22 Nov 2026, 14:00 UTC",
            "Cleo Costa has not voted Asked for a ballot: deferred, after 1 attempt, next try 22 Nov 2026, 15:00 UTC 451 try later",
            "Dora Dahl you has not voted Asked for a ballot: failed, the mail server refused it for good 550 no",
        ],
    );
}

#[tokio::test]
async fn the_terms_are_the_text_that_was_hashed() {
    let story = Story::opened(TestDb::sqlite().await).await;
    let page = story.page("Dora Dahl").await;
    let (_, rest) = page.body.split_once("aria-label=\"The terms as canonical JSON\">").unwrap();
    let escaped = rest.split_once("</pre>").unwrap().0;
    let text = ["&#34;", "&quot;"].iter().fold(escaped.to_owned(), |text, mark| text.replace(mark, "\""));
    let text = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#39;", "'").replace("&#38;", "&");
    let hash = quorate::recovery::terms::TermsHash::of(&text).to_string();
    assert_eq!(hash, story.shown().await["terms_hash"].as_str().unwrap());
    assert!(page.body.contains(&format!("<code class=\"copy\">{hash}</code>")));
}

#[track_caller]
fn says(page: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(page.contains(words), "`{words}` is not in: {page}");
    }
}
