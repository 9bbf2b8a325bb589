//! Everybody in the model, under ids that are small and fixed.

use quorate::{
    id::{ChangeId, UserId},
    recovery::terms::Person,
};
use uuid::Uuid;

const ATTACKERS: u128 = 0x10;
const HONEST: u128 = 0x20;
const PUPPETS: u128 = 0x30;
const SECOND_BODIES: u128 = 0x40;
const OWNER: u128 = 0x50;
const HEIR: u128 = 0x51;
const ACCOMPLICE: u128 = 0x52;

const fn person(base: u128, number: u8) -> UserId {
    UserId::from_uuid(Uuid::from_u128(base + number as u128))
}

/// An administrator who wants the account for themselves.
pub const fn attacker(number: u8) -> UserId {
    person(ATTACKERS, number)
}

/// An administrator who wants what is right.
pub const fn honest(number: u8) -> UserId {
    person(HONEST, number)
}

/// Somebody whom the attackers add.
pub const fn puppet(number: u8) -> UserId {
    person(PUPPETS, number)
}

/// The same human as that attacker, taken for a new person. Exists only where a guard is switched off.
pub const fn second_body(number: u8) -> UserId {
    person(SECOND_BODIES, number)
}

/// The owner who is lost, or who objects.
pub const fn owner() -> UserId {
    person(OWNER, 0)
}

/// Whom the honest propose: a member, not an administrator.
pub const fn heir() -> UserId {
    person(HEIR, 0)
}

/// Whom the attackers propose: a member, not an administrator, so that no vote of theirs is spent on them.
pub const fn accomplice() -> UserId {
    person(ACCOMPLICE, 0)
}

/// Which side somebody is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The attackers, their puppets, their second bodies, their nominee.
    Bad,
    /// Everybody else.
    Good,
}

/// The side of that person.
pub fn side(user: UserId) -> Side {
    match user.uuid().as_u128() & 0xf0 {
        HONEST => Side::Good,
        ATTACKERS | PUPPETS | SECOND_BODIES => Side::Bad,
        _ if user == accomplice() => Side::Bad,
        _ => Side::Good,
    }
}

/// Whether somebody was brought in by the attackers.
pub fn is_puppet(user: UserId) -> bool {
    user.uuid().as_u128() & 0xf0 == PUPPETS
}

/// The human behind an id: a second body is nobody new.
pub fn human(user: UserId) -> UserId {
    let bits = user.uuid().as_u128();
    if bits & 0xf0 == SECOND_BODIES {
        UserId::from_uuid(Uuid::from_u128(bits - SECOND_BODIES + ATTACKERS))
    } else {
        user
    }
}

/// The second body of an attacker.
pub fn body_of(user: UserId) -> UserId {
    UserId::from_uuid(Uuid::from_u128(user.uuid().as_u128() - ATTACKERS + SECOND_BODIES))
}

/// The change under way for that person: there is at most one at a time.
pub const fn change_of(user: UserId) -> ChangeId {
    ChangeId::from_uuid(user.uuid())
}

/// The person as the terms name them.
pub fn in_terms(id: UserId) -> Person {
    Person { id, name: String::new(), email: String::new() }
}
