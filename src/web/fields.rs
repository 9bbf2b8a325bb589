//! Reading the form that a page of ours sends.

use axum::{
    extract::{Form, FromRequest, Request},
    http::StatusCode,
};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// A form's fields. What is no form is refused in our words.
#[derive(Debug, Clone, Copy)]
pub struct Fields<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Fields<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Form::from_request(request, state).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(rejected) if rejected.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Err(Problem::malformed("this is not a form: send `Content-Type: application/x-www-form-urlencoded`"))
            }
            Err(_) => {
                Err(Problem::malformed("the form cannot be read: go back, load the page again, and send it again"))
            }
        }
    }
}
