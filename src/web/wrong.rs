//! What is wrong with a form that was sent, said on the form itself, beside the field that it is about.

use axum::{http::StatusCode, response::Response};

use super::{
    page::for_people,
    problem::{FieldError, Problem},
};

/// What is wrong with a form; nothing before it was sent.
#[derive(Debug, Clone, Default)]
pub struct Wrong {
    /// The sentences, the most important first.
    pub items: Vec<Item>,
    status: StatusCode,
}

/// Where a form has the control: places are named as bodies or queries have them.
fn place(error: &FieldError) -> Option<String> {
    let pointed = error.pointer.as_deref().and_then(|pointer| pointer.strip_prefix('/'));
    pointed.or(error.parameter.as_deref()).map(str::to_owned)
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The id of the form's control; none when it is about the whole form.
    pub field: Option<String>,
    /// What is wrong, and what to do.
    pub says: String,
}

impl Wrong {
    /// Puts a refusal onto the form. `places` says which control a problem's code is about; places in a body are named
    /// by their pointers, so a control of the same name is found without.
    ///
    /// # Errors
    /// The problem itself, when no change of the form would help: then a page tells of it.
    pub fn of(refused: impl Into<Problem>, places: &[(&str, &str)]) -> Result<Self, Problem> {
        let problem: Problem = refused.into();
        let helps = problem.status.is_client_error()
            && !matches!(problem.status, StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST);
        if !helps {
            return Err(problem);
        }
        let field = |name: &str| places.iter().find(|(code, _)| *code == name).map(|(_, field)| (*field).to_owned());
        let items = if problem.errors.is_empty() {
            vec![Item { field: field(problem.code), says: for_people(&problem.detail) }]
        } else {
            let item = |error: &FieldError| Item { field: place(error), says: for_people(&error.detail) };
            problem.errors.iter().map(item).collect()
        };
        Ok(Self { items, status: problem.status })
    }

    /// One sentence beside one control.
    #[must_use]
    pub fn at(field: &str, says: &str) -> Self {
        let item = Item { field: Some(field.to_owned()), says: for_people(says) };
        Self { items: vec![item], status: StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// What is wrong with one control.
    #[must_use]
    pub fn about(&self, field: &str) -> Option<&str> {
        self.items.iter().find(|item| item.field.as_deref() == Some(field)).map(|item| item.says.as_str())
    }

    /// The same page, with the status that the refusal has.
    #[must_use]
    pub fn marked(&self, mut page: Response) -> Response {
        *page.status_mut() = self.status;
        page
    }
}
