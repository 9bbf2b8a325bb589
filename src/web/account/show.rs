//! Showing an account.

use askama::Template;
use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};

use super::policy_words::policy_words;
use crate::{
    app::{
        app::App,
        view::{
            account::{AccountDetail, account},
            account_home::{AccountHome, account_home},
            case::CaseView,
            children::{Refused, Which},
            member::MemberView,
        },
    },
    id::{AccountId, UserId},
    mail::plain_text,
    moment::Moment,
    web::{
        caller::Caller,
        etag::tagged,
        extract::{Json, Path},
        page::{Head, page},
        problem::Problem,
        roster::words::why_none,
        sentence,
        signed_in::SignedIn,
    },
    zone::Zone,
};

/// Show an account, with its key people, its open cases and its policy
#[utoipa::path(get, path = "/v1/accounts/{account}", tag = "accounts", params(("account" = AccountId, Path)),
    responses((status = 200, body = AccountDetail)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(id): Path<AccountId>,
) -> Result<Response, Problem> {
    let detail = account(&app, &principal, id).await?;
    Ok(tagged(detail.account.version, Json(detail).into_response()))
}

#[derive(Template)]
#[template(path = "account.html", config = "src/web/templates/askama.toml")]
struct AccountPage {
    app: App,
    head: Head,
    id: AccountId,
    owns: bool,
    name: String,
    home: AccountHome,
    /// Why the reader cannot open a case; none when they can.
    no_standing: Option<String>,
    pending_changes: usize,
    /// Members who are neither owner nor administrator.
    others: Vec<MemberView>,
    policy: Vec<String>,
    recent: Vec<(Moment, String)>,
}

impl AccountPage {
    fn more_members(&self) -> bool {
        self.home.more_members
    }

    fn role(&self, member: &MemberView) -> String {
        self.app.role_title(&self.home.detail.account.preset, &member.role)
    }

    fn standing_of(&self, member: &MemberView) -> Option<String> {
        let place = self.home.roster.people.iter().find(|place| place.user == member.user)?;
        place.reason.map(why_none)
    }
}

/// The nominee's name, safe to print.
fn nominee(case: &CaseView) -> String {
    let name = case.terms.pointer("/nominee/name").and_then(serde_json::Value::as_str);
    plain_text::name(name.unwrap_or_default())
}

/// The page of an account.
///
/// # Errors
/// 404 for whoever may not know of it; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(id): Path<AccountId>,
) -> Result<Html<String>, Problem> {
    let SignedIn { principal, user, head, .. } = person;
    let home = account_home(&app, &principal, id).await?;
    let place = home.roster.people.iter().find(|place| place.user == user);
    let owns = home.detail.owners.iter().any(|owner| owner.user == user);
    let no_standing = match place {
        _ if owns => Some("As an owner you act yourself; administrators open cases.".to_owned()),
        Some(place) => place.reason.map(why_none),
        None => Some("Administrators with standing open recovery cases.".to_owned()),
    };
    let called = |user: UserId| home.names.get(&user).map(String::as_str);
    let zone = Zone::default();
    let recent = home.recent.iter().map(|view| (view.entry.at, sentence::told(view, &called, &zone)));
    page(&AccountPage {
        app: app.clone(),
        head: head.below("Accounts", "/"),
        id,
        owns,
        name: plain_text::name(&home.detail.account.name),
        no_standing,
        pending_changes: home.roster.people.iter().filter(|place| place.change.is_some()).count(),
        others: home.members.iter().filter(|member| !member.owner && !member.administrator).cloned().collect(),
        policy: policy_words(&home.detail.policy),
        recent: recent.collect(),
        home,
    })
}
