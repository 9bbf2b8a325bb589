//! The pages behind the link that was mailed to a recovery address: shown first, confirmed by one button. Without script, a mailed
//! code takes the place of what stands behind the `#`.

use askama::Template;
use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    app::{
        confirm_recovery_address::{Meaning, SendRecoveryCode, confirm, show as meaning_of},
        error::{Access, Error},
        link_code::Proof,
        sign_in::MINUTES,
    },
    id::CodeId,
    mail::plain_text,
    web::{
        extract::Path,
        fields::Fields,
        link::{form::Carried, words::Outcome},
        page::{Head, page},
        problem::Problem,
        site::Site,
        wrong::Wrong,
    },
};

/// Where these pages are.
const AT: &str = "/recovery-address";

/// What the pages send.
#[derive(Deserialize)]
pub struct Sent {
    token: Option<String>,
    code: Option<String>,
}

impl Sent {
    /// The token or the code, to show and to hand on to the next page.
    fn proof(self) -> Result<(Proof, Carried), Problem> {
        match (self.token, self.code) {
            (Some(token), _) => Ok((Proof::Token(token.clone()), Carried { name: "token", value: token })),
            (None, Some(code)) => Ok((Proof::Code(code.clone()), Carried { name: "code", value: code })),
            (None, None) => Err(Error::from(Access::DeadLink).into()),
        }
    }
}

#[derive(Template)]
#[template(path = "link_open.html", config = "src/web/templates/askama.toml")]
struct Open {
    head: Head,
    at: &'static str,
    link: CodeId,
}

#[derive(Template)]
#[template(path = "link_code.html", config = "src/web/templates/askama.toml")]
struct CodePage {
    head: Head,
    at: &'static str,
    link: CodeId,
    minutes: u32,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "recovery_address.html", config = "src/web/templates/askama.toml")]
struct Show {
    head: Head,
    link: CodeId,
    carried: Carried,
    account: String,
    name: String,
    email: String,
    chosen_by: String,
}

#[derive(Template)]
#[template(path = "link_done.html", config = "src/web/templates/askama.toml")]
struct DonePage {
    head: Head,
    account: String,
    outcome: Outcome,
}

/// The page that waits for the script, and mails a code where none runs.
///
/// # Errors
/// When the template fails.
pub async fn open(State(site): State<Site>, Path(link): Path<CodeId>) -> Result<Html<String>, Problem> {
    page(&Open { head: Head::of(&site), at: AT, link })
}

/// Mails a code, and asks for it. The same page for every link, whether it works or not.
///
/// # Errors
/// When the database or the template fails.
pub async fn code(State(site): State<Site>, Path(link): Path<CodeId>) -> Result<Response, Problem> {
    site.app.db.run(SendRecoveryCode { app: site.app.clone(), link }).await?;
    type_it(&site, link, &Wrong::default())
}

fn type_it(site: &Site, link: CodeId, wrong: &Wrong) -> Result<Response, Problem> {
    let shown = CodePage { head: Head::of(site), at: AT, link, minutes: MINUTES, wrong: wrong.clone() };
    Ok(wrong.marked(page(&shown)?.into_response()))
}

/// The same page, after a wrong code.
fn again(site: &Site, link: CodeId) -> Result<Response, Problem> {
    let says = "this code is not right, or not valid any more: check it, or have a new one mailed";
    type_it(site, link, &Wrong::at("code", says))
}

/// The page with the one button.
///
/// # Errors
/// When the link is dead.
pub async fn show(
    State(site): State<Site>,
    Path(link): Path<CodeId>,
    Fields(sent): Fields<Sent>,
) -> Result<Response, Problem> {
    let (proof, carried) = sent.proof()?;
    let Meaning { account_name, name, email, chosen_by, .. } = match meaning_of(&site.app, link, &proof).await {
        Err(Error::Access(Access::WrongCode)) => return again(&site, link),
        shown => shown?,
    };
    let page = page(&Show {
        head: Head::of(&site),
        link,
        carried,
        account: plain_text::name(&account_name),
        name: plain_text::name(&name),
        email: plain_text::address(&email),
        chosen_by: plain_text::name(&chosen_by),
    })?;
    Ok(page.into_response())
}

/// Confirms the address.
///
/// # Errors
/// When the link is dead, or the act is refused.
pub async fn press(
    State(site): State<Site>,
    Path(link): Path<CodeId>,
    Fields(sent): Fields<Sent>,
) -> Result<Response, Problem> {
    let meaning = match confirm(&site.app, link, sent.proof()?.0).await {
        Err(Error::Access(Access::WrongCode)) => return again(&site, link),
        done => done?,
    };
    let outcome = Outcome {
        title: "Your address is confirmed",
        told: vec![
            format!(
                "The owners of the account are told. One of them may give you a paper key: keep it in a safe place, and not in \
                 the mailbox of {}.",
                plain_text::address(&meaning.email)
            ),
            "You can close this page.".to_owned(),
        ],
    };
    let account = plain_text::name(&meaning.account_name);
    Ok(page(&DonePage { head: Head::of(&site), account, outcome })?.into_response())
}
