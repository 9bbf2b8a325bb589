//! A mailed code in place of a link's token, for browsers that run no script.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    app::{link_code::SendLinkCode, sign_in::MINUTES},
    id::LinkId,
    web::{
        extract::Path,
        page::{Head, page},
        problem::Problem,
        site::Site,
    },
};

#[derive(Template)]
#[template(path = "link_code.html", config = "src/web/templates/askama.toml")]
struct CodePage {
    head: Head,
    link: LinkId,
    minutes: u32,
    wrong: bool,
}

/// Mails a code, and asks for it. The same page for every link, whether it works or not.
///
/// # Errors
/// When the database or the template fails.
pub async fn send(State(site): State<Site>, Path(link): Path<LinkId>) -> Result<Response, Problem> {
    site.app.db.run(SendLinkCode { app: site.app.clone(), link }).await?;
    Ok(page(&CodePage { head: Head::of(&site), link, minutes: MINUTES, wrong: false })?.into_response())
}

/// The same page, after a wrong code.
///
/// # Errors
/// When the template fails.
pub(super) fn again(site: &Site, link: LinkId) -> Result<Response, Problem> {
    let page = page(&CodePage { head: Head::of(site), link, minutes: MINUTES, wrong: true })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
