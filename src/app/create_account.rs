//! Creating an account: by an operator or the vendor's product anywhere, and below an account by those of its members
//! whose role lets them.

use std::collections::BTreeSet;

use super::{
    app::App,
    error::{Access, Error, Invalid},
    found::{FirstOwner, Founding, found},
    here::Here,
    invite::{NewPerson, name},
    principal::{Principal, Scope},
    reference::reference_rule,
    rights,
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, UserId},
    ownership::{
        account::Use,
        permission::Permission,
        preset::{self, Children, FirstChild, Preset, Reference},
        refusal::Refusal,
        settings::check_reference,
    },
    recovery::policy::{OutOfBounds, Policy},
    store::{accounts::Account, db::Unit, tx::Tx},
};

/// Creating an account.
pub struct CreateAccount {
    /// The service.
    pub app: App,
    /// Its name.
    pub name: String,
    /// The preset; if none is named, the one that the parent has for its children, or else the recommended one.
    pub preset: Option<String>,
    /// The account that it stands below.
    pub parent: Option<AccountId>,
    /// What others file it under.
    pub reference: Option<String>,
    /// Who owns it first.
    pub first_user: NewPerson,
    /// Who administers it, besides the first user.
    pub administrators: Vec<NewPerson>,
    /// Fields of the policy that differ from the preset's, by name.
    pub policy: serde_json::Map<String, serde_json::Value>,
    /// Who creates it.
    pub principal: Principal,
}

/// A new account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The account.
    pub account: Account,
    /// The account that its preset has created together with it, below it.
    pub first_child: Option<AccountId>,
}

impl Unit for CreateAccount {
    type Out = Created;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Created, Error> {
        create(tx, self).await
    }
}

/// Creates an account.
///
/// # Errors
/// Why it is refused.
pub async fn create(tx: &mut Tx, asked: &CreateAccount) -> Result<Created, Error> {
    let creator = creator(asked)?;
    check_people(asked)?;
    match asked.parent {
        None => on_top(tx, asked).await,
        Some(parent) => below(tx, asked, parent, creator).await,
    }
}

/// Whose permission in the parent account it takes. Operators need none, and neither do tokens that create accounts, when
/// they act for nobody.
fn creator(asked: &CreateAccount) -> Result<Option<UserId>, Error> {
    match (&asked.principal, asked.parent) {
        (Principal::Operator { .. }, _) => Ok(None),
        (Principal::Platform { scopes, .. }, _) if !scopes.contains(&Scope::AccountsCreate) => {
            Err(Access::NeedsScope { scope: Scope::AccountsCreate.name() }.into())
        }
        (Principal::Platform { on_behalf_of: None, .. }, _) => Ok(None),
        // What is created is another account.
        (Principal::Person { .. }, Some(_)) => asked.principal.person_everywhere().map(Some),
        (Principal::Platform { on_behalf_of: Some(user), .. }, Some(_)) => Ok(Some(*user)),
        (Principal::Platform { on_behalf_of: Some(_), .. } | Principal::Person { .. }, None) => {
            Err(Access::OperatorsOnly.into())
        }
    }
}

async fn on_top(tx: &mut Tx, asked: &CreateAccount) -> Result<Created, Error> {
    let app = &asked.app;
    let preset = app.presets.get(asked.preset.as_deref().unwrap_or(preset::DEFAULT))?;
    let first = preset.children_at(0).filter(|children| children.first == FirstChild::WithAccount);
    let rule = first.map_or(Reference::Optional, |children| children.reference);
    let reference = check_reference(rule, asked.reference.as_deref())?;
    let founding = Founding { reference, ..founding(asked, preset)? };
    let account = found(tx, app, founding).await?;
    let first_child = match first {
        Some(children) => Some(first_child(tx, asked, &account, children).await?),
        None => None,
    };
    Ok(Created { account, first_child })
}

/// The account that the preset creates together with another: of the same name, filed under the same reference, and owned
/// by the same person. It begins with its preset's policy, and its owner is asked once, for both.
async fn first_child(
    tx: &mut Tx,
    asked: &CreateAccount,
    account: &Account,
    children: &Children,
) -> Result<AccountId, Error> {
    let preset = asked.app.presets.get(&children.preset)?;
    let founding = Founding {
        policy: preset.policy.clone(),
        parent: Some(account),
        reference: account.reference.clone(),
        administrators: &[],
        first_owner: FirstOwner::AcceptsAbove,
        ..founding(asked, preset)?
    };
    let child = found(tx, &asked.app, founding).await?;
    let mut above = Here::enter(tx, &asked.app, account.id).await?;
    record_child(&mut above, asked, &child).await?;
    Ok(child.id)
}

async fn below(
    tx: &mut Tx,
    asked: &CreateAccount,
    parent: AccountId,
    creator: Option<UserId>,
) -> Result<Created, Error> {
    let app = &asked.app;
    let mut above = Here::enter(tx, app, parent).await?;
    let children = above.preset()?.children_at(above.account.depth);
    if let Some(creator) = creator {
        match rights::require(&mut above, creator, Permission::ChildrenCreate).await {
            // Where nothing can stand below, nobody could have the permission, and asking an owner for it is no way out.
            Err(Error::Ownership(Refusal::LacksPermission { .. })) if children.is_none() => {}
            outcome => outcome?,
        }
        begins_as_every(asked)?;
    }
    let children = children.ok_or(Refusal::NoChildren)?;
    above.account.status.allows(Use::Arrange)?;
    let preset = app.presets.get(&children.preset)?;
    if asked.preset.as_ref().is_some_and(|named| *named != preset.name) {
        let detail = format!("accounts below this one are made from `{}`; leave the preset out", preset.name);
        return Err(Error::invalid("/preset", detail));
    }
    let rule = reference_rule(above.tx, parent, children).await?;
    let reference = check_reference(rule, asked.reference.as_deref())?;
    let parent = above.account.clone();
    let founding = Founding { parent: Some(&parent), reference, ..founding(asked, preset)? };
    let account = found(above.tx, app, founding).await?;
    record_child(&mut above, asked, &account).await?;
    Ok(Created { account, first_child: None })
}

/// Checks that a child begins as its preset has it, but for its first owner. Whoever creates it by a permission in the
/// parent account chooses neither who would vote on its owner nor by which rules.
fn begins_as_every(asked: &CreateAccount) -> Result<(), Error> {
    if !asked.administrators.is_empty() {
        return Err(Refusal::OnboardsPlainRoles.into());
    }
    if !asked.policy.is_empty() {
        let detail = "an account below another begins with its preset's policy; leave this out, its owners change it";
        return Err(Error::invalid("/policy", detail));
    }
    Ok(())
}

fn founding<'a>(asked: &'a CreateAccount, preset: &'a Preset) -> Result<Founding<'a>, Error> {
    Ok(Founding {
        name: name("/name", &asked.name)?,
        preset,
        policy: policy(preset, &asked.policy)?,
        parent: None,
        reference: None,
        first_user: &asked.first_user,
        administrators: &asked.administrators,
        first_owner: FirstOwner::Invited,
        principal: &asked.principal,
    })
}

/// The parent's log tells of its children too.
async fn record_child(above: &mut Here<'_>, asked: &CreateAccount, child: &Account) -> Result<(), Error> {
    let draft = Draft::new("child.created", asked.principal.actor())
        .with("child", child.id.to_string())
        .personal("child_name", child.name.clone());
    above.record(draft).await
}

/// The preset's policy with some fields replaced, all within their bounds.
fn policy(preset: &Preset, changes: &serde_json::Map<String, serde_json::Value>) -> Result<Policy, Error> {
    let mut fields = serde_json::to_value(&preset.policy).unwrap_or_default();
    if let Some(fields) = fields.as_object_mut() {
        fields.extend(changes.clone());
    }
    let policy: Policy = serde_json::from_value(fields).map_err(|error| {
        Error::invalid("/policy", format!("not a policy: {error}; lengths of time are written like `72h`"))
    })?;
    let problem =
        |wrong: OutOfBounds| Invalid { pointer: format!("/policy/{}", wrong.field), detail: wrong.to_string() };
    policy.check().map_err(|problems| Error::Invalid(problems.into_iter().map(problem).collect()))?;
    Ok(policy)
}

fn check_people(asked: &CreateAccount) -> Result<(), Error> {
    let mut seen = BTreeSet::from([&asked.first_user.email]);
    for (place, person) in asked.administrators.iter().enumerate() {
        if !seen.insert(&person.email) {
            let pointer = format!("/administrators/{place}/email");
            return Err(Error::invalid(pointer, "this address is named twice; name each person once"));
        }
    }
    Ok(())
}
