//! Who plays. First names are all different: addresses are made of them.

/// Owners first, then administrators, then others.
pub const PEOPLE: [&str; 10] = [
    "Olga Orlova",
    "Paul Perez",
    "Quinn Quast",
    "Ben Bauer",
    "Cleo Costa",
    "Dora Dahl",
    "Emil Eriksen",
    "Gwen Gray",
    "Hugo Holm",
    "Uma Ude",
];

/// Each account's first owner, administrators and other members, as numbers of people.
pub struct Company {
    pub owner: usize,
    pub administrators: &'static [usize],
    pub others: &'static [usize],
}

/// An account, the one below it, and the one beside both. Some people are in several; the last is in none.
pub const COMPANIES: [Company; 3] = [
    Company { owner: 0, administrators: &[3, 4, 5], others: &[7] },
    Company { owner: 1, administrators: &[4, 5, 6], others: &[8] },
    Company { owner: 2, administrators: &[5, 6, 3], others: &[7] },
];
