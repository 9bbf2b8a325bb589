//! The short confirmation on the page that follows a form. The address names it by a key out of a fixed list, so nothing is
//! kept between the two requests, and nobody can have a page of ours say something else.

use axum::http::Uri;

macro_rules! notices {
    ($($name:ident $key:literal $words:literal)*) => {
        /// Something that was just done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Notice {
            $(#[doc = $words] $name,)*
        }

        impl Notice {
            /// How an address names it.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// What the page says.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }

            fn named(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$name),)* _ => None }
            }
        }
    };
}

notices! {
    SignedOut "signed-out" "You are signed out."
    SignInNeeded "sign-in-needed" "You came through your organization, which is not enough for this. Sign in with a code, a password or a passkey."
    SessionEnded "session-ended" "Your session has ended. Sign in again to go on."
    Proven "proven" "Thank you. For the next five minutes, nobody asks again who you are."
    TimeZoneChanged "time-zone-changed" "Mails to you write the time as it is there."
    NameChanged "name-changed" "Your name is changed."
    AddressChanged "address-changed" "Your address is changed. Both addresses are told by mail, and your other sessions have ended."
    PasswordSet "password-set" "Your password is set. You are told by mail, and your other sessions have ended."
    PasswordRemoved "password-removed" "Your password is removed. You are told by mail, and your other sessions have ended."
    CredentialNeeded "credential-needed" "A mailed code is not enough for this. Show with your password or a passkey that it is you."
    PasskeyAdded "passkey-added" "Your passkey is added. You are told by mail."
    PasskeyRenamed "passkey-renamed" "Your passkey has its new name."
    PasskeyRemoved "passkey-removed" "Your passkey is removed. You are told by mail, and your other sessions have ended."
    SessionClosed "session-closed" "The session is ended."
    OtherSessionsClosed "other-sessions-closed" "Your other sessions are ended."
    CaseOpened "case-opened" "The case is open, and everybody concerned is told by mail. Opening is not a ballot: vote as well."
    BallotRecorded "ballot-recorded" "Your ballot is recorded."
    BallotTakenBack "ballot-taken-back" "Your ballot is taken back."
    CasePaused "case-paused" "The case is paused, and everybody concerned is told by mail."
    CaseVetoed "case-vetoed" "The case is vetoed, and everybody concerned is told by mail."
    CaseWithdrawn "case-withdrawn" "The case is withdrawn, and everybody concerned is told by mail."
    AccountSuspended "account-suspended" "The account is suspended. Its owners and administrators are told by mail."
    AccountResumed "account-resumed" "The account is in use again. Its owners and administrators are told by mail."
    AccountClosing "account-closing" "The account is being closed. Its owners and administrators are told by mail."
    AccountKept "account-kept" "The account stays open. Its owners and administrators are told by mail."
    ChildCreated "child-created" "It is created. Its first owner is asked by mail, and owns it as soon as they have accepted."
    ChildOwned "child-owned" "It is created, and you own it."
    RemovalContested "removal-contested" "The removal is contested. Owners and administrators are told by mail."
    RecoveryUserAdded "recovery-user-added" "They are chosen. Each of their addresses gets a mail with a link that confirms it, and all owners are told."
    RecoveryUserRemoved "recovery-user-removed" "They are removed. All owners are told by mail."
    PaperKeyRevoked "paper-key-revoked" "The key is revoked. All owners are told by mail."
    MemberInvited "member-invited" "The invitation is on its way by mail."
    RoleChanged "role-changed" "The role is changed."
    MemberSuspended "member-suspended" "The member is suspended."
    MemberResumed "member-resumed" "The member has access again."
    MemberRemoved "member-removed" "The member is removed."
    AccountLeft "account-left" "You have left the account."
    OwnerGranted "owner-granted" "Ownership is granted. All owners are told by mail."
    OwnerRevoked "owner-revoked" "Ownership is revoked. All owners are told by mail."
    PrimaryPassed "primary-passed" "There is another primary owner now. All owners are told by mail."
    TransferOffered "transfer-offered" "Your ownership is offered. All owners are told by mail, and the member gets a mail with a link."
    TransferAccepted "transfer-accepted" "You own the account. All owners are told by mail."
    TransferDeclined "transfer-declined" "You have declined. All owners are told by mail."
    TransferCancelled "transfer-cancelled" "The offer is taken back. All owners are told by mail, and so is the member."
    PolicyChanged "policy-changed" "The policy is changed, and in force. All owners are told by mail."
    PolicyProposed "policy-proposed" "The change waits, and all owners are told by mail."
    PolicyUnchanged "policy-unchanged" "Nothing was changed: the policy says that already, or such a change waits already."
    PolicyCancelled "policy-cancelled" "The change is cancelled, and all owners are told by mail."
    SettingsSaved "settings-saved" "The settings are saved."
    DomainAdded "domain-added" "The domain is added. Nobody joins by it before its record is found."
    SignOnSet "sign-on-set" "People can sign in through your identity provider. All owners are told by mail."
    SignOnRemoved "sign-on-removed" "Single sign-on is turned off. All owners are told by mail."
    WebhookOn "webhook-on" "The endpoint is on. All owners are told by mail."
    WebhookOff "webhook-off" "The endpoint is off. All owners are told by mail."
    WebhookRemoved "webhook-removed" "The endpoint is removed. All owners are told by mail."
    WebhookTested "webhook-tested" "A test is on its way. Load this page again to see what came of it."
    DomainProven "domain-proven" "The record was found. People can join by that domain."
    Joined "joined" "You have joined the account."
    ChangeConfirmed "change-confirmed" "Your confirmation is recorded."
    DigestOn "digest-on" "Owners get the weekly mail again, while the account is badly prepared."
    DigestOff "digest-off" "Owners get no weekly mail about this account any more. Alerts go on."
}

impl Notice {
    /// What the address of a page asks it to say: `?done=…`.
    #[must_use]
    pub fn of(address: &Uri) -> Option<Self> {
        address.query()?.split('&').find_map(|pair| Self::named(pair.strip_prefix("done=")?))
    }

    /// The address of a page that is to say this.
    #[must_use]
    pub fn on(self, page: &str) -> String {
        let mark = if page.contains('?') { '&' } else { '?' };
        format!("{page}{mark}done={}", self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_notice() {
        let asked = Notice::SignedOut.on("/?a=b").parse().unwrap();
        assert_eq!(Notice::of(&asked), Some(Notice::SignedOut));
        for silent in ["/", "/?done=", "/?done=you+are+hacked", "/?undone=signed-out"] {
            assert_eq!(Notice::of(&silent.parse().unwrap()), None, "{silent}");
        }
    }
}
