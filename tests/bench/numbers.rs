//! Who is who in a seeded database: every id and every session follows from a number.
//!
//! So the load generator needs no lookups, and `pgbench`, whose variables are whole numbers, can name the same rows.

use quorate::{
    id::{AccountId, CaseId, CredentialId, Id, SessionId, UserId},
    secret::TokenHash,
};
use uuid::Uuid;

/// So many administrators of an account vote. Of seven, that is below the quorum of four, and when both reject, four of
/// the six whose approval counts (the nominee's does not) can still approve: the case stays open.
pub const VOTERS: u64 = 2;

/// What a number names. The discriminant stands in the id.
#[derive(Clone, Copy)]
pub enum Named {
    Account = 1,
    User = 2,
    OpenCase = 3,
    EndedCase = 4,
    Session = 5,
    Mail = 6,
    Credential = 7,
}

/// All of an id's text but the number.
pub fn prefix(named: Named) -> String {
    format!("0190000{}-0000-7000-8000-", named as u8)
}

/// The id with that number; its last twelve hexadecimal digits are the decimal number.
pub fn uuid(named: Named, number: u64) -> Uuid {
    format!("{}{number:012}", prefix(named)).parse().unwrap()
}

fn id<K>(named: Named, number: u64) -> Id<K> {
    Id::from_uuid(uuid(named, number))
}

pub fn account(account: u64) -> AccountId {
    id(Named::Account, account)
}

/// A person of an account: 0 is the owner, 1 to 7 are its administrators.
pub fn user(account: u64, person: u64) -> UserId {
    id(Named::User, account * 10 + person)
}

/// The open case of an account.
pub fn open_case(account: u64) -> CaseId {
    id(Named::OpenCase, account)
}

/// A case of an account that has ended.
pub fn ended_case(account: u64, number: u64) -> CaseId {
    id(Named::EndedCase, account * 1000 + number)
}

/// The session of a person, by the person's number: ten times the account's, and their own.
pub fn session(person: u64) -> SessionId {
    id(Named::Session, person)
}

/// The password by which the session's person proves that it is them.
pub fn credential(person: u64) -> CredentialId {
    id(Named::Credential, person)
}

/// What a session's token begins with.
pub const TOKEN: &str = "quorate_session_";
/// Letters after that.
pub const TOKEN_LETTERS: usize = 43;

/// The token of a person's session.
pub fn token(account: u64, person: u64) -> String {
    format!("{TOKEN}{:0width$}", account * 10 + person, width = TOKEN_LETTERS)
}

/// Its hash.
pub fn token_hash(account: u64, person: u64) -> TokenHash {
    TokenHash::of(&token(account, person))
}
