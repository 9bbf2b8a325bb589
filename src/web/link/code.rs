//! A mailed code in place of a link's token, for browsers that run no script.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use super::open::AT;
use crate::{
    app::{link_code::SendLinkCode, sign_in::MINUTES},
    id::LinkId,
    web::{
        extract::Path,
        page::{Head, page},
        problem::Problem,
        site::Site,
        wrong::Wrong,
    },
};

#[derive(Template)]
#[template(path = "link_code.html", config = "src/web/templates/askama.toml")]
struct CodePage {
    head: Head,
    at: &'static str,
    link: LinkId,
    minutes: u32,
    wrong: Wrong,
}

/// Mails a code, and asks for it. The same page for every link, whether it works or not.
///
/// # Errors
/// When the database or the template fails.
pub async fn send(State(site): State<Site>, Path(link): Path<LinkId>) -> Result<Response, Problem> {
    site.app.db.run(SendLinkCode { app: site.app.clone(), link }).await?;
    Ok(page(&CodePage { head: Head::of(&site), at: AT, link, minutes: MINUTES, wrong: Wrong::default() })?
        .into_response())
}

/// The same page, after a wrong code.
///
/// # Errors
/// When the template fails.
pub(super) fn again(site: &Site, link: LinkId) -> Result<Response, Problem> {
    let wrong = Wrong::at("code", "this code is not right, or not valid any more: check it, or have a new one mailed");
    let page = page(&CodePage { head: Head::of(site), at: AT, link, minutes: MINUTES, wrong: wrong.clone() })?;
    Ok(wrong.marked(page.into_response()))
}
