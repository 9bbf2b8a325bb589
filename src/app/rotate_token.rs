//! A session gets another token before something is shown in it that the old one must not share.
//!
//! Whoever has got hold of the token before, from a log or a shared screen, then gets nothing of the proof. Requests of one
//! browser may cross, so for half a minute the old token still says who it was, and can be rotated again; but no session
//! comes with it, and whoever rotates it loses what was proven.

use jiff::SignedDuration;

use super::{app::App, error::Error};
use crate::{
    secret::{Token, TokenHash, TokenKind},
    store::{db::Unit, sessions, tx::Tx},
};

/// For how long the token before still says who it was.
pub const CROSSING: SignedDuration = SignedDuration::from_secs(30);

/// Giving a session another token.
pub struct RotateToken {
    /// The service.
    pub app: App,
    /// The one that was presented.
    pub presented: TokenHash,
}

impl Unit for RotateToken {
    type Out = Option<Token>;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Option<Token>, Error> {
        let now = self.app.now();
        let (token, hash) = self.app.chance.token(TokenKind::Session);
        let rotated = sessions::rotate(tx, &self.presented, &hash, now.after(CROSSING), now).await?;
        Ok(rotated.then_some(token))
    }
}
