//! `quorate demo`: starts the real service on an empty database, plays the story, and keeps serving.

use std::{collections::BTreeSet, path::Path, process::ExitCode, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::{
    client::Client,
    company::{DOMAIN, MailServer, VOTES},
    mails::Mails,
    nameserver::Nameserver,
    story::Stage,
    telling::{Telling, line},
};
use crate::{
    activity::{certificate::check::check, chain::Replay, entry::Hash},
    app::{
        app::App,
        audit,
        audit_log::Kept,
        principal::Principal,
        tokens::CreateToken,
        view::log::{CheckpointView, checkpoint},
    },
    cli::{
        args::{Demo, Global, Listen},
        failure::Failure,
        logging,
        run::{block_on, configuration},
        serve::end,
        signals::Signals,
    },
    config::{Config, Database},
    id::{AccountId, UserId},
    jobs::{run::Intervals, seal},
    ownership::networks::Networks,
    secret::{Chance, ServerSecret},
    service::{
        open::{Outdated, Sources, create_database},
        run::{Running, start},
        secret_file,
    },
    store::{accounts, schema, tokens::Power},
};

/// Tells the whole story, then serves it to click through.
pub fn run(global: &Global, args: &Demo) -> anyhow::Result<ExitCode> {
    // Nothing of the demo stays, unless it plays on a database of yours.
    let directory = tempfile::Builder::new().prefix("quorate-demo-").tempdir()?;
    let mut config = config(global, args, &directory)?;
    logging::start(&config.log)?;
    block_on(async move {
        let mut signals = Signals::listen()?;
        let company = MailServer::of(DOMAIN)?;
        let nameserver = Nameserver::start(company.record()).await?;
        config.dns_servers = Some(vec![nameserver.address]);
        prepare(&config).await?;
        let every = Intervals { sweep: Duration::from_secs(1), ..Intervals::default() };
        let running = start(&config, Sources::system(), Outdated::Refuse, every).await?;
        let mut tell = Telling::new();
        let played = tokio::select! {
            played = play(&running, &config, &company, &mut tell) => played,
            signal = signals.next() => Err(Failure::work(format!("{signal} ended the story")).into()),
        };
        if played.is_ok() && !args.headless {
            line(&format!("\nIt is yours to click through now: {}\nCtrl-C ends it.", running.app.public_url))?;
            signals.next().await;
        }
        let ended = end(running, &mut signals, &config).await;
        played.map(|()| ended)
    })
}

fn config(global: &Global, args: &Demo, directory: &TempDir) -> anyhow::Result<Config> {
    // Without a reader, any port will do, and none can be taken.
    let anywhere = Listen { listen: Some("127.0.0.1:0".to_owned()) };
    let listen = if args.headless && args.listen.listen.is_none() { &anywhere } else { &args.listen };
    let mut config = configuration(global, Some(listen))?;
    config.smtp = None;
    // By name, because browsers have no passkeys at an address of digits.
    config.public_url = if config.listen.ip().is_loopback() {
        format!("http://localhost:{}", config.listen.port())
    } else {
        format!("http://{}", config.listen)
    };
    config.inbound_address = Some(VOTES.parse()?);
    // Its webhooks go to a program on this machine.
    config.webhook_networks = Networks::Private;
    config.secret_file = directory.path().join("secret");
    if global.database.is_none() {
        config.database = Database::Sqlite(directory.path().join("quorate.db"));
    }
    if global.log_format.is_none() && std::env::var_os("QUORATE_LOG_FILTER").is_none() {
        "warn".clone_into(&mut config.log.filter);
    }
    Ok(config)
}

/// An empty database with the schema, and a secret of its own.
async fn prepare(config: &Config) -> anyhow::Result<()> {
    secret_file::create(Path::new(&config.secret_file), &ServerSecret::generate(&Chance::system()))?;
    let db = create_database(config).await?;
    schema::migrate(&db).await?;
    let used = !accounts::list(&mut db.read().await?, None, 1).await?.is_empty();
    db.close().await;
    if used {
        let help = "name an empty one with `--database`, or leave it out";
        return Err(Failure::usage("the demo plays on an empty database, and this one has accounts")
            .with_help(help)
            .into());
    }
    Ok(())
}

async fn play(running: &Running, config: &Config, company: &MailServer, tell: &mut Telling) -> anyhow::Result<()> {
    let app = &running.app;
    let database = match &config.database {
        Database::Sqlite(_) => "the embedded database",
        Database::Postgres(_) => "PostgreSQL",
    };
    line(&format!("Quorate runs at {} on {database}. This is its story, played through its own API.", app.public_url))?;
    let operator = operator(app).await?;
    let stage = Stage {
        // Not by name: whoever else answers at this machine's other address is not asked.
        client: Client::new(&format!("http://{}", running.address))?,
        mails: Mails { app: app.clone(), post: Arc::clone(&running.site.post) },
        operator,
        site: app.public_url.clone(),
    };
    let ending = stage.play(tell).await?;
    let owned = stage.play_owners(tell).await?;
    let signed = stage.play_signing(tell).await?;
    let opened = stage.play_safe(tell).await?;
    let mailed = stage.play_by_mail(tell, company, config.limits).await?;
    tell.step("The activity logs tell the same story")?;
    let (entries, completed) = follow(&stage, &ending.account).await?;
    ensure!(completed == [ending.case.clone()], "the case should have completed exactly once: {completed:?}");
    tell.seen(&format!("{entries} entries, each chained to the one before it, give the owner after the recovery"))?;
    let (entries, completed) = follow(&stage, &owned).await?;
    ensure!(completed.is_empty(), "nothing was recovered where the owners were there: {completed:?}");
    tell.seen(&format!("and {entries} entries give those whom the other account's owners made owners"))?;
    let (entries, completed) = follow(&stage, &signed).await?;
    ensure!(completed.is_empty(), "a case that was vetoed should not complete: {completed:?}");
    tell.seen(&format!("and {entries} entries leave the account with the signed ballots to the owner who objected"))?;
    let (entries, completed) = follow(&stage, &opened.account).await?;
    ensure!(completed == [opened.case], "the case of the paper key should have completed exactly once: {completed:?}");
    tell.seen(&format!("and {entries} entries give the account with the safe to whom the paper key's holder named"))?;
    let (entries, completed) = follow(&stage, &mailed).await?;
    ensure!(completed.is_empty(), "a case that waits should not complete: {completed:?}");
    tell.seen(&format!(
        "and {entries} entries leave the account with the votes by mail to its owner, as long as it waits"
    ))?;
    tell_of_the_seal(app, &stage, &ending.case, tell).await?;
    line("\nEverything happened as it should.")
}

/// Seals what was told, and verifies all of it.
async fn tell_of_the_seal(app: &App, stage: &Stage, case: &str, tell: &Telling) -> anyhow::Result<()> {
    seal::sweep(app, &CancellationToken::new()).await?;
    let found = audit::verify(&app.db, None, &Kept::default(), Arc::new(|_| ())).await?;
    ensure!(found.whole(), "`quorate audit verify` finds: {found:?}");
    tell.seen("and `quorate audit verify` finds nothing wrong, in the log nor in the tables beside it")?;
    let last = checkpoint(app).await?.context("nothing was sealed")?;
    let CheckpointView { size, root, .. } = last;
    tell.seen(&format!(
        "all {size} entries are sealed by a signed checkpoint; whoever keeps it can prove a later change:"
    ))?;
    tell.note(&root.to_string())?;
    tell_of_the_certificate(stage, case, tell).await
}

/// Fetches the certificate of a recovery, and checks it as somebody would who has nothing but the file.
async fn tell_of_the_certificate(stage: &Stage, case: &str, tell: &Telling) -> anyhow::Result<()> {
    let path = format!("/v1/cases/{case}/certificate");
    let file = stage.client.get(&path, &stage.operator).await?.good()?.to_string();
    let told = check(&file, None)?;
    ensure!(told.case.to_string() == case, "the certificate is another case's: {told:?}");
    tell.seen("the certificate of the first recovery is right, by itself: its terms, ballots, alerts, waiting period, and their place in the log")?;
    let forged = file.replacen("approve", "reject", 1);
    let wrong = check(&forged, None).err().context("a forged certificate is found right")?;
    tell.seen(&format!("with one ballot changed in it? {wrong}"))
}

async fn operator(app: &App) -> anyhow::Result<String> {
    let principal = Principal::Operator { token: None };
    let unit = CreateToken { app: app.clone(), principal, name: "demo".to_owned(), power: Power::Operator };
    Ok(app.db.run(unit).await?.secret.reveal().to_owned())
}

/// Follows an account's log through the API, as an outsider could: every hash is computed anew from what is shown. Says how
/// long it is, and which cases completed in it.
async fn follow(stage: &Stage, account: &str) -> anyhow::Result<(u64, Vec<String>)> {
    let account: AccountId = account.parse()?;
    let mut replay = Replay::new(account);
    let mut completed = Vec::new();
    loop {
        let after = replay.head().seq;
        let path = format!("/v1/accounts/{account}/activity?limit=200&after={after}");
        let page = stage.client.get(&path, &stage.operator).await?.good()?;
        for item in page.pointer("/items").and_then(Value::as_array).into_iter().flatten() {
            let hash: Hash = super::client::text(item, "/hash")?.parse().map_err(anyhow::Error::msg)?;
            let body = serde_json_canonicalizer::to_string(item.get("entry").unwrap_or(&Value::Null))?;
            let entry = replay.next(&body, hash)?;
            completed.extend(entry.case.filter(|_| entry.kind == "case.completed").map(|case| case.to_string()));
        }
        if page.pointer("/next").is_none_or(Value::is_null) {
            break;
        }
    }
    let path = format!("/v1/accounts/{account}/owners");
    let listed = stage.client.get(&path, &stage.operator).await?.good()?;
    let items = listed.pointer("/items").and_then(Value::as_array).into_iter().flatten();
    let owners: Result<BTreeSet<UserId>, _> =
        items.map(|item| super::client::text(item, "/user").and_then(|id| Ok(id.parse()?))).collect();
    ensure!(owners? == *replay.owners(), "the log should give the owners that the account has");
    Ok((replay.head().seq, completed))
}
