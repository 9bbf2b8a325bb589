//! Showing how well an account is prepared, and how well it would be without some of its people.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{FromRequestParts, Query, State},
    http::request::Parts,
    response::{IntoResponse, Response},
};

use super::{ring::Ring, words};
use crate::{
    app::{
        app::App,
        view::readiness::{Candidate, Forecast, NamedView, ReadinessView, ReasonView, forecast, readiness},
    },
    id::{AccountId, UserId},
    mail::plain_text,
    recovery::policy::Switch,
    web::{
        caller::Caller,
        extract::{Json, Path},
        page::{Head, amount, page},
        problem::{FieldError, Problem, ProblemBody},
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// The people who are thought away: `?without=user_…,user_…`, or the name several times, as a form sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Without(pub BTreeSet<UserId>);

impl<S: Sync> FromRequestParts<S> for Without {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) else {
            return Err(wrong("send it as `?without=user_…,user_…`"));
        };
        let named = pairs.iter().filter(|(name, _)| name == "without").flat_map(|(_, ids)| ids.split(','));
        let ids = named.map(str::trim).filter(|id| !id.is_empty()).map(str::parse).collect::<Result<_, _>>();
        ids.map(Self).map_err(|_| wrong("not ids of the form `user_…` with commas between: send those of members"))
    }
}

fn wrong(detail: &'static str) -> Problem {
    Problem::invalid(vec![FieldError::parameter("without", "invalid_parameter", detail)])
}

/// Show how well an account is prepared for the loss of its people
///
/// A score, and each reason that it is not 100 with what to do. With `without`, as things would be if those people had
/// left for good: nothing changes by asking.
#[utoipa::path(get, path = "/v1/accounts/{account}/readiness", tag = "accounts",
    params(("account" = AccountId, Path),
        ("without" = Option<String>, Query, description = "Ids of members, with commas between, 50 at most")),
    responses((status = 200, body = ReadinessView), (status = 422, body = ProblemBody)))]
pub async fn api(
    State(app): State<App>,
    Caller(principal): Caller,
    Path(account): Path<AccountId>,
    Without(leavers): Without,
) -> Result<Json<ReadinessView>, Problem> {
    readiness(&app, &principal, account, &leavers).await.map(Json).map_err(of_parameter)
}

/// The use case names the field as it stands in a body; here it is a parameter.
fn of_parameter(refused: impl Into<Problem>) -> Problem {
    let mut problem: Problem = refused.into();
    for error in &mut problem.errors {
        error.parameter = error.pointer.take().map(|pointer| pointer.trim_start_matches('/').to_owned());
    }
    problem
}

#[derive(Template)]
#[template(path = "readiness.html", config = "src/web/templates/askama.toml")]
struct ReadinessPage {
    head: Head,
    account: AccountId,
    now: ReadinessView,
    without: Option<ReadinessView>,
    people: Vec<Candidate>,
    /// Whether the reader may turn the weekly mail on and off.
    owns: bool,
    wrong: Wrong,
}

impl ReadinessPage {
    /// What would be wanting then, and is not now.
    fn added<'r>(&'r self, then: &'r ReadinessView) -> Vec<&'r ReasonView> {
        let known = |reason: &&ReasonView| {
            self.now.reasons.iter().any(|now| (now.code, &now.sentence) == (reason.code, &reason.sentence))
        };
        then.reasons.iter().filter(|reason| !known(reason)).collect()
    }

    /// Who has left. An address can name members on whom nothing rests: they are counted.
    fn gone(&self, then: &ReadinessView) -> String {
        let gone = self.people.iter().filter(|person| then.without.contains(&person.user));
        let named: Vec<NamedView> =
            gone.map(|person| NamedView { user: person.user, name: person.name.clone() }).collect();
        match (named.as_slice(), then.without.len() - named.len()) {
            (named, 0) => words::names(named),
            ([], others) => amount(others, "member"),
            (named, others) => format!("{} and {}", words::names(named), amount(others, "other member")),
        }
    }

    fn is_ticked(&self, user: &UserId) -> bool {
        self.without.as_ref().is_some_and(|then| then.without.contains(user))
    }
}

/// The page of an account's readiness.
///
/// # Errors
/// 404 for whoever may not know of it; when the database or the template fails.
pub async fn page_of(
    State(app): State<App>,
    person: SignedIn,
    Path(account): Path<AccountId>,
    Without(leavers): Without,
) -> Result<Response, Problem> {
    show(&app, person, account, leavers, Wrong::default()).await
}

/// The same, with what was wrong with something that was sent from it.
///
/// # Errors
/// As [`page_of`].
pub async fn show(
    app: &App,
    person: SignedIn,
    account: AccountId,
    leavers: BTreeSet<UserId>,
    wrong: Wrong,
) -> Result<Response, Problem> {
    let SignedIn { principal, user, head, .. } = person;
    let Forecast { account_name, now, without, people } =
        forecast(app, &principal, account, &leavers).await.map_err(of_parameter)?;
    let head = head.below("Accounts", "/").below(plain_text::name(&account_name), format!("/accounts/{account}"));
    let owns = people.iter().any(|person| person.owner && person.user == user);
    let answer = page(&ReadinessPage { head, account, now, without, people, owns, wrong: wrong.clone() })?;
    Ok(wrong.marked(answer.into_response()))
}
