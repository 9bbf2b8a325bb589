//! Permission decisions, as the vendor's product asks for them on each of its own requests: one at a time, and twenty in
//! one request.

use std::fmt::Write;

use quorate::app::{
    principal::{Principal, Scope},
    tokens::{CreateToken, TokenPower},
};

use super::{
    args::Args,
    load::{self, Pace, Reads},
    numbers,
    report::{Report, Target},
    stage::Stage,
};

const CLIENTS: u64 = 16;
/// So many questions in a request that has several.
const SEVERAL: u64 = 20;
const PERMISSIONS: [&str; 4] = ["members.view", "members.manage", "settings.manage", "account.close"];

/// The request with that number.
type Request<'a> = &'a dyn Fn(u64) -> Vec<u8>;

/// Runs this part.
pub async fn run(stage: &Stage<'_>, args: &Args, report: &mut Report) {
    let token = token(stage).await;
    let served = stage.place.serve(&[]).await;
    let one: Request<'_> = &|number| load::post("/access/v1/evaluation", &token, &question(stage, number));
    let several: Request<'_> = &|number| {
        let mut body = "{\"evaluations\":[".to_owned();
        for place in 0..SEVERAL {
            let comma = if place > 0 { "," } else { "" };
            write!(body, "{comma}{}", question(stage, number * SEVERAL + place)).unwrap();
        }
        body.push_str("]}");
        load::post("/access/v1/evaluations", &token, &body)
    };
    for (name, questions, request) in
        [("POST /access/v1/evaluation", 1, one), ("POST /access/v1/evaluations with 20", SEVERAL, several)]
    {
        // Each client asks about accounts of its own, spread over all.
        let each = stage.size.accounts / CLIENTS / questions;
        let script = |client| Reads::new((0..each.max(1)).map(|place| request(place * CLIENTS + client)).collect());
        let outcome = load::run(served.address, (0..CLIENTS).map(script).collect(), Pace::Flat, args.length()).await;
        let name = format!("{}, {CLIENTS} clients: {name}", stage.name);
        let target = |target| stage.server.filter(|_| questions == 1).map(|_| target);
        let rate = outcome.rate() * questions as f64;
        report.note(name.clone(), rate, "decisions/s", target(Target::AtLeast(10_000.0)));
        report.note(format!("{name}, p99"), outcome.times.percentile(99.0), "ms", target(Target::AtMost(5.0)));
    }
    served.stop();
}

fn question(stage: &Stage<'_>, number: u64) -> String {
    let account = (number * 7919) % stage.size.accounts;
    let permission = PERMISSIONS[usize::try_from(number).unwrap() % PERMISSIONS.len()];
    format!(
        "{{\"subject\":{{\"type\":\"user\",\"id\":\"{}\"}},\"action\":{{\"name\":\"{permission}\"}},\
         \"resource\":{{\"type\":\"account\",\"id\":\"{}\"}}}}",
        numbers::user(account, number % 8),
        numbers::account(account),
    )
}

/// A token of the vendor's product that may ask about everybody.
async fn token(stage: &Stage<'_>) -> String {
    let app = stage.place.app().await;
    let power = TokenPower::Platform([Scope::AccessEvaluate].into());
    let principal = Principal::Operator { token: None };
    let unit = CreateToken { app: app.clone(), principal, name: "benchmark".to_owned(), power };
    app.db.run(unit).await.unwrap().secret.reveal().to_owned()
}
