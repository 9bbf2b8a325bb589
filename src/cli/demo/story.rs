//! The first chapter: an owner who cannot be contacted, and five administrators who replace them.

use std::time::Duration;

use anyhow::ensure;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{
    client::{Client, number, text},
    mails::Mails,
    people::Player,
    telling::Telling,
};

/// How long the waiting period is in the story; three days in the preset.
pub const WAITING_SECONDS: u64 = 6;

/// What the story is played on.
pub struct Stage {
    /// The HTTP API.
    pub client: Client,
    /// The mailboxes.
    pub mails: Mails,
    /// The operator's token.
    pub operator: String,
    /// Where people look, without a slash at the end.
    pub site: String,
}

struct Cast {
    owner: Player,
    administrators: Vec<Player>,
    sixth: Player,
    outsider: Player,
}

struct Scene {
    account: String,
    nominee: String,
    /// The first administrator's session.
    first: String,
}

/// What came out of the story, for the log to be checked against.
pub struct Ending {
    /// The account.
    pub account: String,
    /// The case.
    pub case: String,
}

impl Stage {
    /// Plays the first chapter. Every step is checked as it happens; the first that fails ends it.
    pub async fn play(&self, tell: &mut Telling) -> anyhow::Result<Ending> {
        let cast = Cast {
            owner: Player::new("Owner"),
            administrators: (1..=5).map(|number| Player::new(&format!("Administrator {number}"))).collect(),
            sixth: Player::new("Administrator 6"),
            outsider: Player::new("Outsider"),
        };
        let scene = self.set_up(tell, &cast).await?;
        let case = self.open(tell, &cast, &scene).await?;
        self.vote(tell, &cast, &scene, &case).await?;
        self.wait(tell, &cast, &scene, &case).await?;
        Ok(Ending { account: scene.account, case })
    }

    async fn set_up(&self, tell: &mut Telling, cast: &Cast) -> anyhow::Result<Scene> {
        tell.step("An account with one owner and five administrators")?;
        let new = json!({
            "name": "Example",
            "preset": "single-owner",
            "first_user": cast.owner.json(),
            "administrators": cast.administrators.iter().map(Player::json).collect::<Vec<_>>(),
            "policy": {"waiting_period": format!("{WAITING_SECONDS}s"), "min_notice": "2s"},
        });
        let account = self.client.post("/v1/accounts", Some(&self.operator), new).await?.good()?;
        let account = text(&account, "/id")?;
        for player in std::iter::once(&cast.owner).chain(&cast.administrators) {
            player.accept(&self.client, &self.mails).await?;
        }
        tell.seen("each of the six accepted the invitation in their mail, which confirmed their address")?;
        tell.note(&format!("every mail: {}/mailbox", self.site))?;

        let first = player(cast, 0)?.sign_in(&self.client, &self.mails).await?;
        tell.seen("Administrator 1 signed in with a mailed code")?;
        let members = format!("/v1/accounts/{account}/members");
        let sixth = json!({"name": cast.sixth.name, "email": cast.sixth.email, "role": "administrator"});
        self.client.post(&members, Some(&first), sixth).await?.good()?;
        cast.sixth.accept(&self.client, &self.mails).await?;
        tell.seen("Administrator 1 added a sixth administrator, who may administer, and does not count yet")?;
        let listed = self.client.get(&members, &first).await?.good()?;
        let nominee = member(&listed, player(cast, 1)?)?;
        Ok(Scene { account, nominee, first })
    }

    /// Administrators 2 and 3 agree with the addition. Together with whoever added, that is more than half of five.
    async fn confirm_sixth(&self, cast: &Cast, scene: &Scene) -> anyhow::Result<()> {
        let account = &scene.account;
        let roster = self.client.get(&format!("/v1/accounts/{account}/roster"), &scene.first).await?.good()?;
        let mut people = roster.pointer("/people").and_then(Value::as_array).into_iter().flatten();
        let change = people.find_map(|place| place.get("change").and_then(Value::as_str));
        let change = change.ok_or_else(|| anyhow::anyhow!("the addition should await confirmation: {roster}"))?;
        for place in [1, 2] {
            let token = player(cast, place)?.sign_in(&self.client, &self.mails).await?;
            let path = format!("/v1/accounts/{account}/roster/{change}/confirm");
            self.client.post(&path, Some(&token), json!({})).await?.good()?;
        }
        Ok(())
    }

    async fn open(&self, tell: &mut Telling, cast: &Cast, scene: &Scene) -> anyhow::Result<String> {
        tell.step("The owner cannot be contacted: Administrator 1 opens a recovery case")?;
        let new = json!({
            "kind": "replace",
            "nominee": scene.nominee,
            "statement": "The owner has left, and nobody has been able to reach them for a month.",
        });
        let path = format!("/v1/accounts/{}/cases", scene.account);
        let case = self.client.post(&path, Some(&scene.first), new).await?.good()?;
        let (required, electorate) = (number(&case, "/required")?, number(&case, "/electorate")?);
        ensure!((required, electorate) == (3, 5), "3 of 5 should be required, not {required} of {electorate}");
        tell.seen("more than half of the five must approve: 3 of 5")?;
        tell.note(&format!("they approve exactly these terms: {}", text(&case, "/terms_hash")?))?;
        let mail = self.mails.newest(&cast.owner.email, "owner_alert").await?;
        tell.seen(&format!("the owner was alerted: «{}»", mail.subject))?;
        for administrator in &cast.administrators {
            let mail = self.mails.newest(&administrator.email, "ballot_request").await?;
            ensure!(mail.text.contains(&cast.owner.email), "the mail must name the current owner");
        }
        tell.seen("each of the five got a mail of their own, which names the current owner and the new one")?;
        text(&case, "/id")
    }

    async fn vote(&self, tell: &mut Telling, cast: &Cast, scene: &Scene, case: &str) -> anyhow::Result<()> {
        tell.step("They vote, one by one, through the links in their mails")?;
        self.approve(tell, cast, 0, 1).await?;
        self.approve(tell, cast, 0, 1).await?;
        tell.seen("the same ballot again changed nothing")?;
        self.approve(tell, cast, 1, 2).await?;

        tell.step("Who has no ballot is told why")?;
        let shown = self.client.get(&format!("/v1/cases/{case}"), &scene.first).await?.good()?;
        let ballot = json!({"choice": "approve", "terms_hash": text(&shown, "/terms_hash")?});
        let path = format!("/v1/cases/{case}/ballot");
        self.confirm_sixth(cast, scene).await?;
        tell.seen("three of the five confirmed the sixth administrator, who will count in 72 hours")?;
        let sixth = cast.sixth.sign_in(&self.client, &self.mails).await?;
        let answer = self.client.call(reqwest::Method::PUT, &path, Some(&sixth), Some(ballot.clone())).await?;
        let reason = answer.refused(StatusCode::FORBIDDEN, "not_an_elector")?;
        tell.seen(&format!("Administrator 6 is refused: {reason}"))?;
        let other = json!({"name": "Another example", "first_user": cast.outsider.json()});
        self.client.post("/v1/accounts", Some(&self.operator), other).await?.good()?;
        cast.outsider.accept(&self.client, &self.mails).await?;
        let outsider = cast.outsider.sign_in(&self.client, &self.mails).await?;
        let answer = self.client.call(reqwest::Method::PUT, &path, Some(&outsider), Some(ballot)).await?;
        answer.refused(StatusCode::NOT_FOUND, "not_found")?;
        tell.seen("the owner of another account is not even told that the case exists")?;

        tell.step("The third approval makes the quorum")?;
        self.approve(tell, cast, 2, 3).await?;
        let waiting = self.client.get(&format!("/v1/cases/{case}"), &scene.first).await?.good()?;
        ensure!(text(&waiting, "/state")? == "waiting", "the case should be waiting: {waiting}");
        tell.seen(&format!("the waiting period runs: ownership changes at {}", text(&waiting, "/due_at")?))?;
        let alert = self.mails.alert(&cast.owner.email, "quorum").await?;
        alert.link_token()?;
        tell.seen(&format!("the owner was alerted, with a link that stops the clock: «{}»", alert.subject))
    }

    async fn approve(&self, tell: &Telling, cast: &Cast, place: usize, count: u64) -> anyhow::Result<()> {
        let voter = player(cast, place)?;
        let token = self.mails.newest(&voter.email, "ballot_request").await?.link_token()?;
        let shown = self.client.post("/v1/links/redeem", None, json!({"token": token})).await?.good()?;
        let terms_hash = text(&shown, "/case/terms_hash")?;
        let ballot = json!({"token": token, "choice": "approve", "terms_hash": terms_hash});
        let voted = self.client.post("/v1/links/redeem", None, ballot).await?.good()?;
        let approvals = number(&voted, "/case/approvals")?;
        ensure!(approvals == count, "{count} approvals should count, not {approvals}");
        tell.seen(&format!("{} approves: {approvals} of 3", voter.name))
    }

    async fn wait(&self, tell: &mut Telling, cast: &Cast, scene: &Scene, case: &str) -> anyhow::Result<()> {
        self.complete(tell, &scene.first, case).await?;

        tell.step("The account has a new owner")?;
        let owners = self.client.get(&format!("/v1/accounts/{}/owners", scene.account), &scene.first).await?.good()?;
        ensure!(text(&owners, "/items/0/user")? == scene.nominee, "the nominee should be the owner: {owners}");
        ensure!(owners.pointer("/items/1").is_none(), "there should be one owner: {owners}");
        tell.seen(&format!("{} owns the account", player(cast, 1)?.name))?;
        let welcome = self.mails.newest(&player(cast, 1)?.email, "new_owner_welcome").await?;
        tell.seen(&format!("and was welcomed: «{}»", welcome.subject))?;
        let told = self.mails.newest(&cast.owner.email, "replaced_owner").await?;
        tell.seen(&format!("the replaced owner was told: «{}»", told.subject))?;
        let former = cast.owner.sign_in(&self.client, &self.mails).await?;
        let answer = self.client.get(&format!("/v1/accounts/{}", scene.account), &former).await?;
        let reason = answer.refused(StatusCode::FORBIDDEN, "suspended")?;
        tell.seen(&format!("and is refused: {reason}"))
    }

    /// Watches a case through its waiting period, as somebody who may see it.
    pub async fn complete(&self, tell: &mut Telling, token: &str, case: &str) -> anyhow::Result<()> {
        tell.step(&format!("Nobody objects for {WAITING_SECONDS} seconds (three days outside of this story)"))?;
        let path = format!("/v1/cases/{case}");
        let mut shown = self.client.get(&path, token).await?.good()?;
        let mut patience = 10 * WAITING_SECONDS;
        while text(&shown, "/state")? == "waiting" && patience > 0 {
            sleep(Duration::from_secs(1)).await;
            patience -= 1;
            shown = self.client.get(&path, token).await?.good()?;
        }
        ensure!(text(&shown, "/state")? == "completed", "the case should be completed: {shown}");
        let (due, ended) = (last_due(&shown)?, text(&shown, "/ended_at")?);
        ensure!(due <= ended, "completed at {ended}, before it was due at {due}");
        tell.seen(&format!("the scheduled job completed the case at {ended}, not before it was due"))
    }
}

fn player(cast: &Cast, place: usize) -> anyhow::Result<&Player> {
    cast.administrators.get(place).ok_or_else(|| anyhow::anyhow!("the story has no administrator {}", place + 1))
}

/// The id of somebody in a list of members.
pub fn member(listed: &Value, player: &Player) -> anyhow::Result<String> {
    let items = listed.pointer("/items").and_then(Value::as_array).into_iter().flatten();
    let found = items.into_iter().find(|item| item.get("email").and_then(Value::as_str) == Some(&player.email));
    text(found.unwrap_or(&Value::Null), "/user")
}

/// When the case was due, as its quorum's entry in the activity log says.
fn last_due(case: &Value) -> anyhow::Result<String> {
    let entries = case.pointer("/timeline").and_then(Value::as_array).into_iter().flatten();
    let due = entries.filter_map(|entry| entry.pointer("/entry/data/due_at").and_then(Value::as_str)).next_back();
    due.map(str::to_owned).ok_or_else(|| anyhow::anyhow!("the timeline has no due moment"))
}
