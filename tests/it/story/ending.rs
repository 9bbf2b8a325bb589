//! What must be so at the end of the story, however often somebody died.

use std::collections::BTreeMap;

use quorate::store::{mails::Status, outbox::Entry};
use reqwest::Method;
use serde_json::Value;

use super::{
    play::{Ending, text},
    stage::{Question, Stage, entries, pause},
};

/// What happened, for two plays to be compared.
#[derive(Debug, PartialEq, Eq)]
pub struct Account {
    /// The kinds of the activity log's entries, in their order.
    pub entries: Vec<String>,
    /// How many mails were written, by kind, event and address. Codes are left out: who got no answer asks for another.
    pub mails: BTreeMap<String, usize>,
}

/// What the mail server saw.
#[derive(Debug, Default)]
pub struct Post {
    pub mails: usize,
    pub twice: usize,
    pub dropped: usize,
    pub extended: usize,
}

impl Stage {
    /// Checks the end of the story, and gives an account of it.
    pub async fn check(&mut self, ending: &Ending) -> (Account, Post) {
        let Ending { account, case, nominee } = ending;
        let owners = self.look(&format!("/v1/accounts/{account}/owners")).await;
        assert_eq!(owners["items"].as_array().unwrap().len(), 1, "one owner: {owners}");
        assert_eq!(text(&owners["items"][0]["user"]), *nominee);
        let cases = self.look(&format!("/v1/accounts/{account}/cases")).await;
        assert_eq!(cases["items"].as_array().unwrap().len(), 1, "one case: {cases}");
        assert_eq!(text(&cases["items"][0]["id"]), *case);
        let log = self.look(&format!("/v1/accounts/{account}/activity?limit=200")).await;
        assert!(log["next"].is_null());
        let items = log["items"].as_array().unwrap();
        let numbers: Vec<u64> = items.iter().map(|item| item["entry"]["seq"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (1..=items.len() as u64).collect::<Vec<_>>(), "numbered without gaps");
        let mut entries: Vec<String> = items.iter().map(|item| text(&item["entry"]["kind"])).collect();
        let (mut mails, mut post) = self.check_mails().await;
        let verified = self.place.run(&["audit", "verify", "--json"]);
        assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
        // A mail that came late, because somebody died, may prolong the waiting period, once.
        post.extended = entries.iter().filter(|kind| *kind == "case.extended").count();
        assert!(post.extended <= 1);
        entries.retain(|kind| kind != "case.extended");
        for (_, count) in mails.iter_mut().filter(|(mail, _)| mail.starts_with("case_outcome")) {
            *count -= post.extended;
        }
        (Account { entries, mails }, post)
    }

    async fn look(&mut self, path: &str) -> Value {
        let (path, token) = (path.to_owned(), Some(self.operator.clone()));
        self.ask("look at the end", Question { method: Method::GET, path, token, body: None, key: None }).await.good()
    }

    /// Every promised mail was delivered, and one that was delivered twice is the same letter.
    async fn check_mails(&self) -> (BTreeMap<String, usize>, Post) {
        let all = self.settled().await;
        let mut post = Post::default();
        let mut mails = BTreeMap::new();
        for entry in &all {
            let letters = self.letters(entry.id);
            match entry.status {
                Status::Accepted => {
                    let [first, rest @ ..] = &letters[..] else { panic!("never delivered: {entry:?}") };
                    assert!(rest.iter().all(|letter| letter == first), "two letters of one mail: {first} {rest:?}");
                    assert!(first.contains(&format!("<{}@", entry.id)), "its Message-ID tells which mail it is");
                    (post.mails, post.twice) = (post.mails + 1, post.twice + usize::from(!rest.is_empty()));
                }
                Status::Dropped => {
                    // It had arrived and was used, and who had sent it died before that was written down.
                    let arrived = !letters.is_empty();
                    assert!(arrived || entry.kind == "sign_in_code", "not sent, although it was of use: {entry:?}");
                    post.dropped += 1;
                }
                Status::Queued | Status::Bounced | Status::Undeliverable => panic!("{entry:?}"),
            }
            let event = entry.event.as_deref().unwrap_or_default();
            if entry.kind != "sign_in_code" && event != "extended" {
                *mails.entry(format!("{} {event} {}", entry.kind, entry.to.email)).or_default() += 1;
            }
        }
        let taken = self.mails.taken().len();
        let known: usize = all.iter().map(|entry| self.letters(entry.id).len()).sum();
        assert_eq!(taken, known, "letters that nobody promised");
        (mails, post)
    }

    /// All mails, once none is waiting.
    async fn settled(&self) -> Vec<Entry> {
        let db = self.database().await;
        for _ in 0..2000 {
            let all = entries(&db).await;
            if all.iter().all(|entry| entry.status != Status::Queued) {
                db.close().await;
                return all;
            }
            pause().await;
        }
        panic!("mails are left in the outbox");
    }
}
