//! The pages on which you set and remove your password.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::{
        app::App, my_passwords::my_passwords, remove_password::RemovePassword, set_password::set_password,
        view::me::PasswordView,
    },
    ownership::credential::{CLAIMED_FOR, ProvenBy},
    password::{
        judge::{LONGEST, SHORTEST},
        typed::Password,
    },
    recovery::proof::Shown,
    web::{
        confirmation::{Question, Ways, confirmation},
        extract::Filters,
        fields::Fields,
        next::Next,
        notice::Notice,
        page::{Head, page},
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// Where it is set.
const SET_PAGE: &str = "/me/password";
/// Where it is removed.
const REMOVE_PAGE: &str = "/me/password/remove";

/// What the page sends.
#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    password: Password,
    #[serde(default)]
    next: Next,
}

/// Where to go once it is set.
#[derive(Deserialize)]
pub struct Onward {
    #[serde(default)]
    next: Next,
}

#[derive(Template)]
#[template(path = "me_password.html", config = "src/web/templates/askama.toml")]
struct PasswordPage {
    head: Head,
    /// Their address, for the browser's list of passwords.
    email: String,
    earlier: Vec<PasswordView>,
    /// Whether they have just shown a code and nothing else.
    by_code: bool,
    next: Next,
    wrong: Wrong,
}

impl PasswordPage {
    /// Where one goes from here without having set it.
    fn back(&self) -> &str {
        if self.next == Next::first() { "/me" } else { self.next.as_str() }
    }
}

/// The page that asks for a new password, once it is shown who is there.
///
/// # Errors
/// When the database or the template fails.
pub async fn form(
    State(app): State<App>,
    person: SignedIn,
    Filters(onward): Filters<Onward>,
) -> Result<Response, Problem> {
    match Shown::of(person.principal.proof(), app.now()) {
        Ok(proof) => show(&app, person, proof, onward.next, Wrong::default()).await,
        Err(_) => Ok(prove::first_by_any(&onward.next.after(SET_PAGE))),
    }
}

/// Sets it.
///
/// # Errors
/// As [`form`].
pub async fn send(
    State(app): State<App>,
    person: SignedIn,
    Fields(sent): Fields<PasswordForm>,
) -> Result<Response, Problem> {
    let PasswordForm { password, next } = sent;
    let here = next.after(SET_PAGE);
    let Ok(proof) = Shown::of(person.principal.proof(), app.now()) else { return Ok(prove::first_by_any(&here)) };
    match set_password(&app, person.principal.clone(), password).await.map_err(Problem::from) {
        Ok(_) if next == Next::first() => Ok(Redirect::to(&Notice::PasswordSet.on("/me")).into_response()),
        Ok(_) => Ok(Redirect::to(&Notice::PasswordSet.on(next.as_str())).into_response()),
        Err(problem) if problem.code == "needs_fresh_proof" => Ok(prove::first_by_any(&here)),
        Err(problem) => show(&app, person, proof, next, Wrong::of(problem, &[])?).await,
    }
}

async fn show(app: &App, person: SignedIn, proof: Shown, next: Next, wrong: Wrong) -> Result<Response, Problem> {
    let SignedIn { principal, head, email, .. } = person;
    let earlier = my_passwords(app, &principal).await?;
    let by_code = proof.proof().by == ProvenBy::Code;
    let answer = PasswordPage { head: head.below("You", "/me"), email, earlier, by_code, next, wrong: wrong.clone() };
    Ok(wrong.marked(page(&answer)?.into_response()))
}

/// The page that asks whether to remove it, once it is shown who is there.
///
/// # Errors
/// When the template fails.
pub async fn ask(State(app): State<App>, person: SignedIn) -> Result<Response, Problem> {
    if Shown::of(person.principal.proof(), app.now()).is_err() {
        return Ok(prove::first(REMOVE_PAGE));
    }
    let told = "Afterwards you sign in with a code by mail, which is not enough to vote, or for what only owners do. Your \
                other sessions end. You are told by mail, and so are the others who watch over your accounts.";
    let question = Question {
        title: "Remove your password?".to_owned(),
        here: "Remove the password",
        told: vec![told.to_owned()],
        facts: Vec::new(),
        button: "Remove the password",
        look: "danger",
    };
    let ways = Ways { action: REMOVE_PAGE.to_owned(), carried: Vec::new(), back: "/me".to_owned() };
    confirmation(person.head.below("You", "/me"), question, ways)
}

/// Removes it.
///
/// # Errors
/// The refusal, told on a page of its own; when the database fails.
pub async fn remove(State(app): State<App>, person: SignedIn) -> Result<Response, Problem> {
    let principal = person.principal;
    let by_code = principal.proof().is_some_and(|proof| proof.by == ProvenBy::Code);
    match app.db.run(RemovePassword { app: app.clone(), principal }).await.map_err(Problem::from) {
        Ok(()) => Ok(Redirect::to(&Notice::PasswordRemoved.on("/me")).into_response()),
        Err(problem) if problem.code == "needs_fresh_proof" => Ok(prove::first(REMOVE_PAGE)),
        Err(problem) if problem.code == "needs_credential" && by_code => {
            let prove = REMOVE_PAGE.parse::<Next>().unwrap_or_default().after("/prove");
            Ok(Redirect::to(&Notice::CredentialNeeded.on(&prove)).into_response())
        }
        Err(problem) => Err(problem),
    }
}
