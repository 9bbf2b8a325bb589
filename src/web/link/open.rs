//! Opening a link from a mail. Changes nothing and asks nobody, because mail scanners open links too, some in a browser.
//!
//! The secret half of the link stands behind the `#`, so it is not here; the script of the page posts it.

use askama::Template;
use axum::{extract::State, response::Html};

use crate::{
    id::LinkId,
    web::{
        extract::Path,
        page::{Head, page},
        problem::Problem,
        site::Site,
    },
};

/// Where the pages of links are.
pub(super) const AT: &str = "/l";

#[derive(Template)]
#[template(path = "link_open.html", config = "src/web/templates/askama.toml")]
struct Open {
    head: Head,
    at: &'static str,
    link: LinkId,
}

/// The page that waits for the script, and mails a code where none runs.
///
/// # Errors
/// When the template fails.
pub async fn page_of(State(site): State<Site>, Path(link): Path<LinkId>) -> Result<Html<String>, Problem> {
    page(&Open { head: Head::of(&site), at: AT, link })
}
