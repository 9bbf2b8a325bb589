//! What must be right about a preset's file, each mistake named by its key, with what to do.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    catalogue::PresetError,
    form::{Preset, PrimaryOwner, Role, RoleAccess},
};
use crate::{
    ownership::permission::{Permission, Whose},
    recovery::policy::OwnersAllowed,
};

/// The mistakes found in one file.
struct Mistakes<'a> {
    preset: &'a str,
    found: Vec<PresetError>,
}

impl Mistakes<'_> {
    fn add(&mut self, key: impl Into<String>, problem: impl Into<String>) {
        let name = self.preset.to_owned();
        self.found.push(PresetError::Wrong { name, key: key.into(), problem: problem.into() });
    }
}

/// The file is no preset at all.
pub(super) fn unreadable(name: &str, text: &str, error: &toml::de::Error) -> PresetError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    PresetError::Wrong { name: name.to_owned(), key: format!("line {line}"), problem: error.message().to_owned() }
}

/// What is wrong with a preset by itself.
pub(super) fn alone(file: &str, preset: &Preset) -> Vec<PresetError> {
    let mut wrong = Mistakes { preset: file, found: Vec::new() };
    if preset.name != file {
        wrong.add("name", format!("it calls itself `{}`, and its file `{file}.toml`; make both the same", preset.name));
    }
    if !is_word(&preset.name, b"-") {
        wrong.add("name", "write 1 to 40 lower-case letters, digits and dashes");
    }
    if preset.summary.trim().is_empty() {
        wrong.add("summary", "say in one sentence what it is for");
    }
    permissions(preset, &mut wrong);
    roles(preset, &mut wrong);
    ownership(preset, &mut wrong);
    if let Some(children) = &preset.children {
        if children.called.trim().is_empty() || children.plural.trim().is_empty() {
            wrong.add(
                "children.called",
                "say what one child account is called, and in `children.plural` what several are",
            );
        }
        if !(1..=8).contains(&children.levels) {
            wrong.add("children.levels", "1 to 8 levels can stand below an account");
        }
    }
    for problem in preset.policy.check().err().unwrap_or_default() {
        wrong.add(format!("policy.{}", problem.field), format!("out of bounds: {}", problem.bounds));
    }
    wrong.found
}

/// What is wrong with presets in view of each other. Circles are fine: `children.levels` ends them.
pub(super) fn together(presets: &BTreeMap<String, Preset>) -> Vec<PresetError> {
    let mut found = Vec::new();
    for (name, preset) in presets {
        let Some(children) = preset.children.as_ref() else { continue };
        if !presets.contains_key(&children.preset) {
            let known: Vec<&str> = presets.keys().map(String::as_str).collect();
            let problem = format!("there is no preset `{}`; choose one of {}", children.preset, known.join(", "));
            found.push(PresetError::Wrong { name: name.clone(), key: "children.preset".to_owned(), problem });
        }
    }
    found
}

fn permissions(preset: &Preset, wrong: &mut Mistakes<'_>) {
    for (name, title) in &preset.permissions {
        let key = format!("permissions.\"{name}\"");
        let parts: Vec<&str> = name.split('.').collect();
        if parts.len() < 2 || !parts.iter().all(|part| is_word(part, b"_")) {
            wrong.add(&key, "write a permission as words of lower-case letters and `_` with dots between, such as `services.create`");
        }
        if title.trim().is_empty() {
            wrong.add(&key, "say what it allows, for people");
        }
        match Permission::named(name).map(Permission::whose) {
            Some(Whose::OwnersAlways) => wrong.add(key, "owners have it everywhere, and nobody else; leave it out"),
            Some(Whose::PresetWithChildren) if preset.children.is_none() => {
                wrong.add(key, "there are no child accounts here; leave it out, or add `[children]`");
            }
            Some(Whose::PresetWithChildren | Whose::EveryPreset) => {}
            None if is_ours(name) => {
                let known = Permission::ALL.map(Permission::name).join(", ");
                wrong.add(key, format!("we act on no such permission; those that begin so are ours: {known}"));
            }
            None => {}
        }
    }
    for permission in Permission::ALL.into_iter().filter(|permission| permission.whose() == Whose::EveryPreset) {
        if !preset.permissions.contains_key(permission.name()) {
            wrong.add(
                "permissions",
                format!("`{}` is missing; add it, and give it to roles or name it in `owner_only`", permission.name()),
            );
        }
    }
    for name in preset.owner_only.iter().filter(|name| !preset.permissions.contains_key(*name)) {
        wrong.add("owner_only", format!("there is no permission `{name}`; add it to `[permissions]`"));
    }
}

/// Whether a permission's first word is one that we act on.
fn is_ours(name: &str) -> bool {
    let first = |name: &str| name.split('.').next().map(str::to_owned);
    Permission::ALL.into_iter().any(|known| first(known.name()) == first(name))
}

fn roles(preset: &Preset, wrong: &mut Mistakes<'_>) {
    let mut names = BTreeSet::new();
    for role in &preset.roles {
        if !names.insert(&role.name) {
            wrong.add(format!("roles.{}", role.name), "it stands there twice; give one of them another name");
        }
        self::role(preset, role, wrong);
    }
    match preset.role(&preset.first_role) {
        Some(role) if role.administrator => {}
        Some(_) => {
            wrong.add("first_role", format!("`{}` is no administrator; choose a role that is", preset.first_role));
        }
        None => wrong.add("first_role", format!("there is no role `{}`; add it, or choose another", preset.first_role)),
    }
}

fn role(preset: &Preset, role: &Role, wrong: &mut Mistakes<'_>) {
    let key = |field: &str| format!("roles.{}.{field}", role.name);
    if !is_word(&role.name, b"_-") {
        wrong.add(key("name"), "write 1 to 40 lower-case letters, digits, `_` and dashes");
    }
    if role.title.trim().is_empty() {
        wrong.add(key("title"), "say what people call it");
    }
    for name in &role.permissions {
        if !preset.permissions.contains_key(name) {
            wrong.add(key("permissions"), format!("there is no permission `{name}`; add it to `[permissions]`"));
        } else if preset.owner_only.contains(name) {
            wrong.add(
                key("permissions"),
                format!("only owners have `{name}`; take it out here, or out of `owner_only`"),
            );
        }
    }
    if role.access == RoleAccess::None && (role.administrator || !role.permissions.is_empty()) {
        wrong.add(key("access"), "without access it can neither be an administrator's role nor have permissions");
    }
}

fn ownership(preset: &Preset, wrong: &mut Mistakes<'_>) {
    let rules = &preset.ownership;
    if !(1..=10).contains(&rules.advised_owners) {
        wrong.add("ownership.advised_owners", "1 to 10");
    }
    if rules.advised_administrators > 10 {
        wrong.add("ownership.advised_administrators", "0 to 10");
    }
    if preset.policy.owners == OwnersAllowed::One {
        if rules.advised_owners != 1 {
            wrong.add("ownership.advised_owners", "the policy allows one owner, so advise 1");
        }
        if rules.primary_owner == PrimaryOwner::One {
            wrong.add(
                "ownership.primary_owner",
                "the policy allows one owner, so there is none to be the primary one of; write `none`",
            );
        }
    }
}

fn is_word(text: &str, besides: &[u8]) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || besides.contains(&byte);
    (1..=40).contains(&text.len()) && text.bytes().all(fits)
}
