//! The page on which an owner sets up single sign-on. What was typed travels along when they have to prove first who they are, but for
//! the secret: that one is typed again.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::sign_on::typed as secret_typed;
use crate::{
    app::{
        app::App,
        error::Error,
        principal::Principal,
        set_sign_on::{RemoveSignOn, SetSignOn},
        view::sign_on::{Reader, SignOnHome, sign_on_home},
    },
    id::AccountId,
    mail::plain_text,
    web::{
        extract::{Filters, Path},
        fields::Fields,
        next::with,
        notice::Notice,
        page::{Head, page},
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// What was typed, by the control's name.
pub type Typed = BTreeMap<String, String>;

/// Which control a refusal is about.
const PLACES: &[(&str, &str)] = &[("not_an_issuer", "issuer"), ("not_a_client", "client_id")];

#[derive(Template)]
#[template(path = "settings_sign_on.html", config = "src/web/templates/askama.toml")]
struct SignOnPage {
    head: Head,
    account: AccountId,
    home: SignOnHome,
    typed: Typed,
    wrong: Wrong,
}

impl SignOnPage {
    fn issuer(&self) -> &str {
        let set = self.home.view.provider.as_ref().map(|provider| &provider.issuer);
        self.typed.get("issuer").or(set).map(String::as_str).unwrap_or_default()
    }

    fn client_id(&self) -> &str {
        let set = self.home.view.provider.as_ref().map(|provider| &provider.client_id);
        self.typed.get("client_id").or(set).map(String::as_str).unwrap_or_default()
    }
}

/// The page.
///
/// # Errors
/// 404 for whoever may not know of the account; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    who: SignedIn,
    Path(account): Path<AccountId>,
    Filters(typed): Filters<Typed>,
) -> Result<Response, Problem> {
    show(&app, who, account, typed, Wrong::default()).await
}

/// Does what one of its forms asks for.
///
/// # Errors
/// As [`page_of`].
pub async fn send(
    State(app): State<App>,
    who: SignedIn,
    Path(account): Path<AccountId>,
    Fields(mut typed): Fields<Typed>,
) -> Result<Response, Problem> {
    let done = act(&app, who.principal.clone(), account, &typed).await;
    typed.remove("client_secret");
    let page = format!("/accounts/{account}/settings/sign-on");
    match done {
        Ok(notice) => Ok(Redirect::to(&notice.on(&page)).into_response()),
        Err(error) => {
            let problem = Problem::from(error);
            if !prove::helps(problem.code) {
                return show(&app, who, account, typed, Wrong::of(problem, PLACES)?).await;
            }
            let kept = ["issuer", "client_id"].into_iter().filter_map(|name| Some((name, typed.get(name)?)));
            let pairs: Vec<(&str, &String)> = kept.collect();
            Ok(prove::first(&if pairs.is_empty() { page } else { with(&page, &pairs) }))
        }
    }
}

async fn act(app: &App, principal: Principal, account: AccountId, typed: &Typed) -> Result<Notice, Error> {
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let (db, app) = (app.db.clone(), app.clone());
    match text("act").as_str() {
        "set" => {
            // An empty field leaves the secret as it is; a mark takes it away.
            let secret = match (typed.contains_key("public"), text("client_secret")) {
                (true, _) => Some(String::new()),
                (false, typed) if typed.trim().is_empty() => None,
                (false, typed) => Some(typed),
            };
            let (issuer, client_id, client_secret) = (text("issuer"), text("client_id"), secret_typed(secret));
            db.run(SetSignOn { app, account, issuer, client_id, client_secret, version: None, principal }).await?;
            Ok(Notice::SignOnSet)
        }
        "remove" => {
            db.run(RemoveSignOn { app, account, principal }).await?;
            Ok(Notice::SignOnRemoved)
        }
        _ => Err(Error::NotFound),
    }
}

async fn show(app: &App, who: SignedIn, account: AccountId, typed: Typed, wrong: Wrong) -> Result<Response, Problem> {
    let home = sign_on_home(app, &who.principal, account).await?;
    let name = plain_text::name(&home.account_name);
    let head = who.head.below("Accounts", "/").below(name, format!("/accounts/{account}"));
    let head = head.below("Settings", format!("/accounts/{account}/settings"));
    let answer = page(&SignOnPage { head, account, home, typed, wrong: wrong.clone() })?;
    Ok(wrong.marked(answer.into_response()))
}
