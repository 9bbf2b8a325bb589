//! Several decisions at once.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    asked::{ActionInput, Body, Passed, ResourceInput, SubjectInput, question},
    decided::Decided,
    evaluation::one,
};
use crate::{
    app::{
        app::App,
        evaluate::{Question, evaluate},
    },
    web::{
        caller::Presented,
        extract::Json,
        problem::{FieldError, Problem, ProblemBody},
    },
};

/// The most questions in one request.
pub const MOST: usize = 100;

/// What is asked: questions, and what is the same in all of them that say nothing else.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the standard calls the questions what it calls the request")]
pub struct Evaluations {
    /// Who, for each question that names nobody.
    pub subject: Option<SubjectInput>,
    /// What they would do, for each question that names no action.
    pub action: Option<ActionInput>,
    /// With what, for each question that names no resource.
    pub resource: Option<ResourceInput>,
    /// Read by nobody here.
    #[schema(value_type = Option<Object>)]
    pub context: Option<Passed>,
    /// The questions, 100 at most. Without any, what stands above is the only question, and the answer is that of
    /// `/access/v1/evaluation`.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub evaluations: Vec<Part>,
    /// How to answer them.
    #[serde(default)]
    pub options: Options,
}

/// One of several questions. What it leaves out is taken from above, a subject, action or resource always as a whole.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Part {
    /// Who.
    pub subject: Option<SubjectInput>,
    /// What they would do.
    pub action: Option<ActionInput>,
    /// With what.
    pub resource: Option<ResourceInput>,
    /// Read by nobody here.
    #[schema(value_type = Option<Object>)]
    pub context: Option<Passed>,
}

/// How to answer several questions.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
pub struct Options {
    /// Which of them.
    #[serde(default)]
    pub evaluations_semantic: Semantic,
}

/// Which of several questions are answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Semantic {
    /// All.
    #[default]
    ExecuteAll,
    /// All up to the first no.
    DenyOnFirstDeny,
    /// All up to the first yes.
    PermitOnFirstPermit,
}

/// The answers, in the order of the questions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DecidedAll {
    /// The answers.
    pub evaluations: Vec<Decided>,
}

/// Ask several such questions at once
///
/// The Access Evaluations API of the OpenID Authorization API 1.0. All of them are answered for the same moment. A question
/// that says too little is answered with no; where a person asks about somebody else, none is answered.
#[utoipa::path(post, path = "/access/v1/evaluations", tag = "access", request_body = Evaluations,
    params(("X-Request-ID" = Option<String>, Header, description = "Sent back as it is")),
    responses((status = 200, body = DecidedAll), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Presented(credential): Presented,
    Body(asked): Body<Evaluations>,
) -> Result<Response, Problem> {
    if asked.evaluations.is_empty() {
        let question = asked.merged(&Part::default()).map_err(missing)?;
        return Ok(Json(one(&app, &credential, question).await?).into_response());
    }
    if asked.evaluations.len() > MOST {
        let detail = format!("more than {MOST} at once: ask in several requests");
        return Err(Problem::malformed("too much is asked at once: see `errors`").with_errors(vec![FieldError::at(
            "/evaluations",
            "too_many",
            detail,
        )]));
    }
    let parts: Vec<Option<Question>> = asked.evaluations.iter().map(|part| asked.merged(part).ok()).collect();
    let questions: Vec<Question> = parts.iter().flatten().cloned().collect();
    let mut answers = evaluate(&app, &credential, &questions).await?.into_iter();
    let decided = parts.iter().map(|part| {
        let answer = part.as_ref().and_then(|_| answers.next());
        answer.map_or_else(Decided::incomplete, Decided::from)
    });
    Ok(Json(DecidedAll { evaluations: asked.options.evaluations_semantic.cut(decided) }).into_response())
}

impl Evaluations {
    /// One of the questions with what is the same in all of them, or what it lacks even so.
    fn merged(&self, part: &Part) -> Result<Question, Vec<&'static str>> {
        let subject = part.subject.as_ref().or(self.subject.as_ref());
        let action = part.action.as_ref().or(self.action.as_ref());
        let resource = part.resource.as_ref().or(self.resource.as_ref());
        if let (Some(subject), Some(action), Some(resource)) = (subject, action, resource) {
            return Ok(question(subject, action, resource));
        }
        let lacking =
            [(subject.is_none(), "/subject"), (action.is_none(), "/action"), (resource.is_none(), "/resource")];
        Err(lacking.into_iter().filter_map(|(lacks, pointer)| lacks.then_some(pointer)).collect())
    }
}

fn missing(pointers: Vec<&'static str>) -> Problem {
    let field = |pointer| FieldError::at(pointer, "missing_field", "this field is missing: add it");
    Problem::malformed("some of what was asked is missing or wrong: mend what `errors` lists, and ask again")
        .with_errors(pointers.into_iter().map(field).collect())
}

impl Semantic {
    /// The answers up to the one that settles it.
    fn cut(self, decided: impl Iterator<Item = Decided>) -> Vec<Decided> {
        let settles = |decided: &Decided| match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decided.decision,
            Self::PermitOnFirstPermit => decided.decision,
        };
        let mut kept = Vec::new();
        for one in decided {
            let last = settles(&one);
            kept.push(one);
            if last {
                break;
            }
        }
        kept
    }
}
