//! What a decision is asked about: a subject, an action and a resource, as the Authorization API 1.0 spells them.
//!
//! Unlike everywhere else, fields that are not known are passed over, and whatever is wrong with a request is a 400:
//! that is how the standard has it, and its callers are written against the standard.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor},
};
use utoipa::ToSchema;

use crate::{
    app::evaluate::{About, Question, Subject},
    web::{
        json::{is_json, read},
        problem::Problem,
    },
};

/// Whom a decision is about.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct SubjectInput {
    /// `user`. Of another type there is nobody here.
    pub r#type: String,
    /// Their id, `user_…`, or their e-mail address. The id is better: it never changes.
    pub id: String,
    /// Read by nobody here: who somebody is stands in the database.
    #[schema(value_type = Option<Object>)]
    pub properties: Option<Passed>,
}

/// What they would do.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ActionInput {
    /// The name of the permission, such as `members.manage` or one of the account's own catalogue.
    pub name: String,
    /// Read by nobody here.
    #[schema(value_type = Option<Object>)]
    pub properties: Option<Passed>,
}

/// With what they would do it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ResourceInput {
    /// `account`. Of another type there is nothing here.
    pub r#type: String,
    /// Its id, `acct_…`.
    pub id: String,
    /// Read by nobody here.
    #[schema(value_type = Option<Object>)]
    pub properties: Option<Passed>,
}

/// An object that is passed over.
#[derive(Debug, Clone, Copy, Default)]
pub struct Passed;

impl<'de> Deserialize<'de> for Passed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Whatever;

        impl<'de> Visitor<'de> for Whatever {
            type Value = Passed;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Passed, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Passed)
            }
        }

        deserializer.deserialize_map(Whatever)
    }
}

/// What is asked, in the words of the use case. What can be nobody, or no account, is asked about all the same: the
/// answer is that there is none.
#[must_use]
pub fn question(subject: &SubjectInput, action: &ActionInput, resource: &ResourceInput) -> Question {
    let SubjectInput { r#type, id, .. } = subject;
    let subject = match r#type.as_str() {
        "user" => id.parse().map(Subject::Id).or_else(|_| id.parse().map(Subject::Address)).unwrap_or(Subject::Nobody),
        _ => Subject::Nobody,
    };
    let account = match resource.r#type.as_str() {
        "account" => resource.id.parse().ok(),
        _ => None,
    };
    Question { about: About { subject, account }, permission: action.name.clone() }
}

/// The body of such a request.
#[derive(Debug, Clone, Copy)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::malformed("the body is not marked as JSON: send `Content-Type: application/json`"));
        }
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|_| Problem::malformed("the body did not arrive whole: send it again"))?;
        // What is right is read the short way; only what is wrong is worth finding out where.
        serde_json::from_slice(&body).or_else(|_| read(&body)).map(Self).map_err(unreadable)
    }
}

/// The same problem, as one of the request as a whole.
fn unreadable(problem: Problem) -> Problem {
    if problem.errors.is_empty() {
        return problem;
    }
    let detail = "some of what was asked is missing or wrong: mend what `errors` lists, and ask again";
    Problem::malformed(detail).with_errors(problem.errors)
}
