//! How the pages of an account look to its members: its name, its colour, its logo. Everybody else sees the service's own.

use super::{problem::Problem, settings::brand_style};
use crate::{
    app::{
        app::App,
        principal::Principal,
        view::brand::{Look, of_account, of_case},
    },
    mail::plain_text,
};

/// What stands at the top of an account's pages, where its owners have set anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Its name for people, safe to print.
    pub name: String,
    /// The address of the stylesheet of its colour.
    pub style: Option<String>,
    /// The address of its logo.
    pub logo: Option<String>,
}

impl Brand {
    fn of(look: Look) -> Option<Self> {
        let Look { account, account_name, name, colour, logo } = look;
        let set = name.is_some() || colour.is_some() || logo.is_some();
        set.then(|| Self {
            name: plain_text::name(name.as_deref().unwrap_or(&account_name)),
            style: colour.map(brand_style::address),
            logo: logo.map(|at| format!("/accounts/{account}/logo?v={}", at.micros())),
        })
    }
}

/// The brand of the account that a page is about, going by its address.
///
/// # Errors
/// When the database fails.
pub async fn brand_at(app: &App, path: &str, principal: &Principal) -> Result<Option<Brand>, Problem> {
    let mut parts = path.trim_start_matches('/').split('/');
    let (kind, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let look = match (kind, id.parse(), id.parse()) {
        ("accounts", Ok(account), _) => of_account(app, account, principal).await?,
        ("cases", _, Ok(case)) => of_case(app, case, principal).await?,
        _ => None,
    };
    Ok(look.and_then(Brand::of))
}
