//! The permission table of a partner account: what the preset `partner-managed` is held against.

/// The roles, from left to right.
pub const COLUMNS: [&str; 6] =
    ["company_admin", "technical_admin", "technical_contact", "finance", "financial_contact", "read_only"];

/// Each action with a tick for each role that may, and how many may.
pub const ROWS: [(&str, &str, usize); 13] = [
    ("children.create", "x.....", 1),
    ("children.onboard", "x.....", 1),
    ("services.create", "xx.x..", 3),
    ("services.delete", "x..x..", 2),
    ("services.design", "xxxxxx", 6),
    ("services.update", "xxx...", 3),
    ("services.view", "xxxxxx", 6),
    ("services.lock", "x.....", 1),
    ("service_keys.manage", "xx.x..", 3),
    ("usage.view", "xxxxxx", 6),
    ("members.manage", "x.....", 1),
    ("members.view", "x.....", 1),
    ("user_details.update", "xxxxxx", 6),
];

/// Each cell: the action, the role, and whether there is a tick.
pub fn cells() -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    ROWS.into_iter().flat_map(|(permission, ticks, _)| {
        COLUMNS.into_iter().zip(ticks.chars()).map(move |(role, tick)| (permission, role, tick == 'x'))
    })
}
