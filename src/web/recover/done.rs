//! What a redeemed paper key has done, and what happens next; and how a case looks to somebody who has no account.

use askama::Template;
use axum::response::{IntoResponse, Response};

use crate::{
    app::view::case::CaseView,
    mail::{
        facts, plain_text,
        wording::{count, length, people, person, when},
    },
    recovery::terms::{Kind, Person, Terms},
    web::{
        page::{Head, page},
        problem::Problem,
        site::Site,
    },
};

/// A case that paper keys decide, in words.
pub struct CaseFacts {
    /// Its id.
    pub id: String,
    /// What it would do to the owners.
    pub change: &'static str,
    /// All owners.
    pub owners: String,
    /// Who would become owner.
    pub nominee: String,
    /// Who opened it, and when.
    pub opener: String,
    /// Why, line by line.
    pub statement: Vec<String>,
    /// What is there of what it takes.
    pub tally: String,
    /// Until when it waits for the rest.
    pub closes: String,
    /// How long owners can object.
    pub waiting: String,
    /// The hash of the terms.
    pub terms_hash: String,
}

/// The case in words.
///
/// # Errors
/// When the terms cannot be read, which they always can.
pub fn case_facts(case: &CaseView) -> Result<CaseFacts, Problem> {
    let terms: Terms = serde_json::from_value(case.terms.clone()).map_err(Problem::internal)?;
    let owners: Vec<facts::Person> = terms.owners.iter().map(named).collect();
    Ok(CaseFacts {
        id: case.id.to_string(),
        change: match terms.kind {
            Kind::Replace => "All present owners lose ownership and access, and the new owner takes their place.",
            Kind::Add => "The new owner joins the present ones.",
        },
        owners: people(&owners),
        nominee: person(&named(&terms.nominee)),
        opener: format!("{}, {}", plain_text::name(&case.opener.name), when(case.opened_at)),
        statement: plain_text::quotation(&terms.statement),
        tally: tally(case),
        closes: when(case.closes_at),
        waiting: length(terms.waiting_period()),
        terms_hash: case.terms_hash.clone(),
    })
}

/// What is there of what a case that paper keys decide takes: keys, approvals where it takes any, and the nominee's word.
#[must_use]
pub fn tally(case: &CaseView) -> String {
    let mut parts = vec![format!("{} of the {} needed", count(case.keys.into(), "paper key"), case.keys_required)];
    if case.required > 0 {
        parts.push(format!("{} of the {} needed", count(case.approvals.into(), "approval"), case.required));
    }
    parts.push(match case.accepted_at {
        Some(_) => "the new owner has accepted".to_owned(),
        None => "the new owner has not answered yet".to_owned(),
    });
    parts.join("; ")
}

fn named(person: &Person) -> facts::Person {
    facts::Person { name: person.name.clone(), address: person.email.clone() }
}

#[derive(Template)]
#[template(path = "recover_done.html", config = "src/web/templates/askama.toml")]
struct DonePage {
    head: Head,
    case: CaseFacts,
}

/// The page.
///
/// # Errors
/// When the template fails.
pub(super) fn page_of(site: &Site, case: &CaseView) -> Result<Response, Problem> {
    Ok(page(&DonePage { head: Head::of(site), case: case_facts(case)? })?.into_response())
}
