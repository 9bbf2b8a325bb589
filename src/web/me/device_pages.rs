//! The pages on which you add, rename and remove a passkey.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::{
        add_passkey::{AddPasskey, claimed_until},
        app::App,
        error::Error,
        my_passkeys::my_passkeys,
        remove_passkey::RemovePasskey,
        rename_passkey::RenamePasskey,
        use_passkey::Answer,
        view::me::PasskeyView,
    },
    id::CredentialId,
    mail::plain_text,
    moment::Moment,
    ownership::credential::ProvenBy,
    recovery::proof::Shown,
    web::{
        confirmation::{Question, Ways, confirmation},
        extract::{Filters, Path},
        fields::Fields,
        next::Next,
        notice::Notice,
        page::{Head, page},
        passkey_form::answered,
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// Where a passkey is added.
const ADD_PAGE: &str = "/me/devices/add";

/// What the page sends, beside what the passkey answered.
#[derive(Deserialize)]
pub struct AddForm {
    #[serde(default)]
    next: Next,
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    name: String,
}

/// Where to go once it is added.
#[derive(Deserialize)]
pub struct Onward {
    #[serde(default)]
    next: Next,
}

#[derive(Template)]
#[template(path = "me_device_add.html", config = "src/web/templates/askama.toml")]
struct AddPage {
    head: Head,
    name: String,
    /// Until when nothing but mail would stand behind it.
    claimed_until: Option<Moment>,
    next: Next,
    wrong: Wrong,
}

impl AddPage {
    /// Where one goes from here without having added one.
    fn back(&self) -> &str {
        if self.next == Next::first() { "/me" } else { self.next.as_str() }
    }
}

/// The page that has a browser make a passkey, once it is shown who is there.
///
/// # Errors
/// When the template fails.
pub async fn form(
    State(app): State<App>,
    person: SignedIn,
    Filters(onward): Filters<Onward>,
) -> Result<Response, Problem> {
    match Shown::of(person.principal.proof(), app.now()) {
        Ok(_) => show(&app, person, String::new(), onward.next, Wrong::default()).await,
        Err(_) => Ok(prove::first_by_any(&onward.next.after(ADD_PAGE))),
    }
}

/// Adds it.
///
/// # Errors
/// As [`form`].
pub async fn send(
    State(app): State<App>,
    person: SignedIn,
    Fields(sent): Fields<AddForm>,
) -> Result<Response, Problem> {
    let AddForm { next, ceremony, answer, name } = sent;
    let here = next.after(ADD_PAGE);
    let added = match answered(&ceremony, &answer) {
        Ok(Answer { ceremony, answer }) => {
            let principal = person.principal.clone();
            app.db.run(AddPasskey { app: app.clone(), ceremony, answer, name: name.clone(), principal }).await
        }
        Err(refused) => Err(refused),
    };
    match added.map_err(Problem::from) {
        Ok(_) if next == Next::first() => Ok(Redirect::to(&Notice::PasskeyAdded.on("/me")).into_response()),
        Ok(_) => Ok(Redirect::to(&Notice::PasskeyAdded.on(next.as_str())).into_response()),
        Err(problem) if problem.code == "needs_fresh_proof" => Ok(prove::first_by_any(&here)),
        Err(problem) => show(&app, person, name, next, Wrong::of(problem, &[])?).await,
    }
}

async fn show(app: &App, person: SignedIn, name: String, next: Next, wrong: Wrong) -> Result<Response, Problem> {
    let claimed_until = claimed_until(app, &person.principal).await?;
    let answer = AddPage { head: person.head.below("You", "/me"), name, claimed_until, next, wrong: wrong.clone() };
    Ok(wrong.marked(page(&answer)?.into_response()))
}

/// What the page sends on which a passkey is renamed.
#[derive(Deserialize)]
pub struct NameForm {
    #[serde(default)]
    name: String,
}

#[derive(Template)]
#[template(path = "me_device_name.html", config = "src/web/templates/askama.toml")]
struct NamePage {
    head: Head,
    passkey: PasskeyView,
    name: String,
    wrong: Wrong,
}

/// The page on which a passkey is renamed.
///
/// # Errors
/// 404 where they have no such passkey; when the database or the template fails.
pub async fn name(
    State(app): State<App>,
    person: SignedIn,
    Path(passkey): Path<CredentialId>,
) -> Result<Response, Problem> {
    let passkey = mine(&app, &person, passkey).await?;
    naming(person.head, passkey.name.clone(), passkey, &Wrong::default())
}

/// Renames it.
///
/// # Errors
/// As [`name`].
pub async fn send_name(
    State(app): State<App>,
    person: SignedIn,
    Path(passkey): Path<CredentialId>,
    Fields(NameForm { name }): Fields<NameForm>,
) -> Result<Response, Problem> {
    let principal = person.principal.clone();
    match app.db.run(RenamePasskey { app: app.clone(), passkey, name: name.clone(), principal }).await {
        Ok(_) => Ok(Redirect::to(&Notice::PasskeyRenamed.on("/me")).into_response()),
        Err(refused) => {
            let wrong = Wrong::of(refused, &[])?;
            naming(person.head.clone(), name, mine(&app, &person, passkey).await?, &wrong)
        }
    }
}

fn naming(head: Head, name: String, passkey: PasskeyView, wrong: &Wrong) -> Result<Response, Problem> {
    let answer = NamePage { head: head.below("You", "/me"), passkey, name, wrong: wrong.clone() };
    Ok(wrong.marked(page(&answer)?.into_response()))
}

async fn mine(app: &App, person: &SignedIn, passkey: CredentialId) -> Result<PasskeyView, Problem> {
    let mine = my_passkeys(app, &person.principal).await?;
    Ok(mine.into_iter().find(|one| one.id == passkey).ok_or(Error::NotFound)?)
}

fn remove_page(passkey: CredentialId) -> String {
    format!("/me/devices/{passkey}/remove")
}

/// The page that asks whether to remove a passkey, once it is shown who is there.
///
/// # Errors
/// As [`name`].
pub async fn ask(
    State(app): State<App>,
    person: SignedIn,
    Path(passkey): Path<CredentialId>,
) -> Result<Response, Problem> {
    let found = mine(&app, &person, passkey).await?;
    if Shown::of(person.principal.proof(), app.now()).is_err() {
        return Ok(prove::first(&remove_page(passkey)));
    }
    let told = "It will not show any more that it is you. Your other sessions end. You are told by mail, and so are the others \
                who watch over your accounts. Remove it from the device as well.";
    let question = Question {
        title: format!("Remove the passkey “{}”?", plain_text::name(&found.name)),
        here: "Remove the passkey",
        told: vec![told.to_owned()],
        facts: Vec::new(),
        button: "Remove the passkey",
        look: "danger",
    };
    let ways = Ways { action: remove_page(passkey), carried: Vec::new(), back: "/me".to_owned() };
    confirmation(person.head.below("You", "/me"), question, ways)
}

/// Removes it.
///
/// # Errors
/// The refusal, told on a page of its own; when the database fails.
pub async fn remove(
    State(app): State<App>,
    person: SignedIn,
    Path(passkey): Path<CredentialId>,
) -> Result<Response, Problem> {
    let principal = person.principal;
    let by_code = principal.proof().is_some_and(|proof| proof.by == ProvenBy::Code);
    let here = remove_page(passkey);
    match app.db.run(RemovePasskey { app: app.clone(), passkey, principal }).await.map_err(Problem::from) {
        Ok(()) => Ok(Redirect::to(&Notice::PasskeyRemoved.on("/me")).into_response()),
        Err(problem) if problem.code == "needs_fresh_proof" => Ok(prove::first(&here)),
        Err(problem) if problem.code == "needs_credential" && by_code => {
            let prove = here.parse::<Next>().unwrap_or_default().after("/prove");
            Ok(Redirect::to(&Notice::CredentialNeeded.on(&prove)).into_response())
        }
        Err(problem) => Err(problem),
    }
}
