//! The page of a case, put together.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::{
    by_mail::{ByMail, by_mail},
    clock::{Clock, clock},
    drawing::{Drawing, drawing},
    handover::{Fact, Handover, handover, summary},
    headline::{Headline, headline},
    keys::{KeysWords, keys},
    offers::{Offers, offers},
    terms::{TermsWords, terms_words},
    timeline::{Line, timeline},
    voters::{Alerted, Voter, incumbents, voters},
};
use crate::{
    app::view::dossier::{Dossier, Reach},
    id::CaseId,
    mail::plain_text,
    recovery::case::State,
    web::{
        page::{Head, page},
        problem::Problem,
        wrong::Wrong,
    },
};

#[derive(Template)]
#[template(path = "case.html", config = "src/web/templates/askama.toml")]
struct CasePage {
    head: Head,
    wrong: Wrong,
    id: CaseId,
    stand: String,
    account: String,
    required: u32,
    headline: Headline,
    offers: Offers,
    by_mail: Option<ByMail>,
    drawing: Drawing,
    clock: Option<Clock>,
    summary: Vec<Fact>,
    handover: Handover,
    keys: Option<KeysWords>,
    voters: Vec<Voter>,
    incumbents: Vec<Alerted>,
    timeline: Vec<Line>,
    certified: bool,
    terms: TermsWords,
}

/// The page of a case, with what was wrong with an act that led to it.
///
/// # Errors
/// When the template fails.
pub fn case_page(head: Head, dossier: &Dossier, wrong: Wrong) -> Result<Response, Problem> {
    let shown = CasePage {
        head: below_account(head, dossier),
        id: dossier.case.id(),
        stand: dossier.stand.clone(),
        account: plain_text::name(&dossier.account.name),
        required: dossier.case.terms.required,
        headline: headline(dossier),
        offers: offers(dossier),
        by_mail: by_mail(dossier),
        drawing: drawing(&dossier.case, |user| dossier.people.get(&user).cloned()),
        clock: clock(dossier),
        summary: summary(dossier),
        handover: handover(&dossier.case),
        keys: keys(dossier),
        voters: voters(dossier),
        incumbents: incumbents(dossier),
        timeline: timeline(dossier),
        certified: matches!(dossier.case.state, State::Completed { .. }),
        terms: terms_words(dossier)?,
        wrong,
    };
    Ok(shown.wrong.marked(page(&shown)?.into_response()))
}

/// The way to the case. Who has lost their access to the account still reads the case, and nothing else of it.
pub fn below_account(head: Head, dossier: &Dossier) -> Head {
    let account = dossier.account.id;
    match dossier.reach {
        Reach::CaseAlone => head,
        Reach::Account => head
            .below("Accounts", "/")
            .below(plain_text::name(&dossier.account.name), format!("/accounts/{account}"))
            .below("Recovery cases", format!("/accounts/{account}/cases")),
    }
}

/// The way to a page below that of the case.
pub fn below_case(head: Head, dossier: &Dossier) -> Head {
    below_account(head, dossier).below("Recovery case", format!("/cases/{}", dossier.case.id()))
}
