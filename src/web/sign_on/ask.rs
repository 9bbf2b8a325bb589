//! Finding the account whose identity provider vouches for somebody's address. Only the domain of the address is looked at, so the
//! answer tells nothing of anybody.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::view::sign_on::doors,
    id::AccountId,
    mail::plain_text,
    ownership::address::Email,
    web::{
        extract::Filters,
        fields::Fields,
        next::Next,
        page::{Head, page},
        problem::Problem,
        session::sign_in::Onward,
        site::Site,
        wrong::Wrong,
    },
};

/// What the page sends.
#[derive(Debug, Deserialize)]
pub struct AskForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    next: Next,
}

#[derive(Template)]
#[template(path = "sign_on.html", config = "src/web/templates/askama.toml")]
struct AskPage {
    head: Head,
    email: String,
    next: Next,
    /// The accounts to choose from, with their names.
    doors: Vec<(AccountId, String)>,
    wrong: Wrong,
}

impl AskPage {
    fn door(&self, account: &AccountId) -> String {
        self.next.after(&format!("/sign-on/{account}"))
    }
}

/// The page that asks for an address.
///
/// # Errors
/// When the template fails.
pub async fn form(State(site): State<Site>, Filters(onward): Filters<Onward>) -> Result<Response, Problem> {
    again(&site, onward.next, Wrong::default())
}

/// The same page, with what is wrong.
pub(super) fn again(site: &Site, next: Next, wrong: Wrong) -> Result<Response, Problem> {
    answer(&AskPage { head: Head::of(site), email: String::new(), next, doors: Vec::new(), wrong })
}

/// Leads to the account's own page; or has somebody choose, where there are several.
///
/// # Errors
/// When the database or the template fails.
pub async fn send(State(site): State<Site>, Fields(sent): Fields<AskForm>) -> Result<Response, Problem> {
    let AskForm { email, next } = sent;
    let head = Head::of(&site);
    let Ok(address) = email.parse::<Email>() else {
        let wrong = Wrong::at("email", "this is not an e-mail address: write one like `mia@example.org`");
        return answer(&AskPage { head, email, next, doors: Vec::new(), wrong });
    };
    let mut doors = doors(&site.app, &address).await?;
    match doors.as_slice() {
        [] => {
            let says = format!(
                "nobody with an address in `{}` signs in through an organization here; sign in with a code instead",
                plain_text::address(address.domain())
            );
            answer(&AskPage { head, email, next, doors, wrong: Wrong::at("email", &says) })
        }
        [(account, _)] => Ok(Redirect::to(&next.after(&format!("/sign-on/{account}"))).into_response()),
        [_, _, ..] => {
            for (_, name) in &mut doors {
                *name = plain_text::name(name);
            }
            answer(&AskPage { head, email, next, doors, wrong: Wrong::default() })
        }
    }
}

fn answer(asked: &AskPage) -> Result<Response, Problem> {
    Ok(asked.wrong.marked(page(asked)?.into_response()))
}
