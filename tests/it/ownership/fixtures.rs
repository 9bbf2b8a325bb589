//! Small accounts for tests of ownership: presets, members by number, proofs.

use crate::harness::proof::fresh;
use quorate::{
    id::CaseId,
    moment::Moment,
    ownership::{
        account,
        member::{Member, Status},
        owner::Around,
        preset::{Preset, Presets, Role},
        rights::Rights,
    },
    recovery::{policy::OwnersAllowed, proof::FreshProof},
};

pub use crate::recovery::fixtures::{START, TICK, case_id, hours, user};

pub fn presets() -> Presets {
    Presets::built_in().unwrap()
}

pub fn preset(name: &str) -> Preset {
    presets().get(name).unwrap().clone()
}

pub fn role(preset: &Preset, name: &str) -> Role {
    preset.role(name).unwrap().clone()
}

pub fn proof() -> FreshProof {
    fresh(START)
}

/// An active, confirmed member with that role, who is no owner.
pub fn member(preset: &Preset, number: u128, role: &str) -> Member {
    let administrator = preset.role(role).unwrap().administrator;
    let (user, role) = (user(number), role.to_owned());
    Member { user, role, administrator, status: Status::Active, confirmed: true, owner: false }
}

/// An active, confirmed owner with the preset's first role.
pub fn owner(preset: &Preset, number: u128) -> Member {
    Member { owner: true, ..member(preset, number, &preset.first_role) }
}

pub fn rights(preset: &Preset, member: &Member) -> Rights {
    Rights::of(member, preset).unwrap()
}

/// An active account with those owners, any number of whom is allowed, and no case.
pub const fn around(owners: &[Member]) -> Around<'_> {
    Around { owners, allowed: OwnersAllowed::Many, open_case: None, status: account::Status::Active }
}

pub const ALL_STATUSES: [account::Status; 5] = [
    account::Status::Pending,
    account::Status::Active,
    account::Status::Suspended,
    account::Status::Closing { until: LATER },
    account::Status::Closed,
];

pub const LATER: Moment = Moment::from_micros(START.micros() + 3_600_000_000);

pub fn case() -> CaseId {
    case_id(77)
}
