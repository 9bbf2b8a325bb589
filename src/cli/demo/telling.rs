//! How the story is told: one numbered step after the other, each with what was seen.

use std::io::IsTerminal;

use crate::cli::{failure::colours, output::print};

/// Tells the story on standard output.
pub struct Telling {
    step: u32,
    strong: &'static str,
    good: &'static str,
    faint: &'static str,
    plain: &'static str,
}

impl Telling {
    /// With colours on a terminal that wants them.
    pub fn new() -> Self {
        let out = std::io::stdout();
        if out.is_terminal() && colours(&out) {
            Self { step: 0, strong: "\x1b[1m", good: "\x1b[32m", faint: "\x1b[2m", plain: "\x1b[0m" }
        } else {
            Self { step: 0, strong: "", good: "", faint: "", plain: "" }
        }
    }

    /// The next step begins.
    pub fn step(&mut self, what: &str) -> anyhow::Result<()> {
        self.step += 1;
        let Self { step, strong, plain, .. } = self;
        print(|out| writeln!(out, "\n{strong}{step:2}. {what}{plain}"))
    }

    /// Something that was seen to be so.
    pub fn seen(&self, what: &str) -> anyhow::Result<()> {
        let Self { good, plain, .. } = self;
        print(|out| writeln!(out, "    {good}✓{plain} {what}"))
    }

    /// Something to know, or to look at.
    pub fn note(&self, what: &str) -> anyhow::Result<()> {
        let Self { faint, plain, .. } = self;
        print(|out| writeln!(out, "      {faint}{what}{plain}"))
    }
}

/// A line between the steps.
pub fn line(what: &str) -> anyhow::Result<()> {
    print(|out| writeln!(out, "{what}"))
}
