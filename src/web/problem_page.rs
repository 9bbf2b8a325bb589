//! The page to which the `type` of every problem points.

use askama::Template;
use axum::{extract::State, response::Html};

use super::{
    page::{Head, page},
    problem::Problem,
    problem_list::{Listed, every},
    site::Site,
};

#[derive(Template)]
#[template(path = "problems.html", config = "src/web/templates/askama.toml")]
struct Problems {
    head: Head,
    problems: Vec<Listed>,
}

/// Lists every problem.
///
/// # Errors
/// When the template fails.
pub async fn show(State(site): State<Site>) -> Result<Html<String>, Problem> {
    page(&Problems { head: Head::of(&site), problems: every() })
}
