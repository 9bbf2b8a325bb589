//! Permission decisions, for the vendor's product and for people about themselves: one read, and the pure core for each.

use super::{
    app::App,
    authenticate::Credential,
    error::{Access, Error},
    principal::Scope,
};
use crate::{
    id::UserId,
    ownership::{
        access::{self, Decision},
        inquiry::{self, Asker},
    },
    store::{
        access::{Caller, Found, look},
        error::DbError,
        tokens::Power,
    },
};

pub use crate::store::access::{About, Subject};

/// Whether somebody has a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Who, and where.
    pub about: About,
    /// The permission's name.
    pub permission: String,
}

/// Answers each question, in the order of the questions.
///
/// # Errors
/// [`Access::Unauthenticated`] without a valid token; [`Access::NeedsScope`] for tokens that may not ask; for people who
/// ask about others a refusal of all of it.
pub async fn evaluate(app: &App, credential: &Credential, asked: &[Question]) -> Result<Vec<Decision>, Error> {
    let (shown, on_behalf_of) = credential.shown().ok_or(Access::Unauthenticated)?;
    // What is asked about the same person in the same account is read once.
    let mut about: Vec<About> = Vec::new();
    let mut place_of = |question: &Question| {
        about.iter().position(|known| *known == question.about).unwrap_or_else(|| {
            about.push(question.about.clone());
            about.len() - 1
        })
    };
    let places: Vec<usize> = asked.iter().map(&mut place_of).collect();
    let looked = look(&mut app.db.read().await?, shown, &about, app.now()).await?;
    let (caller, found) = looked.ok_or(Access::Unauthenticated)?;
    let asker = asker(&caller, on_behalf_of)?;
    let within = match caller {
        Caller::Person { within, .. } => within,
        Caller::Token(_) => None,
    };
    let answers = asked.iter().zip(places).map(|(question, place)| {
        let found = found.get(place).ok_or_else(|| DbError::corrupt("accounts", place))?;
        // For a session that is for one account, there is no other.
        let there = within.is_none() || within == question.about.account;
        let elsewhere = Found { account: None, member: None, ..found.clone() };
        answer(app, asker, &question.permission, if there { found } else { &elsewhere })
    });
    answers.collect()
}

fn asker(caller: &Caller, on_behalf_of: Option<UserId>) -> Result<Asker, Error> {
    let needs = |scope: Scope| Err(Access::NeedsScope { scope: scope.name() }.into());
    match (caller, on_behalf_of) {
        (Caller::Person { user, .. }, None) => Ok(Asker::AboutThemselves(*user)),
        (Caller::Token(Power::Operator), None) => Ok(Asker::AboutEverybody),
        (Caller::Person { .. } | Caller::Token(Power::Operator), Some(_)) => needs(Scope::ActFor),
        (Caller::Token(Power::Platform(scopes)), _) if !scopes.contains(&Scope::AccessEvaluate) => {
            needs(Scope::AccessEvaluate)
        }
        (Caller::Token(Power::Platform(_)), None) => Ok(Asker::AboutEverybody),
        (Caller::Token(Power::Platform(scopes)), Some(user)) if scopes.contains(&Scope::ActFor) => {
            Ok(Asker::AboutThemselves(user))
        }
        (Caller::Token(Power::Platform(_)), Some(_)) => needs(Scope::ActFor),
    }
}

fn answer(app: &App, asker: Asker, permission: &str, found: &Found) -> Result<Decision, Error> {
    let place = match &found.account {
        None => None,
        Some(account) => {
            let preset = app.presets.get(&account.preset).map_err(|_| DbError::corrupt("accounts", &account.preset))?;
            Some(access::Place { preset, status: account.status, depth: account.depth })
        }
    };
    let found = inquiry::Found { subject: found.subject, member: found.member.as_ref(), place };
    Ok(inquiry::answer(asker, permission, found)?)
}
