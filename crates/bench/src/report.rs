//! BENCHMARKS.md.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::run::Run;
use crate::table::{Section, Verdict, markdown};
use crate::terminal;

/// Writes the result of a whole run.
pub(crate) fn write(run: &Run, machine: &str, sections: &[Section]) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../BENCHMARKS.md");
    fs::write(&path, text(run, machine, sections))
        .with_context(|| format!("cannot write {}", path.display()))?;
    terminal::progress("written: BENCHMARKS.md");
    Ok(())
}

fn text(run: &Run, machine: &str, sections: &[Section]) -> String {
    let rows = || sections.iter().flat_map(|section| &section.rows);
    let with_goal = rows().filter(|row| row.verdict != Verdict::NoGoal).count();
    let missed: Vec<String> = rows()
        .filter(|row| matches!(row.verdict, Verdict::NotMet | Verdict::NotMeasured))
        .map(|row| {
            format!(
                "- {}: {} (goal {}), {}",
                row.subject,
                row.ours,
                row.goal,
                row.verdict.as_str()
            )
        })
        .collect();
    let summary = if missed.is_empty() {
        format!("All {with_goal} goals are met.")
    } else {
        format!(
            "{} of {with_goal} goals are not met:\n\n{}",
            missed.len(),
            missed.join("\n")
        )
    };
    format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench`; do not edit. Ratios come from one run on one machine, ours and the alternatives in turn; absolute \
         figures hold for that machine only.\n\n{machine}- libraries: {}, node-forge 1.4.3\n\n{}\n\n{summary}\n\n{}",
        run.msrcrypto_name(),
        run.about_msrcrypto(),
        markdown(sections)
    )
}
