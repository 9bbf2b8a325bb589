//! The table of figures, for people and as JSON.

use std::{fmt::Write, path::Path};

use serde_json::{Value, json};

/// What has been measured.
#[derive(Default)]
pub struct Report {
    figures: Vec<Figure>,
}

/// One figure.
struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    target: Option<Target>,
}

/// What a figure should be. Printed beside it; nothing fails by it.
#[derive(Clone, Copy)]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
}

impl Report {
    /// A figure without a target.
    pub fn add(&mut self, what: impl Into<String>, value: f64, unit: &'static str) {
        self.note(what, value, unit, None);
    }

    /// A figure with one.
    pub fn against(&mut self, what: impl Into<String>, value: f64, unit: &'static str, target: Target) {
        self.note(what, value, unit, Some(target));
    }

    /// A figure that may have one.
    pub fn note(&mut self, what: impl Into<String>, value: f64, unit: &'static str, target: Option<Target>) {
        let figure = Figure { what: what.into(), value, unit, target };
        say(&figure.line());
        self.figures.push(figure);
    }

    /// All of it once more, in one piece.
    pub fn table(&self) -> String {
        self.figures.iter().fold(String::new(), |mut text, figure| {
            writeln!(text, "{}", figure.line()).unwrap();
            text
        })
    }

    pub fn write_json(&self, path: &Path, machine: &Value) {
        let figures: Vec<Value> = self.figures.iter().map(Figure::json).collect();
        let text = serde_json::to_string_pretty(&json!({ "machine": machine, "figures": figures })).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

impl Figure {
    fn met(&self) -> Option<bool> {
        self.target.map(|target| match target {
            Target::AtLeast(least) => self.value >= least,
            Target::AtMost(most) => self.value <= most,
        })
    }

    fn line(&self) -> String {
        let value = round(self.value);
        let target = match (self.target, self.met()) {
            (Some(target), Some(met)) => {
                let sign = if matches!(target, Target::AtLeast(_)) { '≥' } else { '≤' };
                let (Target::AtLeast(wanted) | Target::AtMost(wanted)) = target;
                format!("  {sign} {}: {}", round(wanted), if met { "met" } else { "NOT MET" })
            }
            _ => String::new(),
        };
        format!("{:<66} {value:>10} {:<10}{target}", self.what, self.unit)
    }

    fn json(&self) -> Value {
        let target = self.target.map(|target| match target {
            Target::AtLeast(least) => json!({ "at_least": least }),
            Target::AtMost(most) => json!({ "at_most": most }),
        });
        json!({ "what": self.what, "value": self.value, "unit": self.unit, "target": target, "met": self.met() })
    }
}

fn round(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{middle:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Prints a line at once.
pub fn say(line: &str) {
    println!("{line}");
}
