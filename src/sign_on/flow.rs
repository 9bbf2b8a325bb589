//! The two halves of a sign-in at a provider: where to send a browser, and what the provider says of whoever comes back.
//!
//! Authorization code with PKCE. The ID token is checked whole: issuer, audience, nonce, times by our clock, and the signature
//! by a key of the provider, of the kinds that need no shared secret.

use chrono::{DateTime, Utc};
use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, TokenResponse,
    core::{
        CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier,
        CoreJwsSigningAlgorithm as Alg, CoreResponseType,
    },
};
use reqwest::Url;

use super::{
    failed::{Failed, Why},
    http::in_time,
    provider::{Description, Known, Providers},
};
use crate::{
    moment::Moment,
    ownership::sign_on::{Checked, Issuer, Vouched},
    secret::SignOnWords,
};

/// The kinds of signatures that are taken: those that only the provider can make.
const ASYMMETRIC: [Alg; 9] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EdDsa,
];

/// How far a provider's clock may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(1);
/// How old an ID token may be, whatever end it names: it is made when somebody comes back.
const OLDEST: SignedDuration = SignedDuration::from_mins(10);

/// What an account is to its provider.
pub struct Client<'a> {
    /// The provider.
    pub issuer: &'a Issuer,
    /// By what it knows the account.
    pub id: &'a str,
    /// By what the account shows that it is the one; none for a public client.
    pub secret: Option<&'a str>,
    /// Where browsers come back to. It is this account's alone.
    pub redirect: String,
}

/// What a browser brings back from a provider.
pub struct Answer<'a> {
    /// The code.
    pub code: &'a str,
    /// Which provider sent it, if that says so.
    pub issuer: Option<&'a str>,
}

/// The library's client with everything that it needs to know of the account and its provider. A macro, because the name of
/// its type would be longer than what it does.
macro_rules! client {
    ($client:expr, $description:expr) => {{
        let (client, description) = ($client, $description);
        let secret = client.secret.map(|secret| ClientSecret::new(secret.to_owned()));
        let redirect = RedirectUrl::new(client.redirect.clone()).map_err(|_| Failed::Described(Why::Scheme))?;
        CoreClient::from_provider_metadata(description.clone(), ClientId::new(client.id.to_owned()), secret)
            .set_auth_type(way_to_authenticate(description))
            .set_redirect_uri(redirect)
    }};
}

impl Providers {
    /// Where to send a browser.
    ///
    /// # Errors
    /// Why it cannot be sent anywhere.
    pub async fn address(&self, client: &Client<'_>, words: &SignOnWords, now: Moment) -> Result<Url, Failed> {
        let _place = self.place()?;
        let known = in_time(self.described(client.issuer, now)).await?;
        let verifier = PkceCodeVerifier::new(words.verifier.to_string());
        let (state, nonce) = (words.state.to_string(), words.nonce.to_string());
        let (address, _, _) = client!(client, &*known.description)
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(address)
    }

    /// What the provider says of whoever came back.
    ///
    /// # Errors
    /// Why its word is not taken.
    pub async fn vouched(
        &self,
        client: &Client<'_>,
        words: &SignOnWords,
        answer: &Answer<'_>,
        now: Moment,
    ) -> Result<Vouched, Failed> {
        let _place = self.place()?;
        in_time(async {
            let known = self.described(client.issuer, now).await?;
            sent_by(client.issuer, answer.issuer, &known.description)?;
            let token = self.exchanged(client, words, answer.code, &known).await?;
            let claims = match checked(&token, client, words, &known.description, now) {
                // Its keys may have changed since they were asked for.
                Err(Failed::NotTrusted(Why::Key)) => match self.described_anew(client.issuer, now).await? {
                    Some(known) => checked(&token, client, words, &known.description, now)?,
                    None => return Err(Failed::NotTrusted(Why::Key)),
                },
                outcome => outcome?,
            };
            Ok(said(&claims))
        })
        .await
    }

    async fn exchanged(
        &self,
        client: &Client<'_>,
        words: &SignOnWords,
        code: &str,
        known: &Known,
    ) -> Result<CoreIdToken, Failed> {
        let asked = client!(client, &*known.description)
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| Failed::Described(Why::NoTokens))?
            .set_pkce_verifier(PkceCodeVerifier::new(words.verifier.to_string()))
            .request_async(self.http())
            .await;
        let answer = asked.map_err(|error| match error {
            RequestTokenError::Request(failed) => failed,
            RequestTokenError::ServerResponse(_) => Failed::NotConfirmed(Why::Refused),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Failed::NotConfirmed(Why::Answer),
        })?;
        answer.id_token().cloned().ok_or(Failed::NotConfirmed(Why::NoToken))
    }
}

fn way_to_authenticate(description: &Description) -> AuthType {
    let ways = description.token_endpoint_auth_methods_supported();
    // Without a word of it, a provider takes the secret in a header; so says the standard.
    let takes = |way| ways.is_none_or(|ways| ways.contains(&way));
    let in_header = takes(CoreClientAuthMethod::ClientSecretBasic);
    if in_header || !takes(CoreClientAuthMethod::ClientSecretPost) {
        AuthType::BasicAuth
    } else {
        AuthType::RequestBody
    }
}

/// Whether the answer is from the provider to which the browser was sent, as far as that tells (RFC 9207).
fn sent_by(issuer: &Issuer, named: Option<&str>, description: &Description) -> Result<(), Failed> {
    let always = description.additional_metadata().authorization_response_iss_parameter_supported;
    match named {
        Some(named) if named == issuer.as_str() => Ok(()),
        None if !always => Ok(()),
        Some(_) | None => Err(Failed::NotTrusted(Why::MixedUp)),
    }
}

fn checked(
    token: &CoreIdToken,
    client: &Client<'_>,
    words: &SignOnWords,
    description: &Description,
    now: Moment,
) -> Result<CoreIdTokenClaims, Failed> {
    let not = Failed::NotTrusted;
    let issuer = IssuerUrl::new(client.issuer.as_str().to_owned()).map_err(|_| not(Why::Issuer))?;
    let at = DateTime::<Utc>::from_timestamp_micros(now.micros()).ok_or(not(Why::Time))?;
    let (id, keys) = (ClientId::new(client.id.to_owned()), description.jwks().clone());
    // Without the client's secret: nothing is taken that is signed by a secret that others have too.
    let verifier =
        CoreIdTokenVerifier::new_public_client(id, issuer, keys)
            .set_allowed_algs(ASYMMETRIC)
            .set_time_fn(move || at)
            .set_issue_time_verifier_fn(move |made| {
                if is_recent(made, now) { Ok(()) } else { Err("not made just now".to_owned()) }
            });
    let claims = token.claims(&verifier, &Nonce::new(words.nonce.to_string()));
    let claims = claims.map_err(|error| not(wrong(&error)))?;
    // The library leaves this one to us: a token that was made for another client, whoever else may read it.
    if claims.authorized_party().is_some_and(|party| party.as_str() != client.id) {
        return Err(not(Why::Audience));
    }
    Ok(claims.clone())
}

fn is_recent(made: DateTime<Utc>, now: Moment) -> bool {
    let Ok(made) = Timestamp::from_microsecond(made.timestamp_micros()) else { return false };
    let made = Moment::from_micros(made.as_microsecond());
    now.before(OLDEST) <= made && made <= now.after(AHEAD)
}

fn wrong(error: &ClaimsVerificationError) -> Why {
    match error {
        ClaimsVerificationError::Expired(_) => Why::Time,
        ClaimsVerificationError::InvalidAudience(_) => Why::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => Why::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => Why::Nonce,
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => Why::Key,
        ClaimsVerificationError::SignatureVerification(_) => Why::Signature,
        ClaimsVerificationError::InvalidAuthContext(_)
        | ClaimsVerificationError::InvalidAuthTime(_)
        | ClaimsVerificationError::InvalidSubject(_)
        | ClaimsVerificationError::Unsupported(_)
        | ClaimsVerificationError::Other(_)
        | _ => Why::Claims,
    }
}

fn said(claims: &CoreIdTokenClaims) -> Vouched {
    Vouched {
        subject: claims.subject().as_str().to_owned(),
        address: claims.email().and_then(|address| address.as_str().parse().ok()),
        checked: if claims.email_verified() == Some(true) { Checked::Verified } else { Checked::Not },
    }
}
