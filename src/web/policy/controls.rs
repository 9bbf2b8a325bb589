//! The form of a policy: one control for each field, what stands in it, and the policy that somebody made of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::typed_length::typed_length;
use crate::{
    app::error::{Error, Invalid},
    mail::{policy_wording, wording::length},
    recovery::policy::Policy,
};

/// How a field is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A length of time.
    Length,
    /// A whole number.
    Number,
    /// A fraction, as in `2/3`.
    Fraction,
    /// One of these: value and words.
    One(&'static [(&'static str, &'static str)]),
    /// A set, out of these.
    Set(&'static [(&'static str, &'static str)]),
}

const ON_OFF: &[(&str, &str)] = &[("on", "on"), ("off", "off")];

/// Every field, with its form and a hint.
const FORMS: &[(&str, Form, &str)] = &[
    ("owners", Form::One(&[("one", "exactly one"), ("many", "one or more")]), ""),
    ("seasoning", Form::Length, "Above zero, at most 30 days."),
    ("vote_route", Form::One(ON_OFF), ""),
    ("majority", Form::Fraction, "At least 1/2, below 1. More than that share must approve."),
    ("min_approvals", Form::Number, "1 to 3, however few administrators there are."),
    ("nominee_approval", Form::One(&[("counts", "counts"), ("does_not_count", "does not count")]), ""),
    ("waiting_period", Form::Length, "Above zero, at most 30 days."),
    ("min_notice", Form::Length, "At most the time to object."),
    (
        "ballots",
        Form::Set(&[
            ("signed_in", "signed in"),
            ("passkey", "signed in, and signed with a passkey"),
            ("signed_in.mail_link", "signed in, or by the link in a mail"),
            ("signed_in.plain_mail", "signed in, or by answering a mail"),
            ("signed_in.mail_link.plain_mail", "signed in, by the link in a mail, or by answering it"),
        ]),
        "",
    ),
    ("voting_window", Form::Length, "1 hour to 90 days."),
    ("paper_key_route", Form::One(ON_OFF), ""),
    ("keys_required", Form::Number, "1 to 5, each of another person."),
    ("keys_need_approvals", Form::Number, "0 to 3."),
    ("key_waiting_period", Form::Length, "Above zero, at most 30 days."),
    (
        "key_kinds",
        Form::Set(&[
            ("replace", "a new owner in place of the present ones"),
            ("add", "one more owner"),
            ("replace.add", "either"),
        ]),
        "",
    ),
    ("pauses", Form::Number, "0 to 2."),
    ("veto_cooldown", Form::Length, "At most 90 days."),
    ("reopen_after", Form::Length, "At most 90 days."),
    ("transfer_window", Form::Length, "1 hour to 30 days."),
];

/// What was typed, by field. What is missing is as in the policy in force; what is no field is passed over.
pub type Typed = BTreeMap<String, String>;

/// One control of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// The field's name, which is also the control's.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it must keep; may be empty.
    pub hint: &'static str,
    /// What stands in it.
    pub value: String,
    /// What to choose from, value and words; empty where it is typed.
    pub choices: &'static [(&'static str, &'static str)],
    /// The keyboard of a phone.
    pub keyboard: &'static str,
}

/// The controls, filled with what was typed, or else with the policy in force.
#[must_use]
pub fn controls(policy: &Policy, typed: &Typed) -> Vec<Control> {
    let values = serde_json::to_value(policy).unwrap_or_default();
    let labels: BTreeMap<_, _> = policy_wording::fields(policy).into_iter().map(|it| (it.name, it.label)).collect();
    let control = |(name, form, hint): &(&'static str, Form, &'static str)| {
        let (choices, keyboard): (&'static [_], _) = match form {
            Form::One(choices) | Form::Set(choices) => (choices, "text"),
            Form::Number => (&[], "numeric"),
            Form::Length | Form::Fraction => (&[], "text"),
        };
        let value = typed.get(*name).cloned().unwrap_or_else(|| shown(*form, values.get(name)));
        Control { name, label: labels.get(name).copied().unwrap_or(name), hint, value, choices, keyboard }
    };
    FORMS.iter().map(control).collect()
}

/// Only what differs from the policy in force, in the order of its fields.
#[must_use]
pub fn differing(policy: &Policy, typed: &Typed) -> Vec<(&'static str, String)> {
    let values = serde_json::to_value(policy).unwrap_or_default();
    let differs = |(name, form, _): &(&'static str, Form, &'static str)| {
        let text = typed.get(*name)?.trim();
        (text != shown(*form, values.get(name))).then(|| (*name, text.to_owned()))
    };
    FORMS.iter().filter_map(differs).collect()
}

/// The policy that was typed. A field that says what it said before is kept to the microsecond.
///
/// # Errors
/// Every field that cannot be read.
pub fn read(policy: &Policy, typed: &Typed) -> Result<Policy, Error> {
    let mut values: Map<String, Value> =
        serde_json::to_value(policy).ok().and_then(|values| values.as_object().cloned()).unwrap_or_default();
    let mut wrong = Vec::new();
    for (name, text) in differing(policy, typed) {
        let form = FORMS.iter().find(|known| known.0 == name).map(|known| known.1);
        let read = form.map_or(Err("no such field"), |form| value(form, &text));
        // Alone first, so that a value of the wrong kind is told of at its own field.
        let tried = read.map_err(str::to_owned).and_then(|value| {
            let mut alone = values.clone();
            alone.insert(name.to_owned(), value.clone());
            let good = serde_json::from_value::<Policy>(Value::Object(alone));
            good.map(|_| value).map_err(|error| error.to_string())
        });
        match tried {
            Ok(value) => drop(values.insert(name.to_owned(), value)),
            Err(detail) => wrong.push(Invalid { pointer: format!("/{name}"), detail }),
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    serde_json::from_value(Value::Object(values)).map_err(|error| Error::invalid("", error.to_string()))
}

/// What stands in the control for a value.
fn shown(form: Form, value: Option<&Value>) -> String {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    match form {
        Form::Length => text.parse().map_or_else(|_| text.to_owned(), length),
        Form::Number => value.map(Value::to_string).unwrap_or_default(),
        Form::Fraction | Form::One(_) => text.to_owned(),
        Form::Set(choices) => {
            let set = |value: &Value| value.as_str().map(str::to_owned);
            let all: BTreeSet<String> = value.and_then(Value::as_array).into_iter().flatten().filter_map(set).collect();
            let same = |choice: &&(&str, &str)| choice.0.split('.').map(str::to_owned).collect::<BTreeSet<_>>() == all;
            choices.iter().find(same).map_or_else(String::new, |choice| choice.0.to_owned())
        }
    }
}

/// The value that was typed, as the API has it.
fn value(form: Form, text: &str) -> Result<Value, &'static str> {
    match form {
        Form::Length => {
            let length = typed_length(text).ok_or("write a length of time, like `3 days` or `36 hours`")?;
            serde_json::to_value(length).map_err(|_| "write a length of time, like `3 days`")
        }
        Form::Number => text.parse::<u32>().map(|number| json!(number)).map_err(|_| "write a whole number"),
        Form::Fraction => Ok(json!(text)),
        Form::One(choices) | Form::Set(choices) if !choices.iter().any(|choice| choice.0 == text) => {
            Err("choose one of the list")
        }
        Form::One(_) => Ok(json!(text)),
        Form::Set(_) => Ok(text.split('.').collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ownership::preset::Presets;

    fn policy() -> Policy {
        Presets::built_in().unwrap().get("recommended").unwrap().policy.clone()
    }

    #[test]
    fn every_field_has_a_control_and_what_it_shows_reads_back() {
        let policy = policy();
        let typed: Typed =
            controls(&policy, &Typed::new()).into_iter().map(|it| (it.name.to_owned(), it.value)).collect();
        let values = serde_json::to_value(&policy).unwrap();
        let names: BTreeSet<&str> = values.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(typed.keys().map(String::as_str).collect::<BTreeSet<_>>(), names);
        assert!(typed.values().all(|value| !value.is_empty()), "{typed:?}");
        assert!(differing(&policy, &typed).is_empty());
        assert_eq!(read(&policy, &typed).unwrap(), policy);
    }

    #[test]
    fn what_is_typed_becomes_the_policy() {
        let typed: Typed = [
            ("waiting_period", "5 days"),
            ("min_approvals", "3"),
            ("majority", "2/3"),
            ("ballots", "signed_in.mail_link"),
            ("key_kinds", "add"),
            ("stranger", "x"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();
        let new = read(&policy(), &typed).unwrap();
        assert_eq!(length(new.waiting_period), "5 days");
        assert_eq!((new.min_approvals, new.majority.to_string()), (3, "2/3".to_owned()));
        assert_eq!((new.ballots.len(), new.key_kinds.len()), (2, 1));
        assert_eq!(differing(&policy(), &typed).len(), 5);
    }

    #[test]
    fn every_field_that_cannot_be_read_is_told_of() {
        let typed: Typed = [("waiting_period", "soon"), ("majority", "1/3"), ("pauses", "-1"), ("owners", "none")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();
        let Err(Error::Invalid(wrong)) = read(&policy(), &typed) else { panic!("it was taken") };
        let pointers: Vec<&str> = wrong.iter().map(|problem| problem.pointer.as_str()).collect();
        assert_eq!(pointers, ["/owners", "/majority", "/waiting_period", "/pauses"]);
    }
}
