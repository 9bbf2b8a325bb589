//! The page of the settings. Each part of it is a form of its own, sent to the same address; which one it is, stands in it.
//! What was typed travels along when somebody has to prove first who they are.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::{
        app::App,
        branding::SetBranding,
        error::Error,
        join_domains::{PutDomain, RemoveDomain},
        logo::SetLogo,
        principal::Principal,
        prove_domain,
        reference::SetReference,
        view::settings::{DomainView, Reader, SettingsHome, settings_home},
    },
    id::AccountId,
    mail::plain_text,
    ownership::preset::Reference,
    web::{
        extract::{Filters, Path},
        fields::Fields,
        next::encoded,
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
const PLACES: &[(&str, &str)] = &[
    ("brand_name", "name"),
    ("not_a_colour", "colour"),
    ("logo", "logo"),
    ("not_a_domain", "domain"),
    ("public_domain", "domain"),
    ("too_many_domains", "domain"),
    ("join_role", "role"),
];

#[derive(Template)]
#[template(path = "settings.html", config = "src/web/templates/askama.toml")]
struct SettingsPage {
    head: Head,
    account: AccountId,
    home: SettingsHome,
    typed: Typed,
    wrong: Wrong,
}

impl SettingsPage {
    fn typed(&self, name: &str) -> &str {
        self.typed.get(name).map(String::as_str).unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.typed.get("name").or(self.home.view.branding.name.as_ref()).map(String::as_str).unwrap_or_default()
    }

    fn colour(&self) -> &str {
        self.typed.get("colour").or(self.home.view.branding.colour.as_ref()).map(String::as_str).unwrap_or_default()
    }

    fn mandatory(&self) -> bool {
        self.home.view.child_reference == Some("mandatory")
    }

    /// The domains, each with the title of its role.
    fn domains(&self) -> impl Iterator<Item = (&DomainView, &String)> {
        self.home.view.join_domains.iter().zip(&self.home.titles)
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
    Fields(typed): Fields<Typed>,
) -> Result<Response, Problem> {
    match act(&app, who.principal.clone(), account, &typed).await {
        Ok(notice) => Ok(Redirect::to(&notice.on(&address(account))).into_response()),
        Err(error) => refused(&app, who, account, error.into(), typed).await,
    }
}

async fn act(app: &App, principal: Principal, account: AccountId, typed: &Typed) -> Result<Notice, Error> {
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let (db, app, version) = (app.db.clone(), app.clone(), None);
    match text("act").as_str() {
        "branding" => {
            let (name, colour) = (Some(text("name")), Some(text("colour")));
            db.run(SetBranding { app, account, name, colour, version, principal }).await?;
        }
        "remove-logo" => db.run(SetLogo { app, account, file: None, version, principal }).await?,
        "reference" => {
            let rule = if text("rule") == "mandatory" { Reference::Mandatory } else { Reference::Optional };
            db.run(SetReference { app, account, rule, version, principal }).await?;
        }
        "domain" => {
            let (domain, role) = (text("domain"), text("role"));
            db.run(PutDomain { app, account, domain, role, principal }).await?;
            return Ok(Notice::DomainAdded);
        }
        "look" => {
            prove_domain::verify(&app, &principal, account, &text("domain")).await?;
            return Ok(Notice::DomainProven);
        }
        "remove-domain" => db.run(RemoveDomain { app, account, domain: text("domain"), principal }).await?,
        _ => return Err(Error::NotFound),
    }
    Ok(Notice::SettingsSaved)
}

/// Says on the page why something was refused, or has whoever asked prove first who they are.
pub(super) async fn refused(
    app: &App,
    who: SignedIn,
    account: AccountId,
    problem: Problem,
    typed: Typed,
) -> Result<Response, Problem> {
    if prove::helps(problem.code) {
        let kept = typed.iter().filter(|(name, _)| ["name", "colour", "domain", "role"].contains(&name.as_str()));
        let pairs: Vec<String> = kept.map(|(name, text)| format!("{name}={}", encoded(text))).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        return Ok(prove::first(&format!("{}{mark}{}", address(account), pairs.join("&"))));
    }
    show(app, who, account, typed, Wrong::of(problem, PLACES)?).await
}

async fn show(app: &App, who: SignedIn, account: AccountId, typed: Typed, wrong: Wrong) -> Result<Response, Problem> {
    let home = settings_home(app, &who.principal, account).await?;
    let name = plain_text::name(&home.account_name);
    let head = who.head.below("Accounts", "/").below(name, format!("/accounts/{account}"));
    let answer = page(&SettingsPage { head, account, home, typed, wrong: wrong.clone() })?;
    Ok(wrong.marked(answer.into_response()))
}

fn address(account: AccountId) -> String {
    format!("/accounts/{account}/settings")
}
