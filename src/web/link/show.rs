//! Showing what a link does before it does it.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use super::{
    code, enrol,
    form::{Carried, Sent},
    words::{CaseWords, Question, case_words, has_accepted, offer_facts, question},
};
use crate::{
    app::{
        error::{Access, Error},
        link_code::{Proof, show},
        redeem::LinkPurpose,
    },
    id::{CaseId, LinkId, TransferId},
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
    /// For whom paper keys name: in which case.
    nomination: Option<CaseId>,
    /// They have accepted before, and can only decline.
    accepted: bool,
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
    let proof = sent.proof()?;
    let meaning = match show(&site.app, link, &proof).await {
        Err(Error::Access(Access::WrongCode)) => return code::again(&site, link),
        shown => shown?,
    };
    if let (LinkPurpose::Enrol, Proof::Token(token)) = (meaning.purpose, &proof) {
        return enrol::show(&site, link, token).await;
    }
    let case = meaning.case.as_ref().map(|case| case_words(case, meaning.user)).transpose()?;
    let page = page(&Show {
        head: Head::of(&site),
        link,
        carried: sent.carried(),
        account: plain_text::name(&meaning.account),
        person: format!("{} <{}>", plain_text::name(&meaning.person), plain_text::address(&meaning.email)),
        question: question(&meaning),
        ballot: meaning.purpose == LinkPurpose::Ballot,
        nomination: match meaning.purpose {
            LinkPurpose::Nomination => meaning.case.as_ref().map(|case| case.id),
            LinkPurpose::Ballot
            | LinkPurpose::Pause
            | LinkPurpose::Contest
            | LinkPurpose::Accept
            | LinkPurpose::Disown
            | LinkPurpose::Transfer
            | LinkPurpose::Enrol => None,
        },
        accepted: has_accepted(&meaning),
        offer: meaning.transfer.as_ref().map(|offer| (offer.id, offer_facts(offer))),
        case,
    })?;
    Ok(page.into_response())
}
