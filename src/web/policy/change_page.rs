//! The pages with which an owner edits the policy: a form, what would come of it, and then one button.
//!
//! The first two change nothing, so they are asked for, not sent: what was typed travels in the address, and only as far as
//! it differs from the policy in force. So it is still there after somebody has proven who they are.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    controls::{Control, Typed, controls, differing, read},
    show::below,
};
use crate::{
    app::{
        app::App,
        propose_policy::{ProposePolicy, preview},
        view::policy::{PolicyHome, Reader, policy_home},
    },
    id::AccountId,
    mail::{
        facts::PolicyWait,
        policy_news::waits,
        policy_wording::{self, Change},
    },
    moment::Moment,
    ownership::policy_change::Proposed,
    web::{
        extract::{Filters, Path},
        fields::Fields,
        next::encoded,
        notice::Notice,
        page::{Head, page},
        problem::Problem,
        session::prove,
        signed_in::SignedIn,
        wrong::Wrong,
    },
};

#[derive(Template)]
#[template(path = "policy_change.html", config = "src/web/templates/askama.toml")]
struct FormPage {
    head: Head,
    account: AccountId,
    reader: Reader,
    pending: Option<Moment>,
    controls: Vec<Control>,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "policy_review.html", config = "src/web/templates/askama.toml")]
struct ReviewPage {
    head: Head,
    account: AccountId,
    typed: Vec<(&'static str, String)>,
    version: i64,
    edit: String,
    changes: Vec<Change>,
    becomes: Becomes,
    pending: Option<Moment>,
    wrong: Wrong,
}

/// What would come of it.
enum Becomes {
    /// Nothing.
    Unchanged,
    /// It would be in force at once.
    AtOnce,
    /// It would wait.
    Later { effective_at: Moment, reasons: Vec<&'static str> },
}

impl ReviewPage {
    const fn nothing(&self) -> bool {
        matches!(self.becomes, Becomes::Unchanged)
    }

    const fn at_once(&self) -> bool {
        matches!(self.becomes, Becomes::AtOnce)
    }
}

/// The form, or what would come of it.
///
/// # Errors
/// 404 for whoever may not know of the account; when the database or the template fails.
pub async fn form(
    State(app): State<App>,
    who: SignedIn,
    Path(account): Path<AccountId>,
    Filters(typed): Filters<Typed>,
) -> Result<Response, Problem> {
    if typed.get("step").is_some_and(|step| step == "review") {
        review(&app, who, account, typed, Wrong::default()).await
    } else {
        ask(&app, who, account, typed, Wrong::default()).await
    }
}

/// Edits the policy.
///
/// # Errors
/// As [`form`].
pub async fn send(
    State(app): State<App>,
    who: SignedIn,
    Path(account): Path<AccountId>,
    Fields(typed): Fields<Typed>,
) -> Result<Response, Problem> {
    let home = policy_home(&app, &who.principal, account).await?;
    let version = typed.get("version").and_then(|version| version.parse().ok());
    let policy = match read(&home.view.effective, &typed) {
        Ok(policy) => policy,
        Err(refused) => return ask(&app, who, account, typed, Wrong::of(refused, &[])?).await,
    };
    let unit = ProposePolicy { app: app.clone(), account, policy, version, principal: who.principal.clone() };
    let done = |notice: Notice| Ok(Redirect::to(&notice.on(&format!("/accounts/{account}/policy"))).into_response());
    match app.db.run(unit).await.map_err(Problem::from) {
        Ok(Proposed::Unchanged) => done(Notice::PolicyUnchanged),
        Ok(Proposed::AtOnce) => done(Notice::PolicyChanged),
        Ok(Proposed::Later { .. }) => done(Notice::PolicyProposed),
        Err(problem) if prove::helps(problem.code) => {
            Ok(prove::first(&address(account, Some("review"), &differing(&home.view.effective, &typed))))
        }
        // Somebody else has edited something meanwhile: show what would come of it now.
        Err(problem) if problem.code == "changed" => review(&app, who, account, typed, Wrong::of(problem, &[])?).await,
        Err(problem) => ask(&app, who, account, typed, Wrong::of(problem, PLACES)?).await,
    }
}

/// Which control a refusal is about.
const PLACES: &[(&str, &str)] = &[("too_many_owners", "owners"), ("too_few_recovery_users", "keys_required")];

async fn ask(app: &App, who: SignedIn, account: AccountId, typed: Typed, wrong: Wrong) -> Result<Response, Problem> {
    let PolicyHome { view, account_name, reader, .. } = policy_home(app, &who.principal, account).await?;
    let form = FormPage {
        head: head(who.head, account, &account_name),
        account,
        reader,
        pending: view.pending.map(|pending| pending.effective_at),
        controls: controls(&view.effective, &typed),
        wrong: wrong.clone(),
    };
    Ok(wrong.marked(page(&form)?.into_response()))
}

async fn review(app: &App, who: SignedIn, account: AccountId, typed: Typed, wrong: Wrong) -> Result<Response, Problem> {
    let home = policy_home(app, &who.principal, account).await?;
    let policy = match read(&home.view.effective, &typed) {
        Ok(policy) => policy,
        Err(refused) => return ask(app, who, account, typed, Wrong::of(refused, &[])?).await,
    };
    let (app, principal) = (app.clone(), who.principal.clone());
    let asked = ProposePolicy { app: app.clone(), account, policy, version: None, principal };
    let (now, proposed) = match preview(&asked).await {
        Ok(seen) => seen,
        Err(refused) => return ask(&app, who, account, typed, Wrong::of(refused, PLACES)?).await,
    };
    let differing = differing(&home.view.effective, &typed);
    let review = ReviewPage {
        head: head(who.head, account, &home.account_name),
        account,
        version: now.version,
        edit: address(account, None, &differing),
        typed: differing,
        changes: policy_wording::changes(&now.policy, &asked.policy),
        becomes: becomes(proposed),
        pending: home.view.pending.map(|pending| pending.effective_at),
        wrong: wrong.clone(),
    };
    Ok(wrong.marked(page(&review)?.into_response()))
}

fn becomes(proposed: Proposed) -> Becomes {
    match proposed {
        Proposed::Unchanged => Becomes::Unchanged,
        Proposed::AtOnce => Becomes::AtOnce,
        Proposed::Later { pending, because } => {
            let reasons = because.into_iter().map(|reason| waits(PolicyWait::from(reason))).collect();
            Becomes::Later { effective_at: pending.effective_at, reasons }
        }
    }
}

fn head(head: Head, account: AccountId, name: &str) -> Head {
    below(head, account, name).below("Recovery policy", format!("/accounts/{account}/policy"))
}

/// The address of the form with that in it.
fn address(account: AccountId, step: Option<&str>, typed: &[(&str, String)]) -> String {
    let step = step.map(|step| ("step", step.to_owned()));
    let pairs = typed.iter().cloned().chain(step).map(|(name, text)| format!("{name}={}", encoded(&text)));
    format!("/accounts/{account}/policy/change?{}", pairs.collect::<Vec<_>>().join("&"))
}
