//! The gateway's side: its memory, what root can dump of it, and its files.

use anyhow::{Result, ensure};

use super::figures::Figures;
use super::{LINKED_SERVICE, in_files};
use crate::harness::tally::Counter;
use crate::harness::{ProcessMemory, Stage, core_file};

/// Counts in the gateway that has just opened and stored the secret.
pub(super) fn count(stage: &Stage, counter: &Counter, figures: &mut Figures) -> Result<()> {
    let process = stage.gateway.process_id()?;
    // Its name came with the secret and stays in the process.
    let control = Counter::of(LINKED_SERVICE);
    let memory = ProcessMemory::open(process)?;
    ensure!(
        !memory.count(&control)?.0.is_empty(),
        "void: the linked service is not found in the gateway's memory"
    );
    figures.add("gateway: memory", &memory.count(counter)?.0);

    let folder = tempfile::tempdir()?;
    let polite = std::fs::read(core_file::polite(process, folder.path())?)?;
    figures.add("gateway: core file by gcore", &counter.count(&polite));
    // Registers and signals are in it; memory is not.
    ensure!(
        polite.len() < 1 << 20,
        "gcore dumps {} bytes of what the gateway leaves out of dumps",
        polite.len()
    );
    let whole = std::fs::read(core_file::whole(process, folder.path())?)?;
    ensure!(
        !control.count(&whole).is_empty(),
        "void: the linked service is not found in a core file of everything"
    );
    figures.add("gateway: core file of everything", &counter.count(&whole));

    let files = in_files(stage.gateway.folder(), counter)?;
    figures.add("gateway: store, write-ahead log, audit", &files);
    let log = std::fs::read(stage.home().join("gateway.log"))?;
    figures.add("gateway: log", &counter.count(&log));
    Ok(())
}
