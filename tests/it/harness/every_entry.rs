//! A log that has an entry of every kind, written as the service writes them: for what must hold whatever happened.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use quorate::{
    activity::{entry::Draft, topic},
    app::app::App,
    id::{AccountId, CaseId, UserId},
    moment::Moment,
    ownership::actor::Actor,
    secret::Chance,
    store::{accounts, activity, db::Unit, error::DbError, tx::Tx},
};
use serde_json::json;
use uuid::Uuid;

/// Whom and what the entries are about.
#[derive(Debug, Clone, Copy)]
pub struct Cast {
    pub by: UserId,
    pub about: UserId,
    pub case: CaseId,
}

/// An entry of that kind, with all that a sentence about it may say, and with the personal values that belong to it.
pub fn draft(kind: &'static str, cast: Cast) -> Draft {
    let Cast { by, about, case } = cast;
    let actor = match kind {
        "policy.changed" | "account.closed" | "digest.sent" => Actor::Service,
        _ => Actor::User { user: by },
    };
    let until = "2027-01-02T03:04:05.000000Z";
    let draft = Draft::new(kind, actor)
        .user(about)
        .with("from", by.to_string())
        .with("until", until)
        .with("due_at", until)
        .with("expires_at", until)
        .with("effective_at", until)
        .with("approvals", 2)
        .with("required", 3)
        .with("choice", "approve")
        .with("reason", "fell_short")
        .with("score", 40)
        .with("domain", "example.org")
        .with("issuer", "https://id.example.org")
        .with("recovery_user", recovery_user())
        .with("list", json!([1, 2]));
    let draft = if kind.starts_with("case.") { draft.case(case) } else { draft };
    match kind {
        "account.created" => draft
            .personal("account_name", "Acme Freight")
            .personal("name", "Olga Orlova")
            .personal("email", "olga@example.org")
            .personal("reference", "P-17"),
        "account.renamed" => draft.personal("account_name", "Acme Cargo"),
        "child.created" => draft.personal("child_name", "Acme South"),
        "member.invited" | "member.joined" => draft.personal("name", "Ben Bauer").personal("email", "ben@example.org"),
        "member.renamed" => draft.personal("name", "Ben Becker"),
        "member.address_changed" => {
            draft.personal("email", "ben@example.net").personal("email_before", "ben@example.org")
        }
        "case.ballot_cast" => draft.personal("mail", "RnJvbTo="),
        "case.opened" => draft
            .personal("nominee_name", "Cleo Costa")
            .personal("nominee_email", "cleo@example.org")
            .personal("statement", "Olga left in September.\nHer phone is gone."),
        _ if kind.starts_with("recovery_user.") || kind.starts_with("paper_key.") => {
            draft.personal("recovery_user_name", "Rita Rossi")
        }
        _ => draft,
    }
}

/// The recovery user of whom the entries tell.
pub fn recovery_user() -> String {
    quorate::id::RecoveryUserId::from_uuid(Uuid::from_u128(77)).to_string()
}

/// Writes an entry of every kind that there is behind the log of an account, a minute apart, and says how many.
pub async fn write_every(app: &App, account: AccountId, cast: Cast) -> u64 {
    let drafts: Vec<Draft> = topic::kinds().map(|kind| draft(kind, cast)).collect();
    write(app, account, drafts).await
}

/// Writes entries behind the log of an account, a minute apart.
pub async fn write(app: &App, account: AccountId, drafts: Vec<Draft>) -> u64 {
    let count = u64::try_from(drafts.len()).unwrap();
    app.db.run(Write { chance: app.chance.clone(), account, drafts, now: app.now() }).await.unwrap();
    app.clock.advance(SignedDuration::from_mins(i64::try_from(count).unwrap()));
    count
}

struct Write {
    chance: Chance,
    account: AccountId,
    drafts: Vec<Draft>,
    now: Moment,
}

impl Unit for Write {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let mut account = accounts::lock(tx, self.account).await?.unwrap();
        for (minute, draft) in (1..).zip(&self.drafts) {
            let at = self.now.after(SignedDuration::from_mins(minute));
            activity::append(tx, &mut account, at, draft.clone(), &self.chance).await?;
        }
        Ok(())
    }
}

/// Every personal name that these entries have.
pub fn personal_names(cast: Cast) -> BTreeSet<String> {
    topic::kinds().flat_map(|kind| draft(kind, cast).personal.into_keys()).collect()
}
