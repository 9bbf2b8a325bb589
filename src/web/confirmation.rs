//! The page before an act: what it does, and one button.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::{
    page::{Head, page},
    problem::Problem,
};

/// What the page asks, and where its button leads.
#[derive(Debug, Clone)]
pub struct Question {
    /// The headline.
    pub title: String,
    /// What the page is called in the path of links.
    pub here: &'static str,
    /// What pressing the button does, in sentences.
    pub told: Vec<String>,
    /// What it is about, line by line.
    pub facts: Vec<(&'static str, String)>,
    /// What stands on the button.
    pub button: &'static str,
    /// The button's look: empty, or `danger` for what takes something away.
    pub look: &'static str,
}

/// Where a confirmation leads.
#[derive(Debug, Clone)]
pub struct Ways {
    /// Where the button sends the form.
    pub action: String,
    /// What the form carries besides the button.
    pub carried: Vec<(&'static str, String)>,
    /// The page from which the reader comes.
    pub back: String,
}

#[derive(Template)]
#[template(path = "confirm.html", config = "src/web/templates/askama.toml")]
struct ConfirmPage {
    head: Head,
    question: Question,
    ways: Ways,
}

/// The page.
///
/// # Errors
/// When the template fails.
pub fn confirmation(head: Head, question: Question, ways: Ways) -> Result<Response, Problem> {
    Ok(page(&ConfirmPage { head, question, ways })?.into_response())
}
