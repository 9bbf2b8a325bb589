//! The pages of an offer of ownership: what it is, the answers to it, and the page before each of them.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::{
        answer_transfer::{Answer, AnswerTransfer},
        error::Error,
        view::transfer_page::{TransferPage, transfer_page},
    },
    id::{AccountId, TransferId},
    mail::plain_text,
    ownership::refusal::Refusal,
    web::{
        confirmation::{Question, Ways, confirmation},
        extract::Path,
        link::words::offer_facts,
        notice::Notice,
        page::{Head, for_people, page},
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        site::Site,
        wrong::Wrong,
    },
};

/// An answer to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// The member takes the ownership.
    Accept,
    /// The member does not want it.
    Decline,
    /// An owner takes it back.
    Cancel,
}

type Offered = (&'static str, &'static str, &'static str);

#[derive(Template)]
#[template(path = "transfer.html", config = "src/web/templates/askama.toml")]
struct Page {
    head: Head,
    wrong: Wrong,
    id: TransferId,
    account: AccountId,
    title: String,
    told: String,
    facts: Vec<(&'static str, String)>,
    /// Why the member to whom it is offered cannot accept it now.
    why_not: Option<String>,
    deeds: Vec<Offered>,
}

impl Deed {
    const fn path(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Cancel => "cancel",
        }
    }

    const fn answer(self) -> Answer {
        match self {
            Self::Accept => Answer::Accept,
            Self::Decline => Answer::Decline,
            Self::Cancel => Answer::Cancel,
        }
    }

    const fn notice(self) -> Notice {
        match self {
            Self::Accept => Notice::TransferAccepted,
            Self::Decline => Notice::TransferDeclined,
            Self::Cancel => Notice::TransferCancelled,
        }
    }

    const fn prospect(self, shown: &TransferPage) -> &Result<(), Refusal> {
        match self {
            Self::Accept => &shown.accept,
            Self::Decline => &shown.decline,
            Self::Cancel => &shown.cancel,
        }
    }

    fn question(self, shown: &TransferPage) -> Question {
        let account = plain_text::name(&shown.view.account_name);
        let (from, to) = (plain_text::name(&shown.view.from.name), plain_text::name(&shown.view.to.name));
        let (title, here, told, button, look) = match self {
            Self::Accept => (
                format!("Accept the ownership of {account}?"),
                "Accept",
                format!(
                    "You own {account} then, with everything that only owners do, and {from} no longer does. Both of you keep your \
                     roles. All owners are told by mail."
                ),
                "Accept ownership",
                "",
            ),
            Self::Decline => (
                format!("Decline the ownership of {account}?"),
                "Decline",
                format!("Nothing changes. {from} and all other owners are told by mail, and can offer it again."),
                "Decline",
                "",
            ),
            Self::Cancel => (
                "Take the offer back?".to_owned(),
                "Take back",
                format!("{to} cannot accept it any more. They and all owners are told by mail."),
                "Take it back",
                "danger",
            ),
        };
        Question { title, here, told: vec![told], facts: offer_facts(&shown.view), button, look }
    }
}

/// The page of an offer.
///
/// # Errors
/// 404 for whoever may not know of it; when the database or the template fails.
pub async fn page_of(
    State(site): State<Site>,
    person: SignedIn,
    Path(id): Path<TransferId>,
) -> Result<Response, Problem> {
    let shown = transfer_page(&site.app, &person.principal, id).await?;
    show(person.head, &shown, &Wrong::default())
}

/// The page before an answer. Whose proof is not fresh, where it takes one, is led to prove who they are, and comes back.
///
/// # Errors
/// As [`page_of`].
pub async fn ask(
    State(site): State<Site>,
    person: SignedIn,
    Path((id, deed)): Path<(TransferId, Deed)>,
) -> Result<Response, Problem> {
    let shown = transfer_page(&site.app, &person.principal, id).await?;
    if let Err(refusal) = deed.prospect(&shown) {
        return show(person.head, &shown, &Wrong::of(Error::from(refusal.clone()), &[])?);
    }
    let here = format!("/transfers/{id}/{}", deed.path());
    match (deed, &shown.proof) {
        (Deed::Accept | Deed::Cancel, Err(refusal)) if prove::helps(refusal.code()) => return Ok(prove::first(&here)),
        (Deed::Accept | Deed::Cancel, Err(refusal)) => {
            return show(person.head, &shown, &Wrong::of(Error::from(refusal.clone()), &[])?);
        }
        (Deed::Accept | Deed::Cancel, Ok(_)) | (Deed::Decline, _) => {}
    }
    let back = format!("/transfers/{id}");
    let head = below_account(person.head, &shown).below("Offered ownership", &back);
    confirmation(head, deed.question(&shown), Ways { action: here, carried: Vec::new(), back })
}

/// The answer.
///
/// # Errors
/// As [`page_of`].
pub async fn press(
    State(site): State<Site>,
    person: SignedIn,
    Path((id, deed)): Path<(TransferId, Deed)>,
) -> Result<Response, Problem> {
    let principal = person.principal.clone();
    let unit = AnswerTransfer { app: site.app.clone(), transfer: id, answer: deed.answer(), principal };
    match site.app.db.run(unit).await {
        Ok(_) => Ok(Redirect::to(&deed.notice().on(&format!("/transfers/{id}"))).into_response()),
        Err(error) => {
            let problem = Problem::from(error);
            if prove::helps(problem.code) {
                return Ok(prove::first(&format!("/transfers/{id}/{}", deed.path())));
            }
            let shown = transfer_page(&site.app, &person.principal, id).await?;
            show(person.head, &shown, &Wrong::of(problem, &[])?)
        }
    }
}

fn show(head: Head, shown: &TransferPage, wrong: &Wrong) -> Result<Response, Problem> {
    let view = &shown.view;
    let (title, told) = state_words(shown);
    let all = [
        (shown.accept.is_ok(), ("accept", "Accept", "")),
        (shown.decline.is_ok(), ("decline", "Decline", "second")),
        (shown.cancel.is_ok(), ("cancel", "Take the offer back", "second")),
    ];
    let why_not = shown.accept.as_ref().err().filter(|_| shown.theirs && view.state == "pending");
    let written = Page {
        head: below_account(head, shown),
        wrong: wrong.clone(),
        id: view.id,
        account: view.account,
        title,
        told,
        facts: offer_facts(view),
        why_not: why_not.map(|refusal| for_people(&refusal.to_string())),
        deeds: all.into_iter().filter(|(offered, _)| *offered).map(|(_, deed)| deed).collect(),
    };
    Ok(wrong.marked(page(&written)?.into_response()))
}

fn below_account(head: Head, shown: &TransferPage) -> Head {
    let above = format!("/accounts/{}", shown.view.account);
    let owners = format!("{above}/owners");
    head.below("Accounts", "/").below(plain_text::name(&shown.view.account_name), above).below("Ownership", owners)
}

/// Where the offer stands: the headline, and a sentence.
fn state_words(shown: &TransferPage) -> (String, String) {
    let view = &shown.view;
    let (from, to) = (plain_text::name(&view.from.name), plain_text::name(&view.to.name));
    let account = plain_text::name(&view.account_name);
    match (view.state, view.why) {
        ("pending", _) if shown.theirs => (
            format!("{from} offers you their ownership of {account}"),
            format!("If you accept, you own {account}, and {from} no longer does. If you do nothing, nothing changes."),
        ),
        ("pending", _) => (
            format!("{from} offers their ownership to {to}"),
            format!(
                "If {to} accepts, they own {account}, and {from} no longer does. Until then an owner can take it back."
            ),
        ),
        ("accepted", _) => (
            "Ownership was transferred".to_owned(),
            format!("{to} accepted the ownership that {from} had offered, and took their place as owner."),
        ),
        ("declined", _) => ("The offer was declined".to_owned(), format!("{to} declined it. Nothing has changed.")),
        ("expired", _) => ("The offer has expired".to_owned(), format!("{to} did not answer in time.")),
        (_, Some("taken_back")) => {
            let by = view.ended_by.as_ref().map_or_else(|| "An owner".to_owned(), |by| plain_text::name(&by.name));
            ("The offer was taken back".to_owned(), format!("{by} took it back. Nothing has changed."))
        }
        (_, Some("offerer_no_owner")) => {
            ("The offer has ended".to_owned(), format!("{from} is no longer an owner, so they have nothing to offer."))
        }
        (_, Some("recovered")) => {
            ("The offer has ended".to_owned(), "A recovery gave the account a new owner first.".to_owned())
        }
        (_, _) => ("The offer has ended".to_owned(), format!("{to} had left the account, or owned it already.")),
    }
}
