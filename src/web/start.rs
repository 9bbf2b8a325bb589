//! The first page: what this is, and where to go.

use askama::Template;
use axum::{extract::State, response::Html};

use super::{
    mailbox::door::Visitor,
    page::{Head, page},
    problem::Problem,
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
pub async fn show(State(site): State<Site>, visitor: Option<Visitor>) -> Result<Html<String>, Problem> {
    page(&Start { head: Head::of(&site), mailbox: visitor.is_some() })
}
