//! What every page has in common, and the page that tells of a problem.

use askama::Template;
use axum::{
    http::{HeaderMap, header},
    response::Html,
};

use super::{
    banner::Banner,
    branded::Brand,
    notice::Notice,
    problem::{FieldError, Problem},
    site::{Mailbox, Site},
    threat::Threat,
};
use crate::mail::{
    plain_text,
    wording::{self, sentence},
};

/// What every page has above.
#[derive(Debug, Clone)]
pub struct Head {
    /// What this installation calls itself.
    pub service: String,
    /// Who looks at it.
    pub reader: Reader,
    /// The pages above this one, from the first page down: where the path of links begins.
    pub trail: Vec<Step>,
    /// What was just done.
    pub notice: Option<Notice>,
    /// The open cases that would take the reader's ownership.
    pub threats: Vec<Threat>,
    /// What stops the use of the account that the page is about.
    pub banner: Option<Banner>,
    /// Which of the pages in the navigation this is.
    pub place: Place,
    /// Whether the built-in mailbox is open.
    pub mailbox: Mailbox,
    /// How the account looks that the page is about, where its owners have said so.
    pub brand: Option<Brand>,
}

/// Who looks at a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// It does not matter, as for a link from a mail.
    Anybody,
    /// Somebody who has not signed in.
    Nobody,
    /// A person who has.
    Person {
        /// Their name, safe to print.
        name: String,
        /// How they came.
        came: Came,
    },
}

/// How somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// By themselves.
    ByThemselves,
    /// Through their organization, which is not enough for everything.
    ThroughOrganization,
}

/// A page above another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is called, safe to print.
    pub label: String,
    /// Its address.
    pub address: String,
}

/// The pages that the navigation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Some other page.
    Elsewhere,
    /// The list of accounts.
    Accounts,
    /// The person's own affairs.
    Me,
    /// The built-in mailbox.
    Mailbox,
}

impl Head {
    /// The head of a site's pages, whoever looks at them.
    #[must_use]
    pub fn of(site: &Site) -> Self {
        Self { mailbox: site.mailbox, ..Self::plain(&site.post.letterhead.service) }
    }

    /// A head with the name of the service alone.
    #[must_use]
    pub fn plain(service: &str) -> Self {
        Self {
            service: plain_text::name(service),
            reader: Reader::Anybody,
            trail: Vec::new(),
            notice: None,
            threats: Vec::new(),
            banner: None,
            place: Place::Elsewhere,
            mailbox: Mailbox::Closed,
            brand: None,
        }
    }

    /// The same, one page further down.
    #[must_use]
    pub fn below(mut self, label: impl Into<String>, address: impl Into<String>) -> Self {
        self.trail.push(Step { label: label.into(), address: address.into() });
        self
    }

    /// The same, for a page in the navigation.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// Whether the page is to say that more takes signing in otherwise.
    #[must_use]
    pub fn is_through_organization(&self) -> bool {
        matches!(self.reader, Reader::Person { came: Came::ThroughOrganization, .. })
    }

    /// The name of the person who has signed in.
    #[must_use]
    pub fn person(&self) -> Option<&str> {
        match &self.reader {
            Reader::Person { name, .. } => Some(name),
            Reader::Anybody | Reader::Nobody => None,
        }
    }
}

/// Writes a page.
///
/// # Errors
/// When a template fails, which none is known to do.
pub fn page(template: &impl Template) -> Result<Html<String>, Problem> {
    template.render().map(Html).map_err(Problem::internal)
}

/// `1 case`, `3 cases`.
#[must_use]
pub fn amount(number: usize, thing: &str) -> String {
    wording::count(i64::try_from(number).unwrap_or(i64::MAX), thing)
}

/// The sentence of a refusal, as it stands on a page: what it quotes stands between quotation marks.
#[must_use]
pub fn for_people(refused: &str) -> String {
    let mut pieces = sentence(refused).split('`').map(str::to_owned).collect::<Vec<_>>().into_iter();
    let mut whole = pieces.next().unwrap_or_default();
    for (place, piece) in pieces.enumerate() {
        whole.push(if place % 2 == 0 { '\u{201c}' } else { '\u{201d}' });
        whole.push_str(&piece);
    }
    whole
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
pub fn of_problem(head: Head, problem: &Problem, request_id: &str) -> Option<String> {
    let page = ProblemPage {
        head,
        title: sentence(title(problem)),
        detail: for_people(&problem.detail),
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
        "signed_on" => {
            Some("Go to /sign-in and sign in with a code, a password or a passkey, then come back to this page.")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_refusal_quotes_stands_in_quotation_marks() {
        assert_eq!(for_people("take `a` or `b` back"), "Take \u{201c}a\u{201d} or \u{201c}b\u{201d} back");
        assert_eq!(for_people("no quotes"), "No quotes");
    }
}
