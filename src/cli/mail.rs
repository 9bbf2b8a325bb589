//! `quorate mail list`: what came in, and why it was refused. `quorate mail receive`: takes in one mail from a mail server's pipe:
//! a vote, or a report about a mail of ours.
//!
//! A mail server tries again where the exit code is 75, and sends the mail back to its sender where it is another one. So whatever
//! keeps a mail from being judged ends with 75, and a mail that was judged with 0, also where it was refused: its sender is told
//! by a mail of ours, if it is certain who that is.

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use super::{
    args::{Global, MailCommand, MailList, MailReceive},
    failure::{Failure, report},
    operator::with_service,
    output::print_data,
};
use crate::{
    app::{
        app::App,
        principal::Principal,
        receive_mail::receive,
        record_bounce::record_bounce,
        view::{
            inbound_mail::{InboundMailView, list},
            report::ReportView,
        },
    },
    id::InboundMailId,
    inbound::received::{MOST_BYTES, Received},
    mail::plain_text,
    web::list::{Page, page},
};

/// "Try again later", among the exit codes that mail servers know.
const TEMPORARY: u8 = 75;

/// Lists the mails that came in, or takes one in.
pub fn run(global: &Global, command: &MailCommand) -> anyhow::Result<ExitCode> {
    match command {
        MailCommand::List(args) => with_service(global, async |app, principal| show(app, &principal, args).await),
        MailCommand::Receive(args) => Ok(take_in(global, args).unwrap_or_else(|error| {
            report(&error);
            ExitCode::from(TEMPORARY)
        })),
    }
}

async fn show(app: &App, principal: &Principal, args: &MailList) -> anyhow::Result<()> {
    let before = args.after.as_deref().map(mail_id).transpose()?;
    let wanted = Page { limit: args.limit, after: args.after.clone() };
    let rows = list(app, principal, before, wanted.fetch()).await?;
    let mails = page(rows, &wanted, |mail| mail.id.to_string());
    print_data(args.form, &mails, |mails, out| {
        mails.items.iter().try_for_each(|mail| print_mail(mail, out))?;
        match &mails.next {
            Some(next) => writeln!(out, "there are more: `--after {next}`"),
            None if mails.items.is_empty() => writeln!(out, "no mail came in to vote"),
            None => Ok(()),
        }
    })
}

/// What others wrote keeps to its line, and does nothing to the terminal.
fn print_mail(mail: &InboundMailView, out: &mut dyn Write) -> io::Result<()> {
    let InboundMailView { id, received_at, verdict, .. } = mail;
    let sender = mail.sender.as_deref().map_or_else(|| "(nobody)".to_owned(), plain_text::address);
    let what = match (&mail.reason, mail.case) {
        (Some(reason), _) => reason.clone(),
        (None, Some(case)) => case.to_string(),
        (None, None) => String::new(),
    };
    writeln!(out, "{id}  {received_at}  {verdict:7}  {what}  {sender}")?;
    match &mail.detail {
        Some(detail) => writeln!(out, "    {}", plain_text::line(detail)),
        None => Ok(()),
    }
}

fn mail_id(typed: &str) -> Result<InboundMailId, Failure> {
    let help = "`quorate mail list` shows the ids";
    typed.parse().map_err(|_| Failure::usage(format!("`{typed}` is not an id of a mail")).with_help(help))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Moment;

    #[test]
    fn what_others_wrote_does_nothing_to_the_terminal() {
        let mail = InboundMailView {
            id: "inbd_01h455vb4pex5vsknk084sn02q".parse().unwrap(),
            received_at: Moment::from_micros(0),
            sender: Some("a\u{1b}[2J\u{202e}@example.org".to_owned()),
            message_id: None,
            verdict: "refused",
            reason: Some("names_others".to_owned()),
            detail: Some("the mail names `\u{1b}]0;x\u{7}\r\nA`".to_owned()),
            account: None,
            case: None,
            answered_at: None,
        };
        let mut out = Vec::new();
        print_mail(&mail, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = out.lines().collect();
        assert!(!out.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}']) && lines.len() == 2, "{out:?}");
        assert!(lines[0].ends_with("refused  names_others  a[2J@example.org"), "{out}");
        assert_eq!(lines[1], "    the mail names ` ]0;x A`");
    }
}
