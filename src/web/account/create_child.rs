//! The page with which a member creates an account below theirs. Its button carries an idempotency key, so pressing it
//! twice creates one.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{
        answer::{Answering, key_for},
        app::App,
        create_account::CreateAccount,
        error::{Error, Invalid},
        idempotent::once,
        invite::NewPerson,
        principal::Principal,
        view::{account::account, preset::ChildrenView},
    },
    id::AccountId,
    mail::plain_text,
    ownership::{account::Status, preset::Reference},
    web::{
        extract::Path,
        fields::Fields,
        notice::Notice,
        page::{Head, page},
        problem::Problem,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

/// What the page sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Draft {
    #[serde(default)]
    name: String,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    owner_name: String,
    #[serde(default)]
    owner_email: String,
    /// Names this attempt.
    #[serde(default, skip_serializing)]
    key: String,
}

#[derive(Template)]
#[template(path = "child_new.html", config = "src/web/templates/askama.toml")]
struct FormPage {
    head: Head,
    id: AccountId,
    /// What one of them is called.
    called: String,
    children: ChildrenView,
    draft: Draft,
    wrong: Wrong,
}

/// The form, with the reader as the first owner.
///
/// # Errors
/// 404 where nothing can stand below the account, and for whoever may not know of it.
pub async fn form(State(app): State<App>, who: SignedIn, Path(id): Path<AccountId>) -> Result<Response, Problem> {
    let draft = Draft {
        owner_name: who.head.person().unwrap_or_default().to_owned(),
        owner_email: who.email.clone(),
        key: app.id::<FormPage>().uuid().to_string(),
        ..Draft::default()
    };
    ask(&app, who, id, draft, Wrong::default()).await
}

/// Creates it.
///
/// # Errors
/// As [`form`].
pub async fn send(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<AccountId>,
    Fields(draft): Fields<Draft>,
) -> Result<Response, Problem> {
    match create(&app, &who.principal, id, &draft).await {
        Ok(notice) => Ok(Redirect::to(&notice.on(&format!("/accounts/{id}"))).into_response()),
        Err(refused) => {
            let places = [("reference_missing", "reference"), ("reference_length", "reference")];
            let mut wrong = Wrong::of(refused, &places)?;
            for item in &mut wrong.items {
                let named = item.field.as_deref();
                if let Some((_, control)) = CONTROLS.iter().find(|(place, _)| named == Some(place)) {
                    item.field = Some((*control).to_owned());
                }
            }
            ask(&app, who, id, draft, wrong).await
        }
    }
}

/// Places in the call's body, and the controls that stand for them.
const CONTROLS: [(&str, &str); 2] = [("first_user/name", "owner_name"), ("first_user/email", "owner_email")];

async fn create(app: &App, principal: &Principal, parent: AccountId, draft: &Draft) -> Result<Notice, Error> {
    let email = draft.owner_email.trim().parse().map_err(|_| {
        let detail = "write an address like `alex@example.org`".to_owned();
        Error::Invalid(vec![Invalid { pointer: "/owner_email".to_owned(), detail }])
    })?;
    let unit = CreateAccount {
        app: app.clone(),
        name: draft.name.clone(),
        preset: None,
        parent: Some(parent),
        reference: Some(draft.reference.clone()),
        first_user: NewPerson { name: draft.owner_name.clone(), email },
        administrators: Vec::new(),
        policy: serde_json::Map::new(),
        principal: principal.clone(),
    };
    let key = Some(draft.key.as_str()).filter(|key| !key.is_empty());
    let key = key_for(principal, key, &format!("create_child {parent}"), draft)?;
    let created = once(app, key, Answering(unit)).await?;
    // Whoever names themselves owns it at once; everybody else is asked first.
    let owned = created.get("status").is_some_and(|status| status == Status::Active.word());
    Ok(if owned { Notice::ChildOwned } else { Notice::ChildCreated })
}

async fn ask(app: &App, who: SignedIn, id: AccountId, draft: Draft, wrong: Wrong) -> Result<Response, Problem> {
    let detail = account(app, &who.principal, id).await?;
    let Some(children) = detail.children else { return Err(Problem::not_found()) };
    let name = plain_text::name(&detail.account.name);
    let shown = FormPage {
        head: who.head.below("Accounts", "/").below(name, format!("/accounts/{id}")),
        id,
        called: plain_text::name(&children.called),
        children,
        draft,
        wrong: wrong.clone(),
    };
    let page = page(&shown)?.into_response();
    Ok(if wrong.items.is_empty() { page } else { wrong.marked(page) })
}
