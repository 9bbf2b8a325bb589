//! Signing in with a code from a mail.
//!
//! Who names the request gets five tries at its code; others' tries at other requests do not touch it. Fifty wrong ones in
//! a day for one address are the end of typing codes there: then only the link in the mail signs in, and that works always,
//! since nobody can guess it ([`super::follow_sign_in`]). What is done, written and answered is the same for an address
//! that nobody has. Every wrong try is saved, so it is an outcome here and no error.

use jiff::SignedDuration;

use super::{
    app::App,
    begin_session::{Entry, SignedIn, begin},
    error::{Access, Error},
    sign_in::lifetime,
};
use crate::{
    id::CodeId,
    meter::names,
    moment::Moment,
    ownership::address::Email,
    secret::{Subject, TokenHash},
    store::{
        codes::TRIES,
        db::Unit,
        guesses::{self, Counted},
        sign_in_requests::{self, Request},
        tx::Tx,
        users,
    },
};

/// How many wrong codes may be typed for one address in a day. Ten codes can be good at once, so this is one chance in
/// 200,000 to guess one.
pub const TRIES_A_DAY: i64 = 50;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Signs somebody in.
pub struct ConfirmSignIn {
    /// The service.
    pub app: App,
    /// The address that the code went to.
    pub email: Email,
    /// The code, as typed.
    pub code: String,
    /// The request that the code belongs to, if the caller knows it.
    pub request: Option<CodeId>,
    /// What the browser is known by, if it says.
    pub browser: Option<TokenHash>,
}

/// What became of it. Both are saved.
#[derive(Debug)]
pub enum Confirmed {
    /// The code was right.
    SignedIn(SignedIn),
    /// It was not.
    Refused(Access),
}

impl Confirmed {
    /// The new session, or the refusal as an error, now that it is saved.
    ///
    /// # Errors
    /// The refusal.
    pub fn signed_in(self) -> Result<SignedIn, Error> {
        match self {
            Self::SignedIn(signed_in) => Ok(signed_in),
            Self::Refused(access) => Err(access.into()),
        }
    }
}

impl Unit for ConfirmSignIn {
    type Out = Confirmed;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Confirmed, Error> {
        let now = self.app.now();
        let requests = sign_in_requests::unexpired(tx, &self.email, now).await?;
        let named = requests.iter().find(|request| Some(request.id) == self.request);
        // Counted before it is weighed, or many at once would all see the count before them.
        let counted = self.count(tx, named, now).await?;
        let right = match (counted.is_within(), named) {
            (Within::Yes, Some(request)) => Some(request).filter(|request| self.is_code_of(request)),
            // A request that was over the limit has no code of its own; its caller may have one of the earlier ones.
            (Within::Yes, None) => requests.iter().find(|request| self.is_code_of(request)),
            // Not told apart from a wrong code. The way out is the link in the mail, and the page says so each time.
            (Within::No, _) => None,
        };
        let signed_in = match right {
            Some(request) => enter(tx, &self.app, request, self.browser, now).await?,
            None => None,
        };
        let Some(signed_in) = signed_in else {
            tx.count(&names::SIGN_INS, "refused");
            return Ok(Confirmed::Refused(Access::WrongCode));
        };
        counted.take_back(tx).await?;
        tx.count(&names::SIGN_INS, "signed_in");
        Ok(Confirmed::SignedIn(signed_in))
    }
}

/// A try, as it is counted for its address and for its request.
struct Counts {
    at_address: (Subject, Counted),
    of_request: Option<(Subject, Counted)>,
}

enum Within {
    Yes,
    No,
}

impl Counts {
    fn is_within(&self) -> Within {
        let of_request = self.of_request.as_ref().map_or(0, |(_, counted)| counted.tries);
        if self.at_address.1.tries <= TRIES_A_DAY && of_request <= TRIES { Within::Yes } else { Within::No }
    }

    async fn take_back(&self, tx: &mut Tx) -> Result<(), Error> {
        for (subject, counted) in [&self.at_address].into_iter().chain(&self.of_request) {
            guesses::take_back(tx, subject, *counted).await?;
        }
        Ok(())
    }
}

impl ConfirmSignIn {
    async fn count(&self, tx: &mut Tx, named: Option<&Request>, now: Moment) -> Result<Counts, Error> {
        let subject = self.app.secret.code_guesses_at(self.email.as_str());
        let at_address = (subject, guesses::count(tx, &subject, now, now.before(DAY)).await?);
        let of_request = match named {
            Some(request) => {
                let subject = self.app.secret.code_guesses_of(request.id);
                Some((subject, guesses::count(tx, &subject, now, now.before(lifetime())).await?))
            }
            None => None,
        };
        Ok(Counts { at_address, of_request })
    }

    fn is_code_of(&self, request: &Request) -> bool {
        self.app.secret.is_code(request.id, &self.code)
    }
}

/// Signs in whoever has the address of a request, and uses the request up. Nobody does where nobody has it any more, or
/// where the request was used.
pub(super) async fn enter(
    tx: &mut Tx,
    app: &App,
    request: &Request,
    browser: Option<TokenHash>,
    now: Moment,
) -> Result<Option<SignedIn>, Error> {
    let Some(user) = users::by_email(tx, &request.email).await? else { return Ok(None) };
    users::lock(tx, user.id).await?;
    // Once more: while this waited, they may have changed their address, and this one is theirs no longer.
    let theirs = users::by_id(tx, user.id).await?.is_some_and(|user| user.email == request.email);
    if !theirs || !sign_in_requests::use_up(tx, request.id, now).await? {
        return Ok(None);
    }
    users::confirm(tx, user.id, now).await?;
    Ok(Some(begin(tx, app, user.id, Entry::Mail, browser, now).await?))
}
