//! `quorate activity erase`: takes out of the activity logs what they hold of one person.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    process::ExitCode,
};

use serde::Serialize;

use super::{
    account::account_id,
    activity_args::{ActivityCommand, ActivityErase},
    args::Global,
    failure::Failure,
    operator::with_service,
    output::print_data,
};
use crate::{
    activity::personal::Whose,
    app::{
        app::App,
        erase_values::{Erased, erase, would_erase},
        principal::Principal,
    },
    mail::wording::count,
};

/// What was erased.
#[derive(Serialize)]
struct Report {
    accounts: u64,
    values: u64,
    stay: u64,
}

/// Works on the activity logs as an operator.
pub fn run(global: &Global, command: &ActivityCommand) -> anyhow::Result<ExitCode> {
    match command {
        ActivityCommand::Erase(args) => {
            with_service(global, async |app, operator| erase_for(app, operator, args).await)
        }
    }
}

async fn erase_for(app: &App, operator: Principal, args: &ActivityErase) -> anyhow::Result<()> {
    let person = person(args)?;
    let only = args.account.as_deref().map(account_id).transpose()?;
    let found = would_erase(app, person, only).await?;
    if found.values > 0 && !args.yes {
        agreed(found)?;
    }
    let Erased { accounts, values, stay } = erase(app, &operator, person, only).await?;
    print_data(args.form, &Report { accounts, values, stay }, |report, out| {
        writeln!(out, "erased {} in {}", amount(report.values, "value"), amount(report.accounts, "log"))?;
        match report.stay {
            0 => Ok(()),
            stay => writeln!(out, "{} of cases that are open: erase again when they have ended", amount(stay, "value")),
        }
    })
}

fn person(args: &ActivityErase) -> Result<Whose, Failure> {
    let wrong = |typed: &str| Failure::usage(format!("`{typed}` is no id of such a person"));
    match (&args.user, &args.recovery_user) {
        (Some(user), _) => user.parse().map(Whose::User).map_err(|_| wrong(user)),
        (None, Some(user)) => user.parse().map(Whose::RecoveryUser).map_err(|_| wrong(user)),
        (None, None) => Err(Failure::usage("nobody is named").with_help("name somebody with `--user`")),
    }
}

/// Asks back, where somebody is there to answer.
fn agreed(found: Erased) -> anyhow::Result<()> {
    let what = format!("{} in {}", amount(found.values, "value"), amount(found.accounts, "log"));
    if !io::stdin().is_terminal() {
        let help = "add `--yes` where nobody is there to be asked";
        return Err(Failure::usage(format!("this would erase {what} for good")).with_help(help).into());
    }
    write!(io::stderr(), "This erases {what} for good. Type `yes` to go on: ")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    if answer.trim() == "yes" { Ok(()) } else { Err(Failure::work("nothing was erased").into()) }
}

fn amount(number: u64, thing: &str) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX), thing)
}
