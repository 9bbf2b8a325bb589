//! Doing what a link stands for, after its button was pressed.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    code,
    form::Sent,
    words::{Outcome, outcome},
};
use crate::{
    app::{
        error::{Access, Error},
        link_code::act,
    },
    id::LinkId,
    mail::plain_text,
    web::{
        extract::Path,
        fields::Fields,
        page::{Head, page},
        problem::Problem,
        site::Site,
    },
};

#[derive(Template)]
#[template(path = "link_done.html", config = "src/web/templates/askama.toml")]
struct DonePage {
    head: Head,
    account: String,
    outcome: Outcome,
}

/// What happened, and what happens next.
///
/// # Errors
/// When the link is dead, or the act is refused.
pub async fn page_of(
    State(site): State<Site>,
    Path(link): Path<LinkId>,
    Fields(sent): Fields<Sent>,
) -> Result<Response, Problem> {
    // The link of an offer makes nobody an owner: whoever wants to be one signs in, and shows that it is them.
    if let Some(offer) = sent.accepted() {
        return Ok(Redirect::to(&format!("/transfers/{offer}/accept")).into_response());
    }
    let (meaning, done) = match act(&site.app, link, sent.proof()?, sent.answer()?).await {
        Err(Error::Access(Access::WrongCode)) => return code::again(&site, link),
        done => done?,
    };
    let account = plain_text::name(&meaning.account);
    let outcome = outcome(&meaning, done);
    Ok(page(&DonePage { head: Head::of(&site), account, outcome })?.into_response())
}
