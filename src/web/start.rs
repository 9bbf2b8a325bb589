//! The first page: what this is, and where to go.

use askama::Template;
use axum::{extract::State, http::Uri, response::Html};

use super::{
    mailbox::door::Visitor,
    notice::Notice,
    page::{Head, Reader, page},
    problem::Problem,
    signed_in::SignedIn,
    site::Site,
};

#[derive(Template)]
#[template(path = "start.html", config = "src/web/templates/askama.toml")]
struct Start {
    head: Head,
    mailbox: bool,
}

/// Shows it.
///
/// # Errors
/// When the template fails.
pub async fn show(
    State(site): State<Site>,
    visitor: Option<Visitor>,
    person: Option<SignedIn>,
    address: Uri,
) -> Result<Html<String>, Problem> {
    let stranger = Head { reader: Reader::Nobody, notice: Notice::of(&address), ..Head::of(&site) };
    let head = person.map_or(stranger, |person| person.head);
    page(&Start { head, mailbox: visitor.is_some() })
}
