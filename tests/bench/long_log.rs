//! What a very long log costs whoever looks through it: the page and the list, with each filter, of an account with very many
//! entries and of one with a thousand, and exports.

use std::{net::SocketAddr, time::Duration};

use jiff::SignedDuration;
use quorate::{
    activity::{
        chain::{self, Head},
        entry::{Draft, Hash},
    },
    clock::Clock,
    ownership::actor::Actor,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    args::Args,
    audit,
    harness::Server,
    load::{self, Client},
    numbers,
    place::Served,
    report::{Report, Target, say},
    rows::{Cell, Flag, Sink},
    seed::Size,
    stage::Stage,
    stopwatch::{Stopwatch, Times},
};

/// Entries of the small log.
const SMALL: u64 = 1000;
/// Calls of each kind.
const CALLS: u64 = 200;
/// Entries that are written together.
const AT_ONCE: u64 = 2000;
/// The accounts: with the small log, and with the large one.
const ACCOUNTS: [u64; 2] = [0, 1];

/// Runs this part.
pub async fn run(server: Option<&Server>, args: &Args, report: &mut Report) {
    let stage = Stage::set(server, Size { accounts: 50, due: 0, ended_cases: 2 }).await;
    let large = if args.quick { 100_000 } else { 1_000_000 };
    let watch = Stopwatch::start();
    let mut sink = Sink::open(&stage.place.database).await;
    for (account, length) in ACCOUNTS.into_iter().zip([SMALL, large]) {
        fill(&mut sink, account, length).await;
    }
    sink.script(if server.is_some() { "vacuum analyze" } else { "analyze" }).await;
    sink.close().await;
    stage.place.seal().await;
    say(&format!("A sealed log of {large} entries in {:.0} s.", watch.passed().as_secs_f64()));
    audit::run(&stage, report).await;
    let served = stage.place.serve(&[]).await;
    pages(report, &stage, &served, large).await;
    exports(report, &stage, &served, large).await;
    served.stop();
}

/// Makes the log of an account so long, with entries that verify.
async fn fill(sink: &mut Sink, account: u64, length: u64) {
    let id = numbers::account(account);
    let one = format!("from accounts where id = {}", sink.literal(id.uuid()));
    let seq = u64::try_from(sink.number(&format!("select head_seq {one}")).await).unwrap();
    let hash: [u8; 32] = sink.bytes(&format!("select head_hash {one}")).await.remove(0).try_into().unwrap();
    let mut head = Head { seq, hash: Hash::from_bytes(hash) };
    let begin = Clock::system().now().before(SignedDuration::from_secs(i64::try_from(length).unwrap()));
    while head.seq < length {
        let (mut rows, mut values) = (Vec::new(), Vec::new());
        for seq in head.seq + 1..=length.min(head.seq + AT_ONCE) {
            let at = begin.after(SignedDuration::from_secs(i64::try_from(seq).unwrap()));
            let sealed = chain::seal(id, head, at, draft(account, seq, length), || [7; 16]).unwrap();
            head = Head { seq, hash: sealed.hash };
            let number = Cell::Number(i64::try_from(seq).unwrap());
            let optional = |id: Option<uuid::Uuid>| id.map_or(Cell::Null, Cell::Id);
            rows.push(vec![
                Cell::Id(id.uuid()),
                number.clone(),
                Cell::At(at),
                Cell::Text(sealed.entry.kind.clone()),
                optional(sealed.entry.actor.person().map(quorate::id::Id::uuid)),
                optional(sealed.entry.case.map(quorate::id::Id::uuid)),
                optional(sealed.entry.user.map(quorate::id::Id::uuid)),
                Cell::Flag(Flag::No),
                Cell::Text(sealed.body),
                Cell::Bytes(sealed.hash.as_bytes().to_vec()),
            ]);
            for (name, (salt, value)) in sealed.personal {
                let cells = [Cell::Text(name), Cell::Bytes(salt.to_vec()), Cell::Text(value), Cell::At(at)];
                values.push([Cell::Id(id.uuid()), number.clone()].into_iter().chain(cells).collect());
            }
        }
        let columns = "account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash";
        sink.rows("activity", columns, rows).await;
        if !values.is_empty() {
            sink.rows("activity_personal", "account_id, seq, name, salt, value, recorded_at", values).await;
        }
    }
    let written = match sink {
        Sink::Postgres(_) => format!("decode('{}', 'hex')", head.hash),
        Sink::Sqlite(_) => format!("x'{}'", head.hash),
    };
    let update = format!("update accounts set head_seq = {}, head_hash = {written}", head.seq);
    let update = format!("{update} where id = {}", sink.literal(id.uuid()));
    sink.script(&update).await;
}

/// Mostly what comes of cases, and sign-ins; one in ten is about a member, with a name; sixty in each log, however long, are rare.
fn draft(account: u64, seq: u64, length: u64) -> Draft {
    let person = |number: u64| numbers::user(account, number % 8);
    let by = Actor::User { user: person(1 + seq % 7) };
    if seq % (length / 60) == 1 {
        return Draft::new("account.renamed", Actor::User { user: person(0) }).personal("account_name", "Acme");
    }
    match seq % 10 {
        0 => Draft::new("member.renamed", by).user(person(2)).personal("name", "Kim Example"),
        1..=5 => Draft::new("transfer.cancelled", by)
            .case(numbers::ended_case(account, seq % 2))
            .user(person(1 + seq % 7))
            .with("reason", "recovered"),
        _ => Draft::new("sign_on.used", by).user(person(1 + seq % 7)).with("issuer", "https://id.example.org"),
    }
}

/// What is looked for, and where it is shown.
const LOOKS: [(&str, &str); 8] = [
    ("without a filter", ""),
    ("of a common kind", "kind=member.renamed"),
    ("of a rare kind", "kind=account.renamed"),
    ("of three topics", "topic=members,account,sign_in"),
    ("by a person, or about them", "person=PERSON"),
    ("of a person, of a common kind", "person=PERSON&kind=sign_on.used"),
    ("of a case", "case=CASE"),
    ("since a moment", "from=SINCE"),
];

async fn pages(report: &mut Report, stage: &Stage<'_>, served: &Served, large: u64) {
    let mut client = Client::connect(served.address).await;
    for place in ["/accounts/{a}/activity", "/v1/accounts/{a}/activity"] {
        for (name, query) in LOOKS {
            let mut times = [Times::default(), Times::default()];
            let requests = ACCOUNTS.map(|account| request(place, query, account));
            for call in 0..CALLS + 20 {
                for (request, times) in requests.iter().zip(&mut times) {
                    let watch = Stopwatch::start();
                    let (status, body) = client.send(request).await;
                    assert_eq!(status, 200, "{}", String::from_utf8_lossy(body));
                    if call >= 20 {
                        times.add(watch.passed());
                    }
                }
            }
            let [small, long] = times.each_ref().map(|times| times.percentile(50.0));
            let what = format!("{}: GET {place} {name}", stage.name);
            report.against(format!("{what}, {large} entries / {SMALL}"), long / small, "", Target::AtMost(1.2));
            report.add(format!("{what}, {large} entries"), long, "ms");
        }
    }
}

fn request(place: &str, query: &str, account: u64) -> Vec<u8> {
    let day = Clock::system().now().before(SignedDuration::from_secs(60)).to_string();
    let since = if place.starts_with("/v1/") { day.as_str() } else { &day[..10] };
    let query = query
        .replace("PERSON", &numbers::user(account, 3).to_string())
        .replace("CASE", &numbers::ended_case(account, 1).to_string())
        .replace("SINCE", since);
    let path = format!("{}?{query}", place.replace("{a}", &numbers::account(account).to_string()));
    load::get(&path, Some(&numbers::token(account, 1)))
}

async fn exports(report: &mut Report, stage: &Stage<'_>, served: &Served, large: u64) {
    for format in ["application/jsonl", "text/csv"] {
        let mut times = [Times::default(), Times::default()];
        for _ in 0..20 {
            for (account, times) in ACCOUNTS.into_iter().zip(&mut times) {
                times.add(export(served.address, account, "", format, SMALL - 1).await.0);
            }
        }
        let ratio = times[1].percentile(50.0) / times[0].percentile(50.0);
        let name = format!("{}: first {SMALL} lines as {format}, {large} entries / {SMALL}", stage.name);
        report.against(name, ratio, "", Target::AtMost(1.2));
        let before = served.memory();
        let (took, bytes) = export(served.address, ACCOUNTS[1], "", format, u64::MAX).await;
        let name = format!("{}: the whole log of {large} as {format}", stage.name);
        report.add(name.clone(), large as f64 / took.as_secs_f64(), "entries/s");
        report.add(format!("{name}, size"), bytes as f64 / 1_048_576.0, "MiB");
        report.add(format!("{name}, memory before"), before / 1024.0, "MiB");
        report.against(format!("{name}, most memory so far"), served.peak() / 1024.0, "MiB", Target::AtMost(64.0));
    }
    // One in seven is by them.
    let query = format!("person={}", numbers::user(ACCOUNTS[1], 3));
    let (took, _) = export(served.address, ACCOUNTS[1], &query, "application/jsonl", u64::MAX).await;
    let name = format!("{}: what one person did, of {large} entries, as application/jsonl", stage.name);
    report.add(name, large as f64 / 7.0 / took.as_secs_f64(), "entries/s");
}

/// Reads so many lines of an export, or all of it; how long it took, and how many bytes came.
async fn export(address: SocketAddr, account: u64, query: &str, format: &str, lines: u64) -> (Duration, u64) {
    let path = format!("/v1/accounts/{}/activity?{query}", numbers::account(account));
    let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: {format}\r\nconnection: close\r\n");
    let request = format!("{head}authorization: Bearer {}\r\n\r\n", numbers::token(account, 1));
    let watch = Stopwatch::start();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut buffer, mut seen, mut bytes) = (vec![0; 256 * 1024], 0_u64, 0_u64);
    while seen < lines {
        let count = stream.read(&mut buffer).await.unwrap();
        if count == 0 {
            break;
        }
        bytes += count as u64;
        seen += buffer[..count].split(|byte| *byte == b'\n').count() as u64 - 1;
    }
    (watch.passed(), bytes)
}
