//! One mail of the mailbox: as text, and as a page in a frame that can do nothing but follow links.

use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{Html, IntoResponse, Response},
};

use super::door::Visitor;
use crate::{
    id::MailId,
    mail::{
        mailbox::{Opened, letter},
        wording::when,
    },
    web::{
        extract::Path,
        page::{Head, page},
        problem::Problem,
        site::Site,
    },
};

/// What the page around a mail may load: what every page may, and the mail in its frame.
const AROUND: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'none'; \
                      base-uri 'none'; frame-ancestors 'none'";
/// What a mail may do in its frame: show its own styles, and have the window follow a link that somebody clicks.
const INSIDE: &str = "sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; \
                      form-action 'none'; frame-ancestors 'self'";

#[derive(Template)]
#[template(path = "letter.html", config = "src/web/templates/askama.toml")]
struct LetterPage {
    head: Head,
    id: MailId,
    to: String,
    subject: String,
    when: String,
    status: &'static str,
    answer: Option<String>,
    lines: Vec<Vec<Piece>>,
}

/// A piece of a line of text.
enum Piece {
    Words(String),
    Link(String),
}

/// The page with one mail.
///
/// # Errors
/// 404 for whoever may not look, and for mails that do not exist; when the database fails.
pub async fn show(State(site): State<Site>, _: Visitor, Path(id): Path<MailId>) -> Result<Response, Problem> {
    let Opened { entry, letter } = opened(&site, id).await?;
    let (subject, text) = match letter {
        Ok(letter) => (letter.rendered.subject, letter.rendered.text),
        Err(why) => ("(cannot be written)".to_owned(), why),
    };
    let page = page(&LetterPage {
        head: Head::of(&site).below("Mailbox", "/mailbox"),
        id,
        to: format!("{} <{}>", entry.to.name, entry.to.email),
        subject,
        when: when(entry.created_at),
        status: entry.status.name(),
        answer: entry.last_answer,
        lines: text.lines().map(|line| pieces(line, &site.app.public_url)).collect(),
    })?;
    Ok(([(header::CONTENT_SECURITY_POLICY, AROUND)], page).into_response())
}

/// The mail itself, for the frame.
///
/// # Errors
/// As [`show`].
pub async fn html(State(site): State<Site>, _: Visitor, Path(id): Path<MailId>) -> Result<Response, Problem> {
    let letter = opened(&site, id).await?.letter.map_err(Problem::internal)?;
    // Links would open inside the frame, where no page of ours lets itself be shown.
    let html = letter.rendered.html.replacen("<head>", "<head>\n<base target=\"_top\">", 1);
    Ok(([(header::CONTENT_SECURITY_POLICY, INSIDE)], Html(html)).into_response())
}

async fn opened(site: &Site, id: MailId) -> Result<Opened, Problem> {
    letter(&site.app, &site.post, id).await.map_err(Problem::internal)?.ok_or_else(Problem::not_found)
}

/// Our own links in a line of text. Other addresses, which somebody may have typed, stay words.
fn pieces(line: &str, public_url: &str) -> Vec<Piece> {
    let ours = format!("{public_url}/");
    let mut pieces = Vec::new();
    for word in line.split_inclusive(char::is_whitespace) {
        if word.starts_with(&ours) {
            let link = word.trim_end_matches(|last: char| last.is_whitespace() || last == '.' || last == ',');
            pieces.push(Piece::Link(link.to_owned()));
            pieces.extend(word.strip_prefix(link).map(|rest| Piece::Words(rest.to_owned())));
        } else {
            pieces.push(Piece::Words(word.to_owned()));
        }
    }
    pieces
}
