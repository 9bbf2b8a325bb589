//! The page of one recovery user's paper keys, on which an owner issues them, and the sheet that is shown once.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use jiff::SignedDuration;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::qr::{Picture, picture};
use crate::{
    app::{
        app::App,
        error::Error,
        idempotent::{key, once_with_secret},
        issue_paper_key::{IssuePaperKey, Issued},
        view::{
            paper_keys::{PaperKeyView, paper_keys},
            recovery_users::{RecoveryUserView, recovery_users},
        },
    },
    id::{AccountId, CodeId, PaperKeyId, RecoveryUserId},
    mail::{plain_text, wording::when},
    web::{
        extract::Path,
        fields::Fields,
        page::{Head, page},
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Sent {
    /// In how many years the key expires; nothing for never.
    #[serde(default)]
    years: String,
    /// The key in whose place it is issued; may be empty.
    #[serde(default)]
    replaces: String,
    /// Names this form, so that sending it twice issues one key.
    once: String,
}

#[derive(Template)]
#[template(path = "paper_keys.html", config = "src/web/templates/askama.toml")]
struct KeysPage {
    head: Head,
    account: AccountId,
    user: RecoveryUserView,
    keys: Vec<PaperKeyView>,
    once: CodeId,
    wrong: Wrong,
}

impl KeysPage {
    fn in_force(&self) -> Vec<&PaperKeyView> {
        self.keys.iter().filter(|key| key.is_in_force()).collect()
    }
}

#[derive(Template)]
#[template(path = "paper_key_sheet.html", config = "src/web/templates/askama.toml")]
struct SheetPage {
    head: Head,
    account: AccountId,
    account_name: String,
    holder: String,
    addresses: String,
    number: String,
    issued: String,
    until: String,
    lines: Vec<Zeroizing<String>>,
    qr: Picture,
    url: String,
}

/// The page.
///
/// # Errors
/// 404 where there is no such recovery user, 403 for everybody but owners; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path((account, user)): Path<(AccountId, RecoveryUserId)>,
) -> Result<Response, Problem> {
    show(&app, person, account, user, Wrong::default()).await
}

/// The same page, with what is wrong.
pub(super) async fn show(
    app: &App,
    person: SignedIn,
    account: AccountId,
    user: RecoveryUserId,
    wrong: Wrong,
) -> Result<Response, Problem> {
    let keys = paper_keys(app, &person.principal, account, user).await?;
    let home = recovery_users(app, &person.principal, account).await?;
    let user = home.users.into_iter().find(|it| it.id == user).ok_or_else(Problem::not_found)?;
    let head = head(person, account, &home.account_name);
    let once = app.id();
    let shown = page(&KeysPage { head, account, user, keys, once, wrong: wrong.clone() })?;
    Ok(wrong.marked(shown.into_response()))
}

fn head(person: SignedIn, account: AccountId, name: &str) -> Head {
    let home = format!("/accounts/{account}");
    let users = format!("{home}/recovery-users");
    person.head.below("Accounts", "/").below(plain_text::name(name), home).below("Recovery users", users)
}

/// Issues a key, and shows its sheet. It is shown once: whoever loads the answer again is told so.
///
/// # Errors
/// As [`page_of`]; when this form was sent before.
pub async fn send(
    State(app): State<App>,
    person: SignedIn,
    Path((account, user)): Path<(AccountId, RecoveryUserId)>,
    Fields(sent): Fields<Sent>,
) -> Result<Response, Problem> {
    match issue(&app, &person, account, user, &sent).await {
        Ok(issued) => sheet(&app, person, account, &issued),
        Err(refused) => {
            let problem = Problem::from(refused);
            if prove::helps(problem.code) {
                return Ok(prove::first(&format!("/accounts/{account}/recovery-users/{user}/paper-keys")));
            }
            if problem.code == "already_issued" {
                return Err(problem);
            }
            show(&app, person, account, user, Wrong::of(problem, &[("paper_key_ended", "replaces")])?).await
        }
    }
}

async fn issue(
    app: &App,
    person: &SignedIn,
    account: AccountId,
    user: RecoveryUserId,
    sent: &Sent,
) -> Result<Issued, Error> {
    let years = match sent.years.as_str() {
        "" => None,
        years => {
            let years = years.parse::<i64>().ok().filter(|years| (1..=10).contains(years));
            let years = years.ok_or_else(|| Error::invalid("/years", "choose one of the times that are offered"))?;
            Some(app.now().after(SignedDuration::from_hours(years * 365 * 24)))
        }
    };
    let replaces = match sent.replaces.as_str() {
        "" => None,
        id => {
            let id = id.parse::<PaperKeyId>();
            Some(id.map_err(|_| Error::invalid("/replaces", "choose one of the keys that are offered"))?)
        }
    };
    let principal = person.principal.clone();
    let parts = [user.to_string(), sent.years.clone(), sent.replaces.clone()];
    let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
    let once = key(&principal, &sent.once, &parts)?;
    let unit = IssuePaperKey { app: app.clone(), account, user, expires_at: years, replaces, principal };
    once_with_secret(app, Some(once), unit).await
}

fn sheet(app: &App, person: SignedIn, account: AccountId, issued: &Issued) -> Result<Response, Problem> {
    let sheet = issued.secret.sheet();
    let addresses: Vec<String> =
        issued.user.addresses.iter().map(|address| plain_text::address(address.email.as_str())).collect();
    let shown = page(&SheetPage {
        head: head(person, account, &issued.account_name),
        account,
        account_name: plain_text::name(&issued.account_name),
        holder: plain_text::name(&issued.user.name),
        addresses: addresses.join(" and "),
        number: issued.key.number.to_string(),
        issued: when(issued.key.issued_at),
        until: issued.key.expires_at.map_or_else(|| "it is revoked".to_owned(), when),
        lines: sheet.lines().map(|line| Zeroizing::new(line.replace('-', " "))).collect(),
        qr: picture(&sheet.in_one_line())?,
        url: app.public_url.clone(),
    })?;
    Ok(shown.into_response())
}
