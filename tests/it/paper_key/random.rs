//! Random keys.

use quorate::{
    paper_key::key::{Number, PaperKey, Secret},
    secret::Chance,
};
use zeroize::Zeroizing;

/// As many random keys, always the same ones for a seed.
pub fn keys(count: usize, seed: u64) -> impl Iterator<Item = PaperKey> {
    let chance = Chance::seeded(seed);
    (0..count).map(move |_| PaperKey::new(Number::new(chance.bytes()), Secret::new(Zeroizing::new(chance.bytes()))))
}

/// The lines as they are printed.
pub fn lines(key: &PaperKey) -> Vec<String> {
    key.sheet().lines().map(str::to_owned).collect()
}

pub fn same(one: &PaperKey, other: &PaperKey) -> bool {
    one.number() == other.number() && one.secret().hash().is_of(other.secret())
}
