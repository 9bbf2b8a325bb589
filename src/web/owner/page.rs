//! The page of the owners: who they are, what is offered, and where owners begin to pass ownership on.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::{
        app::App,
        view::{
            member::MemberView,
            ownership_page::{Ownership, ownership_page},
        },
    },
    id::{AccountId, UserId},
    mail::plain_text,
    recovery::policy::OwnersAllowed,
    web::{
        extract::{Filters, Path},
        member::deed::Deed,
        page::{Head, page},
        problem::Problem,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

#[derive(Template)]
#[template(path = "owners.html", config = "src/web/templates/askama.toml")]
struct OwnersPage {
    head: Head,
    wrong: Wrong,
    account: AccountId,
    name: String,
    reader: UserId,
    shown: Ownership,
}

impl OwnersPage {
    /// Whether the reader is the primary owner, and this is another one.
    fn may_pass_to(&self, owner: &MemberView) -> bool {
        self.shown.primary == Some(self.reader) && owner.user != self.reader
    }

    /// Whether the policy allows another owner beside those that there are.
    fn may_grant(&self) -> bool {
        self.shown.policy.owners == OwnersAllowed::Many
    }

    /// Whether ownership can be offered: one offer at a time.
    const fn may_offer(&self) -> bool {
        self.shown.offered.is_none()
    }
}

/// The page.
///
/// # Errors
/// 404 for whoever may not know of the account; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
) -> Result<Response, Problem> {
    show(&app, person, account, Wrong::default()).await
}

/// What the form that chooses a member sends.
#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    user: String,
    deed: Deed,
}

/// Leads from the choice of a member to the page that says what it means.
///
/// # Errors
/// As [`page_of`].
pub async fn choose(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
    Filters(chosen): Filters<Chosen>,
) -> Result<Response, Problem> {
    match chosen.user.parse::<UserId>() {
        Ok(user) => {
            Ok(Redirect::to(&format!("/accounts/{account}/members/{user}/{}", chosen.deed.path())).into_response())
        }
        Err(_) => show(&app, person, account, Wrong::at("user", "choose a member")).await,
    }
}

async fn show(app: &App, person: SignedIn, account: AccountId, wrong: Wrong) -> Result<Response, Problem> {
    let SignedIn { principal, user: reader, head, .. } = person;
    let shown = ownership_page(app, &principal, account).await?;
    let name = plain_text::name(&shown.account_name);
    let head = head.below("Accounts", "/").below(name.clone(), format!("/accounts/{account}"));
    let written = OwnersPage { head, wrong: wrong.clone(), account, name, reader, shown };
    Ok(wrong.marked(page(&written)?.into_response()))
}
