//! `quorate mail receive`: takes in one mail from a mail server's pipe: a vote, or a report about a mail of ours.
//!
//! A mail server tries again where the exit code is 75, and sends the mail back to its sender where it is another one. So whatever
//! keeps a mail from being judged ends with 75, and a mail that was judged with 0, also where it was refused: its sender is told
//! by a mail of ours, if it is certain who that is.

use std::{
    io::{self, Read},
    process::ExitCode,
};

use super::{
    args::{Global, MailCommand, MailReceive},
    failure::{Failure, report},
    operator::with_service,
    output::print_data,
};
use crate::{
    app::{
        receive_mail::receive,
        record_bounce::record_bounce,
        view::{inbound_mail::InboundMailView, report::ReportView},
    },
    inbound::received::{MOST_BYTES, Received},
};

/// "Try again later", among the exit codes that mail servers know.
const TEMPORARY: u8 = 75;

/// Takes in a mail.
pub fn run(global: &Global, command: &MailCommand) -> ExitCode {
    match command {
        MailCommand::Receive(args) => take_in(global, args).unwrap_or_else(|error| {
            report(&error);
            ExitCode::from(TEMPORARY)
        }),
    }
}

fn take_in(global: &Global, args: &MailReceive) -> anyhow::Result<ExitCode> {
    let mail = from_input()?;
    with_service(global, async |app, principal| {
        if let Some(to) = &args.to
            && let Some(report) = ReportView::of(record_bounce(app, to, mail.bytes()).await?)
        {
            return print_data(args.form, &report, |report, out| {
                writeln!(out, "{}  {}", report.mail, report.outcome.replace('_', " "))
            });
        }
        // In a task of its own: should something in a mail stop it, the mail server hears that too.
        let (app, stopped) = (app.clone(), |_| Failure::work("the mail could not be judged; the log says why"));
        let judged = tokio::spawn(async move { receive(&app, &principal, &mail).await }).await.map_err(stopped)??;
        print_data(args.form, &InboundMailView::from(judged), |mail, out| {
            let about = mail.detail.as_deref().unwrap_or("it is a ballot");
            writeln!(out, "{}  {}: {about}", mail.id, mail.verdict)
        })
    })
}

/// Reads the mail. What is beyond what is looked at is read too, so that whoever writes it is not cut off.
fn from_input() -> anyhow::Result<Received> {
    let mut input = io::stdin().lock();
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_BYTES)?.saturating_add(1);
    (&mut input).take(most).read_to_end(&mut bytes)?;
    io::copy(&mut input, &mut io::sink())?;
    Ok(Received::new(bytes))
}
