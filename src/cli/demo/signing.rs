//! The third chapter: an account whose ballots are signed with passkeys, and an owner who is there after all. The passkeys are
//! in software.

use anyhow::ensure;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    client::{number, part, text},
    people::{Player, SignedIn},
    story::{Stage, member},
    telling::Telling,
};
use crate::passkey::software::{PRESENT, SoftKey, VERIFIED};

/// Somebody with a passkey.
struct Holder {
    person: SignedIn,
    key: SoftKey,
}

impl Stage {
    /// Plays the third chapter and returns its account. The first step that fails ends it.
    pub async fn play_signing(&self, tell: &mut Telling) -> anyhow::Result<String> {
        tell.step("An account that takes signed ballots only")?;
        let owner = Player::new("Careful Owner");
        let administrators = ["Administrator 8", "Administrator 9", "Administrator 10"].map(Player::new);
        let new = json!({
            "name": "Fourth example",
            "preset": "recommended",
            "first_user": owner.json(),
            "administrators": administrators.iter().map(Player::json).collect::<Vec<_>>(),
            "policy": {"ballots": ["passkey"]},
        });
        let account = text(&self.client.post("/v1/accounts", Some(&self.operator), new).await?.good()?, "/id")?;
        let members = format!("/v1/accounts/{account}/members");
        for player in std::iter::once(&owner).chain(&administrators) {
            player.accept(&self.client, &self.mails).await?;
        }
        let listed = self.client.get(&members, &self.operator).await?.good()?;
        let mut holders = Vec::new();
        for player in std::iter::once(owner).chain(administrators) {
            let token = player.sign_in(&self.client, &self.mails).await?;
            let person = SignedIn { user: member(&listed, &player)?, token, player };
            holders.push(self.with_passkey(person).await?);
        }
        tell.seen(
            "the owner and the three administrators add a passkey each, on the day on which they confirm their address",
        )?;
        let [owner, mut first, mut second, third] =
            <[Holder; 4]>::try_from(holders).map_err(|_| anyhow::anyhow!("there should be four"))?;
        let case = self.propose(&account, &first, &third).await?;
        self.sign_ballots(tell, &case, &mut [&mut first, &mut second]).await?;
        self.object(tell, &case, owner).await?;
        Ok(account)
    }

    async fn with_passkey(&self, person: SignedIn) -> anyhow::Result<Holder> {
        person.prove_by_mail(&self.client, &self.mails).await?;
        let token = Some(person.token.as_str());
        let asked = self.client.post("/v1/me/devices/options", token, json!({})).await?.good()?;
        let options = part(&asked, "/options")?;
        let key = SoftKey::make(options)?;
        let made = key.made(options, &self.site, PRESENT | VERIFIED)?;
        let new = json!({"ceremony": part(&asked, "/ceremony")?, "name": "In software", "answer": made});
        self.client.post("/v1/me/devices", token, new).await?.good()?;
        Ok(Holder { person, key })
    }

    async fn propose(&self, account: &str, opener: &Holder, nominee: &Holder) -> anyhow::Result<Value> {
        let new = json!({
            "kind": "add",
            "nominee": nominee.person.user,
            "statement": "Nobody has heard of the owner this week.",
        });
        self.client.post(&format!("/v1/accounts/{account}/cases"), Some(&opener.person.token), new).await?.good()
    }

    async fn sign_ballots(&self, tell: &mut Telling, case: &Value, voters: &mut [&mut Holder]) -> anyhow::Result<()> {
        let path = format!("/v1/cases/{}/ballot", text(case, "/id")?);
        let ballot = json!({"choice": "approve", "terms_hash": text(case, "/terms_hash")?});
        for (count, voter) in (1_u64..).zip(voters) {
            let token = Some(voter.person.token.as_str());
            if count == 1 {
                let unsigned = self.client.call(Method::PUT, &path, token, Some(ballot.clone())).await?;
                let reason = unsigned.refused(StatusCode::FORBIDDEN, "way_not_allowed")?;
                tell.seen(&format!("a ballot that nothing has signed is refused: {reason}"))?;
            }
            let asked = self.client.post(&format!("{path}/options"), token, ballot.clone()).await?.good()?;
            let answer = voter.key.shown(part(&asked, "/options")?, &self.site, PRESENT | VERIFIED)?;
            let signed = json!({
                "choice": "approve",
                "terms_hash": part(&ballot, "/terms_hash")?,
                "passkey": {"ceremony": part(&asked, "/ceremony")?, "answer": answer},
            });
            let voted = self.client.call(Method::PUT, &path, token, Some(signed)).await?.good()?;
            let approvals = number(&voted, "/approvals")?;
            ensure!(approvals == count, "{count} approvals should count, not {approvals}");
            tell.seen(&format!(
                "{} approves, and their passkey signs just that: these terms, this choice",
                voter.person.player.name
            ))?;
        }
        tell.note("each signature is kept beside its ballot, and can be checked without this service")
    }

    async fn object(&self, tell: &mut Telling, case: &Value, mut owner: Holder) -> anyhow::Result<()> {
        tell.step("The owner is there after all")?;
        let token = owner.person.token.clone();
        let asked = self.client.post("/v1/proof/options", Some(&token), json!({})).await?.good()?;
        let answer = owner.key.shown(part(&asked, "/options")?, &self.site, PRESENT | VERIFIED)?;
        let shown = json!({"passkey": {"ceremony": part(&asked, "/ceremony")?, "answer": answer}});
        self.client.post("/v1/proof", Some(&token), shown).await?.good()?;
        let path = format!("/v1/cases/{}/veto", text(case, "/id")?);
        let ended = self.client.post(&path, Some(&token), json!({})).await?.good()?;
        ensure!(text(&ended, "/state")? == "vetoed", "the case should be vetoed: {ended}");
        tell.seen("they show their passkey and veto the case: nothing has changed")
    }
}
