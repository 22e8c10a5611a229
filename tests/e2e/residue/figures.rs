//! The figures of a run: how many copies were where, and the table that is written of them.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, ensure};

use crate::harness::tally::{Counter, Tally};
use crate::harness::{Browser, ProcessMemory, WasmMemory, residue_folder};

/// The copies in all of a browser's processes at one moment.
#[derive(Default)]
pub(super) struct Picture {
    roles: BTreeMap<String, Tally>,
    wasm: Option<Tally>,
    processes: usize,
    bytes: u64,
}

impl Picture {
    /// Everything is read while nothing of the browser runs.
    pub(super) fn take(
        browser: &Browser,
        wasm: Option<&WasmMemory>,
        counter: &Counter,
    ) -> Result<Self> {
        let stopped = browser.family().stopped();
        let mut picture = Self::default();
        for member in stopped.members() {
            let (tally, bytes) = ProcessMemory::open(member.id())?.count(counter)?;
            *picture.roles.entry(member.role()).or_default() += tally;
            picture.processes += 1;
            picture.bytes += bytes;
        }
        ensure!(
            picture.processes >= 4 && picture.bytes > 100 << 20,
            "void: only {} bytes of {} processes could be read",
            picture.bytes,
            picture.processes
        );
        picture.wasm = wasm.map(|wasm| wasm.count(counter)).transpose()?;
        Ok(picture)
    }

    /// The copies in WebAssembly memory; they are among those of the renderers.
    pub(super) fn wasm(&self) -> Tally {
        self.wasm.clone().unwrap_or_default()
    }

    /// The copies in all processes of a kind.
    pub(super) fn of(&self, role: &str) -> Tally {
        self.roles.get(role).cloned().unwrap_or_default()
    }
}

/// The figures of one run, in the order in which they were taken.
#[derive(Default)]
pub(super) struct Figures {
    rows: Vec<(String, Tally)>,
    read: Vec<String>,
}

impl Figures {
    pub(super) fn add(&mut self, place: &str, found: &Tally) {
        self.rows.push((place.to_owned(), found.clone()));
    }

    pub(super) fn add_picture(&mut self, when: &str, picture: &Picture) {
        if let Some(wasm) = &picture.wasm {
            self.add(&format!("WebAssembly memory, {when}"), wasm);
        }
        let mut all = Tally::default();
        for (role, tally) in &picture.roles {
            self.add(&format!("processes of kind {role}, {when}"), tally);
            all += tally.clone();
        }
        self.add(&format!("processes, {when}"), &all);
        self.read.push(format!(
            "{when}: {} processes, {} MiB",
            picture.processes,
            picture.bytes >> 20
        ));
    }

    /// Fails if anything was found there, or if nobody looked.
    pub(super) fn require_none(&self, place: &str) -> Result<()> {
        let found = self.of(place)?;
        ensure!(found.is_empty(), "{place}: {found:?}");
        Ok(())
    }

    fn of(&self, place: &str) -> Result<&Tally> {
        let mut rows = self.rows.iter();
        let row = rows.find(|(name, _)| name == place);
        let (_, found) = row.with_context(|| format!("{place}: not measured"))?;
        Ok(found)
    }

    /// Prints the table and writes it to `<name>.md` in the folder for it.
    #[allow(clippy::print_stdout, reason = "the figures are what the run is for")]
    pub(super) fn write(&self, name: &str) -> Result<()> {
        let mut table = format!(
            "| {name}: where, when | copies | first halves | second halves |\n|---|---|---|---|\n"
        );
        for (place, found) in &self.rows {
            let (whole, first, second) = (found.whole(), found.first_half(), found.second_half());
            writeln!(table, "| {place} | {whole} | {first} | {second} |")?;
        }
        writeln!(table, "\nRead: {}.", self.read.join("; "))?;
        println!("{table}");
        let folder = residue_folder();
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(folder.join(format!("{name}.md")), table)?)
    }
}
