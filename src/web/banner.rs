//! What stands above every page of an account that is suspended, being closed, or closed.

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};

use super::problem::Problem;
use crate::{
    app::{app::App, view::account::status_of},
    id::AccountId,
    mail::wording::when,
    ownership::account::Status,
};

/// What stops the use of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Banner {
    /// The account.
    pub account: AccountId,
    status: Status,
}

impl Banner {
    /// The banner of the page that is asked for: of the account, or the case, that its address names.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn of(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        let Ok(named) = RawPathParams::from_request_parts(parts, &()).await else { return Ok(None) };
        let (mut account, mut case) = (None, None);
        for (name, value) in &named {
            match name {
                "account" => account = value.parse().ok(),
                "case" => case = value.parse().ok(),
                _ => {}
            }
        }
        if account.is_none() && case.is_none() {
            return Ok(None);
        }
        let found = status_of(app, account, case).await?;
        Ok(found.filter(|(_, status)| needs_saying(*status)).map(|(account, status)| Self { account, status }))
    }

    /// What it says.
    #[must_use]
    pub fn words(&self) -> String {
        match self.status {
            Status::Pending | Status::Active => String::new(),
            Status::Suspended => {
                "This account is suspended. Nothing is given or set up in it; recovery works.".to_owned()
            }
            Status::Closing { until } => {
                format!("This account is being closed, for good on {}. Recovery works until then.", when(until))
            }
            Status::Closed => "This account is closed for good. Its record can be read.".to_owned(),
        }
    }

    /// Where it leads.
    #[must_use]
    pub const fn way_out(&self) -> &'static str {
        match self.status {
            Status::Suspended | Status::Closing { .. } => "An owner can undo that on the account's page.",
            Status::Pending | Status::Active | Status::Closed => "The account's page",
        }
    }
}

const fn needs_saying(status: Status) -> bool {
    match status {
        Status::Pending | Status::Active => false,
        Status::Suspended | Status::Closing { .. } | Status::Closed => true,
    }
}
