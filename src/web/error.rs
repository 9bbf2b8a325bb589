//! The one place where the reasons of the use cases become problems.

use std::time::Duration;

use axum::http::StatusCode;

use super::problem::{FieldError, Problem};
use crate::{
    app::error::{Access, Error, Invalid},
    refusal::Severity,
};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Recovery(refusal) => refused(refusal.severity(), refusal.code(), refusal.to_string()),
            Error::Ownership(refusal) => refused(refusal.severity(), refusal.code(), refusal.to_string()),
            Error::Identity(refusal) => refused(refusal.severity(), refusal.code(), refusal.to_string()),
            Error::Credential(refusal) => refused(refusal.severity(), refusal.code(), refusal.to_string()),
            Error::SignOn(refusal) => refused(refusal.severity(), refusal.code(), refusal.to_string()),
            Error::RecoveryUser(refusal) => refused(refusal.severity(), refusal.code(), refusal.to_string()),
            Error::Webhook(refusal) => refused(refusal.severity(), refusal.code(), refusal.to_string()),
            Error::Provider(failed) => refused(failed.severity(), failed.code(), failed.to_string()),
            Error::Access(access) => access_refused(&access),
            Error::Invalid(fields) => Self::invalid(fields.into_iter().map(field).collect()),
            Error::NotFound => Self::not_found(),
            Error::Internal(error) => Self::internal(error),
            Error::Password(error) => Self::internal(error),
            Error::Sealed(error) => Self::internal(error),
        }
    }
}

fn refused(severity: Severity, code: &'static str, detail: String) -> Problem {
    let (status, title) = match severity {
        Severity::Forbidden => (StatusCode::FORBIDDEN, "you may not do this"),
        Severity::Conflict => (StatusCode::CONFLICT, "not as things stand"),
        Severity::Unprocessable => (StatusCode::UNPROCESSABLE_ENTITY, "this makes no sense here"),
    };
    Problem::new(status, code, title, detail)
}

fn access_refused(access: &Access) -> Problem {
    match access {
        Access::Unauthenticated => Problem::unauthenticated(),
        Access::WrongPassword => {
            Problem::new(StatusCode::UNAUTHORIZED, access.code(), "not signed in", access.to_string())
        }
        Access::TooManyGuesses { .. } | Access::TooManyCodes { .. } => {
            let title = "too many tries";
            Problem::new(StatusCode::TOO_MANY_REQUESTS, access.code(), title, access.to_string())
                .with_retry_after(Duration::from_mins(1))
        }
        Access::Changed => {
            let title = "changed meanwhile";
            Problem::new(StatusCode::PRECONDITION_FAILED, access.code(), title, access.to_string())
        }
        Access::NotNow => {
            let (status, title) = (StatusCode::SERVICE_UNAVAILABLE, "not now");
            Problem::new(status, access.code(), title, access.to_string()).with_retry_after(Duration::from_mins(5))
        }
        Access::WrongCode
        | Access::NotYourPassword
        | Access::Passkey(_)
        | Access::NoPasskeysHere
        | Access::CeremonyOver
        | Access::TooManyPasskeys { .. }
        | Access::PaperKeyRefused
        | Access::DeadLink
        | Access::WrongLink
        | Access::NeedsScope { .. }
        | Access::OperatorsOnly
        | Access::PeopleOnly
        | Access::ProviderRefused
        | Access::SignedOn
        | Access::KeyReused
        | Access::TakesNoMail
        | Access::NothingToCertify
        | Access::NotSealedYet
        | Access::AlreadyIssued => refused(access.severity(), access.code(), access.to_string()),
    }
}

fn field(invalid: Invalid) -> FieldError {
    FieldError::at(invalid.pointer, "invalid_value", invalid.detail)
}
