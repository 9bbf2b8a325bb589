//! Showing what a link does before it does it.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use super::{
    code,
    form::{Carried, Sent},
    words::{CaseWords, Question, case_words, offer_facts, question},
};
use crate::{
    app::{
        error::{Access, Error},
        link_code::show,
        redeem::LinkPurpose,
    },
    id::{LinkId, TransferId},
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
#[template(path = "link_show.html", config = "src/web/templates/askama.toml")]
struct Show {
    head: Head,
    link: LinkId,
    carried: Carried,
    account: String,
    person: String,
    question: Question,
    case: Option<CaseWords>,
    ballot: bool,
    /// For an offer of ownership: which one, and what it is, line by line.
    offer: Option<(TransferId, Vec<(&'static str, String)>)>,
}

/// The page with the one button.
///
/// # Errors
/// When the link is dead.
pub async fn page_of(
    State(site): State<Site>,
    Path(link): Path<LinkId>,
    Fields(sent): Fields<Sent>,
) -> Result<Response, Problem> {
    let meaning = match show(&site.app, link, &sent.proof()?).await {
        Err(Error::Access(Access::WrongCode)) => return code::again(&site, link),
        shown => shown?,
    };
    let case = meaning.case.as_ref().map(|case| case_words(case, meaning.user)).transpose()?;
    let page = page(&Show {
        head: Head::of(&site),
        link,
        carried: sent.carried(),
        account: plain_text::name(&meaning.account),
        person: format!("{} <{}>", plain_text::name(&meaning.person), plain_text::address(&meaning.email)),
        question: question(&meaning),
        ballot: meaning.purpose == LinkPurpose::Ballot,
        offer: meaning.transfer.as_ref().map(|offer| (offer.id, offer_facts(offer))),
        case,
    })?;
    Ok(page.into_response())
}
