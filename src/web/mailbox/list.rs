//! The mailbox's list.

use askama::Template;
use axum::{extract::State, response::Html};

use super::door::Visitor;
use crate::{
    mail::{mailbox::list, wording::when},
    web::{
        page::{Head, Place, page},
        problem::Problem,
        signed_in::SignedIn,
        site::Site,
    },
};

/// How many mails are listed.
const NEWEST: i64 = 200;

#[derive(Template)]
#[template(path = "mailbox.html", config = "src/web/templates/askama.toml")]
struct MailboxPage {
    head: Head,
    lines: Vec<Line>,
}

struct Line {
    id: String,
    to: String,
    subject: String,
    when: String,
    status: &'static str,
}

/// The newest mails, the newest first.
///
/// # Errors
/// 404 for whoever may not look; when the database fails.
pub async fn show(State(site): State<Site>, _: Visitor, person: Option<SignedIn>) -> Result<Html<String>, Problem> {
    let lines = list(&site.app, &site.post, NEWEST).await.map_err(Problem::internal)?;
    let lines = lines.into_iter().map(|line| Line {
        id: line.entry.id.to_string(),
        to: format!("{} <{}>", line.entry.to.name, line.entry.to.email),
        subject: line.subject.unwrap_or_else(|| "(cannot be written)".to_owned()),
        when: when(line.entry.created_at),
        status: line.entry.status.name(),
    });
    let head = person.map_or_else(|| Head::of(&site), |person| person.head);
    page(&MailboxPage { head: head.at(Place::Mailbox), lines: lines.collect() })
}
