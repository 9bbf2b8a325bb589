//! Ballots that are signed with a passkey: what is asked of it, and what becomes of its answer.
//!
//! The passkey signs the terms and the choice, so its answer is a ballot and nothing else, and nobody can make another one
//! of it. It shows at the same time who is there. First it is used, as whenever somebody shows one; then the ballot is cast.
//! Where the service dies between the two, they sign once more.

use serde_json::Value;

use super::{
    act::{self, Acted},
    app::App,
    ceremony::Question,
    error::{Access, Error},
    fresh_proof::{fresh_proof, supposed},
    here::Here,
    principal::Principal,
    prove::session_of,
    rights,
    use_passkey::{Answer, Used, used},
};
use crate::{
    id::{CaseId, CeremonyId},
    ownership::credential::Proof,
    passkey::{ballot::Signature, refused::Refused, relying_party::RelyingParty},
    recovery::{
        action::{Action, Actor, Arrival},
        ballot::Choice,
        decide::decide,
        signature::Signed,
        terms::TermsHash,
    },
    secret::Ceremony,
    store::{credentials, db::Unit, passkeys, scene, signatures, tx::Tx},
};

/// A ballot, before it is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The case.
    pub case: CaseId,
    /// The choice.
    pub choice: Choice,
    /// The terms that the voter was shown.
    pub terms_hash: TermsHash,
}

/// Asks for the signature of one of the caller's passkeys. Says which ceremony that is, and what the browser needs to know.
/// What would be refused is refused before anything is signed.
///
/// # Errors
/// [`Error::NotFound`] for cases of which they may not know; why the ballot would not be taken; [`Refused::Unknown`] where
/// they have no passkey.
pub async fn ask_signature(app: &App, principal: &Principal, wanted: Wanted) -> Result<(CeremonyId, Value), Error> {
    let (user, session) = session_of(principal)?;
    let mut tx = app.db.snapshot().await?;
    let scene = scene::load(&mut tx, wanted.case, Some(user)).await?.ok_or(Error::NotFound)?;
    rights::may_read_case(&mut tx, principal, scene.account.id, &scene.case).await?;
    let now = app.now();
    let Wanted { choice, terms_hash, .. } = wanted;
    let arrival = Arrival::Signed { proof: supposed(now)?, signed: Signed::supposed(terms_hash, choice) };
    let action = Action::Cast { choice, terms_hash, arrival };
    decide(&scene.case.case, &scene.surroundings(), action, Actor::Person(user), now)?;
    let held = passkeys::of_user(&mut tx, user, now).await?;
    if held.is_empty() {
        return Err(Refused::Unknown.into());
    }
    let question = Question::ask(app, Ceremony::Ballot(session, terms_hash, choice))?;
    let keys: Vec<_> = held.into_iter().map(|one| one.key).collect();
    Ok((question.id, question.service.request(&question.challenge, &keys)?))
}

/// Casts a ballot that a passkey of the caller has signed.
///
/// # Errors
/// Why it is not taken.
pub async fn cast_signed(app: &App, principal: Principal, wanted: Wanted, answer: Answer) -> Result<Acted, Error> {
    let sign = SignBallot { app: app.clone(), principal: principal.clone(), wanted, answer };
    match app.db.run(sign).await? {
        Signing::By(signature, proof) => {
            app.db.run(CastSigned { app: app.clone(), principal, wanted, signature: *signature, proof }).await
        }
        Signing::Copied => Err(Refused::Copied.into()),
    }
}

/// Using the passkey.
pub struct SignBallot {
    /// The service.
    pub app: App,
    /// Who signs.
    pub principal: Principal,
    /// What.
    pub wanted: Wanted,
    /// What their passkey answered.
    pub answer: Answer,
}

/// What came of it. Both are saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signing {
    /// It is theirs; that was its signature, by which they have just shown who they are.
    By(Box<Signature>, Proof),
    /// There may be a copy of the passkey, so it was ended.
    Copied,
}

impl Unit for SignBallot {
    type Out = Signing;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Signing, Error> {
        let (user, session) = session_of(&self.principal)?;
        let Wanted { terms_hash, choice, .. } = self.wanted;
        let what = Ceremony::Ballot(session, terms_hash, choice);
        let (passkey, proof) = match used(tx, &self.app, what, Some(user), &self.answer).await? {
            Used::By(passkey, proof) => (passkey, proof),
            Used::Copied => return Ok(Signing::Copied),
        };
        let service = RelyingParty::at(&self.app.public_url).ok_or(Access::NoPasskeysHere)?;
        let nonce = self.app.secret.ballot_nonce(self.answer.ceremony, session);
        let signature = Signature::of(&service, passkey.credential.held.id, &passkey.key, &nonce, &self.answer.answer)?;
        Ok(Signing::By(Box::new(signature), proof))
    }
}

/// Casting the ballot that was signed.
pub struct CastSigned {
    /// The service.
    pub app: App,
    /// Who votes.
    pub principal: Principal,
    /// What.
    pub wanted: Wanted,
    /// The signature.
    pub signature: Signature,
    /// What it shows of who is there.
    pub proof: Proof,
}

impl Unit for CastSigned {
    type Out = Acted;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Acted, Error> {
        let user = self.principal.person_everywhere()?;
        let Wanted { case, choice, terms_hash } = self.wanted;
        let signed = self.signature.verify(terms_hash, choice)?;
        let (mut here, scene) = Here::enter_case(tx, &self.app, case, Some(user)).await?;
        // Meanwhile the passkey may have been removed.
        let held = credentials::every(here.tx, user, here.now).await?;
        if held.iter().all(|one| one.id != self.signature.passkey) {
            return Err(Refused::Unknown.into());
        }
        let proof = fresh_proof(here.tx, here.account.id, Some(self.proof), here.now).await?;
        let before = scene.case.case.electors.get(&user).and_then(|elector| elector.ballot.clone());
        let action = Action::Cast { choice, terms_hash, arrival: Arrival::Signed { proof, signed } };
        let acted = act::signed(&mut here, scene, action, &self.principal).await?;
        let after = acted.case.electors.get(&user).and_then(|elector| elector.ballot.clone());
        // The same choice again changes nothing, and the signature that it has stays.
        if after != before {
            signatures::keep(here.tx, case, user, &self.signature).await?;
        }
        Ok(acted)
    }
}
