//! `quorate account create|list|show`: accounts, as an operator sees them.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use super::{
    args::{AccountCommand, AccountCreate, AccountList, AccountShow, Global},
    failure::Failure,
    operator::with_service,
    output::print_data,
};
use crate::{
    app::{
        app::App,
        create_account::CreateAccount,
        error::Error,
        invite::NewPerson,
        principal::Principal,
        view::{
            account::{AccountDetail, AccountRef, AccountView, account, accounts},
            member::MemberView,
        },
    },
    id::AccountId,
    web::list::{Page, page},
};

/// Creates, lists or shows accounts.
pub fn run(global: &Global, command: &AccountCommand) -> anyhow::Result<ExitCode> {
    with_service(global, async |app, principal| match command {
        AccountCommand::Create(args) => create(app, principal, args).await,
        AccountCommand::List(args) => list(app, principal, args).await,
        AccountCommand::Show(args) => show(app, &principal, args).await,
    })
}

/// An account's id, as it was typed.
pub fn account_id(typed: &str) -> Result<AccountId, Failure> {
    typed.parse().map_err(|wrong| Failure::usage(format!("`{typed}` is {wrong}")).with_help(LOOK))
}

/// What to say of an account that does not exist.
pub fn no_account(account: AccountId) -> Failure {
    Failure::work(format!("there is no account `{account}`")).with_help(LOOK)
}

const LOOK: &str = "look with `quorate account list`";

async fn create(app: &App, principal: Principal, args: &AccountCreate) -> anyhow::Result<()> {
    let unit = CreateAccount {
        app: app.clone(),
        name: args.name.clone(),
        preset: args.preset.clone(),
        parent: args.parent.as_deref().map(account_id).transpose()?,
        reference: args.reference.clone(),
        first_user: person(&args.owner)?,
        administrators: args.administrators.iter().map(|typed| person(typed)).collect::<Result<_, _>>()?,
        policy: serde_json::Map::new(),
        principal: principal.clone(),
    };
    let created = match (app.db.run(unit).await, &args.parent) {
        (Err(Error::NotFound), Some(typed)) => return Err(no_account(account_id(typed)?).into()),
        (outcome, _) => outcome?,
    };
    let mut detail = account(app, &principal, created.account.id).await?;
    detail.account.customers = created.first_child.map(|id| AccountRef { id }).into_iter().collect();
    print_data(args.form, &detail, |detail, out| {
        print_detail(detail, out)?;
        writeln!(out)?;
        writeln!(out, "They are invited by mail. The account is active as soon as its owner has accepted.")
    })
}

async fn list(app: &App, principal: Principal, args: &AccountList) -> anyhow::Result<()> {
    let after = args.after.as_deref().map(account_id).transpose()?;
    let wanted = Page { limit: args.limit, after: args.after.clone() };
    let rows = accounts(app, &principal, after, wanted.fetch()).await?;
    let list = page(rows, &wanted, |account| account.id.to_string());
    print_data(args.form, &list, |list, out| {
        for account in &list.items {
            let AccountView { id, status, preset, name, parent, .. } = account;
            let below = parent.map_or_else(String::new, |parent| format!("  below {parent}"));
            writeln!(out, "{id}  {status:9}  {preset}  {name}{below}")?;
        }
        match &list.next {
            Some(next) => writeln!(out, "there are more: `--after {next}`"),
            None if list.items.is_empty() => {
                writeln!(out, "there are no accounts; `quorate account create` makes one")
            }
            None => Ok(()),
        }
    })
}

async fn show(app: &App, principal: &Principal, args: &AccountShow) -> anyhow::Result<()> {
    let id = account_id(&args.account)?;
    let detail = match account(app, principal, id).await {
        Err(Error::NotFound) => return Err(no_account(id).into()),
        other => other?,
    };
    print_data(args.form, &detail, print_detail)
}

fn print_detail(detail: &AccountDetail, out: &mut dyn Write) -> io::Result<()> {
    let account = &detail.account;
    writeln!(out, "account        {}  {}  {}  {}", account.id, account.status, account.preset, account.name)?;
    if let Some(parent) = account.parent {
        writeln!(out, "below          {parent}")?;
    }
    if let Some(reference) = &account.reference {
        writeln!(out, "reference      {reference}")?;
    }
    if let Some(until) = account.closing_until {
        writeln!(out, "closes         {until}")?;
    }
    account.customers.iter().try_for_each(|child| writeln!(out, "created with   {}", child.id))?;
    let mut people = |word, people: &[MemberView]| {
        people.iter().try_for_each(|member| {
            let MemberView { user, name, email, status, .. } = member;
            writeln!(out, "{word:13}  {user}  {status}  {name} <{email}>")
        })
    };
    let (primary, others): (Vec<_>, Vec<_>) =
        detail.owners.iter().cloned().partition(|owner| account.primary_owner == Some(owner.user));
    people("primary owner", &primary)?;
    people("owner", &others)?;
    people("administrator", &detail.administrators)?;
    detail.open_cases.iter().try_for_each(|case| writeln!(out, "open case      {case}"))
}

/// A person typed as `NAME <ADDRESS>`.
fn person(typed: &str) -> Result<NewPerson, Failure> {
    let wrong = || {
        Failure::usage(format!("`{typed}` is not a person"))
            .with_help("write one like `Alex Example <alex@example.org>`")
    };
    let (name, rest) = typed.split_once('<').ok_or_else(wrong)?;
    let email = rest.trim_end().strip_suffix('>').ok_or_else(wrong)?.parse().map_err(|_| wrong())?;
    Ok(NewPerson { name: name.trim().to_owned(), email })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_a_name_and_an_address() {
        let alex = person(" Alex Example  <Alex@Example.org> ").unwrap();
        assert_eq!((alex.name.as_str(), alex.email.as_str()), ("Alex Example", "alex@example.org"));
        for wrong in ["alex@example.org", "Alex <alex@example.org", "Alex <alex>", "Alex alex@example.org>", ""] {
            assert!(person(wrong).is_err(), "{wrong}");
        }
    }
}
