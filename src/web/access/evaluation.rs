//! One decision.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    asked::{ActionInput, Body, Passed, ResourceInput, SubjectInput, question},
    decided::Decided,
};
use crate::{
    app::{
        app::App,
        authenticate::Credential,
        evaluate::{Question, evaluate},
    },
    web::{
        caller::Presented,
        extract::Json,
        problem::{Problem, ProblemBody},
    },
};

/// What is asked.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Evaluation {
    /// Who.
    pub subject: SubjectInput,
    /// What they would do.
    pub action: ActionInput,
    /// With what.
    pub resource: ResourceInput,
    /// Read by nobody here: a permission does not depend on circumstances.
    #[schema(value_type = Option<Object>)]
    pub context: Option<Passed>,
}

/// Ask whether somebody has a permission
///
/// The Access Evaluation API of the OpenID Authorization API 1.0. For operators, tokens with the scope
/// `access.evaluate`, and signed-in people about themselves. A no is an answer with status 200; so is that there is no
/// such person or account.
#[utoipa::path(post, path = "/access/v1/evaluation", tag = "access", request_body = Evaluation,
    params(("X-Request-ID" = Option<String>, Header, description = "Sent back as it is")),
    responses((status = 200, body = Decided), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Presented(credential): Presented,
    Body(asked): Body<Evaluation>,
) -> Result<Json<Decided>, Problem> {
    one(&app, &credential, question(&asked.subject, &asked.action, &asked.resource)).await.map(Json)
}

/// The answer to one question.
///
/// # Errors
/// When the caller may not ask it.
pub async fn one(app: &App, credential: &Credential, question: Question) -> Result<Decided, Problem> {
    let answer = evaluate(app, credential, &[question]).await?.pop();
    answer.map(Decided::from).ok_or_else(|| Problem::internal("a question has no answer"))
}
