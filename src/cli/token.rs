//! `quorate token create|list|revoke`: operator and platform tokens.

use std::process::ExitCode;

use serde::Serialize;

use super::{
    args::{Global, TokenCommand, TokenCreate, TokenKind, TokenList, TokenRevoke},
    failure::Failure,
    operator::with_service,
    output::print_data,
};
use crate::{
    app::{
        app::App,
        error::Error,
        principal::Principal,
        tokens::{CreateToken, Created, RevokeToken, list},
    },
    id::TokenId,
    moment::Moment,
    store::tokens::{Power, Token},
};

/// A token that was just made, with what lets one use it.
#[derive(Serialize)]
pub struct NewToken {
    /// Its id, with which it is revoked.
    pub id: TokenId,
    /// What it is called.
    pub name: String,
    /// `operator` or `platform`.
    pub kind: &'static str,
    /// What it may do; empty for operators, who may do everything.
    pub scopes: Vec<&'static str>,
    /// The token itself.
    pub token: String,
}

impl From<&Created> for NewToken {
    fn from(created: &Created) -> Self {
        let Line { id, name, kind, scopes, .. } = Line::from(&created.token);
        Self { id, name, kind, scopes, token: created.secret.reveal().to_owned() }
    }
}

/// A token as it is listed.
#[derive(Serialize)]
struct Line {
    id: TokenId,
    name: String,
    kind: &'static str,
    scopes: Vec<&'static str>,
    created_at: Moment,
    revoked_at: Option<Moment>,
}

impl From<&Token> for Line {
    fn from(token: &Token) -> Self {
        let (kind, scopes) = match &token.power {
            Power::Operator => ("operator", Vec::new()),
            Power::Platform(scopes) => ("platform", scopes.iter().map(|scope| scope.name()).collect()),
        };
        let Token { id, created_at, revoked_at, .. } = *token;
        Self { id, name: token.name.clone(), kind, scopes, created_at, revoked_at }
    }
}

/// Creates, lists or revokes tokens.
pub fn run(global: &Global, command: &TokenCommand) -> anyhow::Result<ExitCode> {
    with_service(global, async |app, principal| match command {
        TokenCommand::Create(args) => create(app, principal, args).await,
        TokenCommand::List(args) => show(app, principal, args).await,
        TokenCommand::Revoke(args) => revoke(app, principal, args).await,
    })
}

async fn create(app: &App, principal: Principal, args: &TokenCreate) -> anyhow::Result<()> {
    let power = match args.kind {
        TokenKind::Operator if args.scopes.is_empty() => Power::Operator,
        TokenKind::Operator => {
            return Err(Failure::usage("an operator token has no scopes")
                .with_help("leave `--scope` out: an operator may do everything that operators do")
                .into());
        }
        TokenKind::Platform => {
            let scopes = args.scopes.iter().map(|scope| scope.parse()).collect::<Result<_, String>>();
            Power::Platform(scopes.map_err(Failure::usage)?)
        }
    };
    let unit = CreateToken { app: app.clone(), principal, name: args.name.clone(), power };
    let created = NewToken::from(&app.db.run(unit).await?);
    print_data(args.form, &created, |new, out| {
        writeln!(out, "id     {}", new.id)?;
        writeln!(out, "token  {}", new.token)?;
        writeln!(out)?;
        writeln!(out, "Keep the token now: it is not shown again.")
    })
}

async fn show(app: &App, principal: Principal, args: &TokenList) -> anyhow::Result<()> {
    const AT_ONCE: usize = 200;
    let mut lines: Vec<Line> = Vec::new();
    loop {
        let after = lines.last().map(|line| line.id);
        let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
        let more = list(app, &principal, after, limit).await?;
        lines.extend(more.iter().map(Line::from));
        if more.len() < AT_ONCE {
            break;
        }
    }
    print_data(args.form, &lines, |lines, out| {
        for line in lines {
            let may = if line.scopes.is_empty() { "everything".to_owned() } else { line.scopes.join(" ") };
            let until = line.revoked_at.map_or_else(String::new, |at| format!("  revoked {at}"));
            writeln!(out, "{}  {}  {}  {may}{until}", line.id, line.kind, line.name)?;
        }
        if lines.is_empty() { writeln!(out, "there are no tokens; `quorate token create` makes one") } else { Ok(()) }
    })
}

#[derive(Serialize)]
struct Revoked {
    revoked: TokenId,
}

async fn revoke(app: &App, principal: Principal, args: &TokenRevoke) -> anyhow::Result<()> {
    let token: TokenId = args.token.parse().map_err(|wrong| {
        Failure::usage(format!("`{}` is {wrong}", args.token)).with_help("look with `quorate token list`")
    })?;
    match app.db.run(RevokeToken { app: app.clone(), principal, token }).await {
        Ok(()) => {}
        Err(Error::NotFound) => {
            let failure = Failure::work(format!("there is no token `{token}`"));
            return Err(failure.with_help("look with `quorate token list`").into());
        }
        Err(error) => return Err(error.into()),
    }
    print_data(args.form, &Revoked { revoked: token }, |done, out| writeln!(out, "{} is revoked", done.revoked))
}
