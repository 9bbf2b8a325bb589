//! What every page has in common, and the page that tells of a problem.

use askama::Template;
use axum::{
    http::{HeaderMap, header},
    response::Html,
};

use super::{
    problem::{FieldError, Problem},
    site::Site,
};
use crate::mail::{plain_text, wording::sentence};

/// What every page has above.
#[derive(Debug, Clone)]
pub struct Head {
    /// What this installation calls itself.
    pub service: String,
}

impl Head {
    /// The head of a site's pages.
    #[must_use]
    pub fn of(site: &Site) -> Self {
        Self { service: plain_text::name(&site.post.letterhead.service) }
    }
}

/// Writes a page.
///
/// # Errors
/// When a template fails, which none is known to do.
pub fn page(template: &impl Template) -> Result<Html<String>, Problem> {
    template.render().map(Html).map_err(Problem::internal)
}

/// Whether a page was asked for, as browsers do when somebody follows a link or sends a form.
#[must_use]
pub fn is_asked_for(headers: &HeaderMap) -> bool {
    let kinds = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    kinds
        .flat_map(|value| value.split(','))
        .any(|kind| kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/html"))
}

#[derive(Template)]
#[template(path = "problem.html", config = "src/web/templates/askama.toml")]
struct ProblemPage<'a> {
    head: Head,
    title: String,
    detail: String,
    errors: &'a [FieldError],
    advice: Option<&'static str>,
    code: &'static str,
    request_id: &'a str,
}

/// The page that tells of a problem.
#[must_use]
pub fn of_problem(problem: &Problem, request_id: &str) -> Option<String> {
    let page = ProblemPage {
        head: Head { service: "Quorate".to_owned() },
        title: sentence(title(problem)),
        detail: sentence(&problem.detail),
        errors: &problem.errors,
        advice: advice(problem.code),
        code: problem.code,
        request_id,
    };
    page.render().ok()
}

/// The headline: what people see first, and what the general words would leave them guessing about.
fn title(problem: &Problem) -> &str {
    match problem.code {
        "dead_link" => "this link does not work any more",
        _ => problem.title,
    }
}

/// What to do next, where the sentence of the problem was written for programs too.
fn advice(code: &str) -> Option<&'static str> {
    match code {
        "dead_link" => Some(
            "Look for a newer mail about the same matter: its link has replaced this one. Or sign in: there you see how \
             things stand, and can still do what is left to do.",
        ),
        "unauthenticated" => Some("Sign in, then come back to this page."),
        _ => None,
    }
}
