//! The first page: what this is, for whoever has not signed in; what waits for them and their accounts, for who has.

use askama::Template;
use axum::{extract::State, http::Uri, response::Html};

use super::{
    mailbox::door::Visitor,
    notice::Notice,
    page::{Head, Place, Reader, page},
    problem::Problem,
    signed_in::SignedIn,
    site::Site,
};
use crate::{
    app::view::home::{HomeView, Say, home},
    mail::plain_text,
    recovery::proof::Holds,
};

#[derive(Template)]
#[template(path = "start.html", config = "src/web/templates/askama.toml")]
struct Start {
    head: Head,
    mailbox: bool,
}

#[derive(Template)]
#[template(path = "home.html", config = "src/web/templates/askama.toml")]
struct Home {
    head: Head,
    name: String,
    view: HomeView,
}

/// Shows it.
///
/// # Errors
/// When the database or the template fails.
pub async fn show(
    State(site): State<Site>,
    visitor: Option<Visitor>,
    person: Option<SignedIn>,
    address: Uri,
) -> Result<Html<String>, Problem> {
    if let Some(SignedIn { principal, head, .. }) = person {
        let view = home(&site.app, &principal).await?;
        let name = head.person().unwrap_or_default().to_owned();
        return page(&Home { head: head.at(Place::Accounts), name, view });
    }
    let head = Head { reader: Reader::Nobody, notice: Notice::of(&address), ..Head::of(&site) };
    page(&Start { head, mailbox: visitor.is_some() })
}
