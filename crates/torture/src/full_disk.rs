//! A file system of its own (tmpfs) without room: sets are refused, nothing that was acknowledged is lost, and with room again the gateway
//! goes on without a restart.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;

use crate::ledger::Ledger;
use crate::victim::Victim;
use crate::worker::{Until, Worked, work};

/// As large as the file system is.
const SIZE: &str = "size=24m";
const SERVICES: usize = 200;
/// Sets on the full disk: more than what SQLite has room for in files that are there already.
const SETS: usize = 200;
/// How long it may take until sets are acknowledged again.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Sets that were acknowledged before.
    pub before: usize,
    /// Sets that were refused on the full disk.
    pub refused: usize,
    /// Sets that were acknowledged on it: there was room in files.
    pub acknowledged: usize,
    /// From the moment there was room until a set was acknowledged.
    pub recovered: Duration,
}

/// Fills it, makes room, fills it again and kills the gateway.
///
/// # Errors
/// An acknowledged credential that is lost, a gateway that does not go on, a finding of its own commands; without root, there is no mounting.
pub async fn torture(program: &Path) -> Result<Outcome> {
    let disk = Disk::mount()?;
    let victim = Victim::make(program, TempDir::new_in(&disk.folder)?)?;
    let mut running = victim.run().await?;
    let mut ledger = Ledger::default();
    let before = sets(&victim, &running, &mut ledger, SERVICES).await?;
    ensure!(before.refused == 0, "sets were refused before");

    let filling = disk.fill()?;
    let full = sets(&victim, &running, &mut ledger, SETS).await?;
    ensure!(full.refused > 0, "no set was refused on a full disk");
    fs::remove_file(&filling)?;

    let began = Instant::now();
    let mut connection = running
        .serving
        .peer(&victim.installation)?
        .connect()
        .await?;
    while let Err(error) = ledger.settle(&mut connection).await {
        ensure!(
            began.elapsed() < PATIENCE,
            "it does not go on: {error:#}\n{}",
            victim.installation.log()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let recovered = began.elapsed();
    ledger.look(&victim)?;
    let after = sets(&victim, &running, &mut ledger, SERVICES).await?;
    ensure!(
        after.refused == 0,
        "sets are refused although there is room"
    );

    let filling = disk.fill()?;
    sets(&victim, &running, &mut ledger, SETS).await?;
    running.serving.kill();
    fs::remove_file(&filling)?;
    let running = victim.run().await?;
    ledger.look(&victim)?;
    let mut connection = running
        .serving
        .peer(&victim.installation)?
        .connect()
        .await?;
    ledger.settle(&mut connection).await?;
    drop(running);
    victim.verify()?;
    Ok(Outcome {
        before: before.acknowledged,
        refused: full.refused,
        acknowledged: full.acknowledged,
        recovered,
    })
}

async fn sets(
    victim: &Victim,
    running: &crate::victim::Running,
    ledger: &mut Ledger,
    number: usize,
) -> Result<Worked> {
    work(
        victim,
        running,
        ledger,
        ("disk", SERVICES),
        Until::Sets(number),
    )
    .await
}

/// A mounted file system; unmounted when dropped.
struct Disk {
    folder: PathBuf,
    _around: TempDir,
}

impl Disk {
    fn mount() -> Result<Self> {
        let around = tempfile::tempdir()?;
        let folder = around.path().join("disk");
        fs::create_dir(&folder)?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", SIZE, "tmpfs"])
            .arg(&folder)
            .output()?;
        if !mounted.status.success() {
            bail!(
                "no file system of our own: {}",
                String::from_utf8_lossy(&mounted.stderr).trim()
            );
        }
        Ok(Self {
            folder,
            _around: around,
        })
    }

    /// Until not a byte is left.
    fn fill(&self) -> Result<PathBuf> {
        let path = self.folder.join("filling");
        let mut file = File::create(&path)?;
        for size in [64 * 1024, 4096, 1] {
            loop {
                match file.write_all(&vec![b'x'; size]) {
                    Ok(()) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => return Err(error).context("while the disk was filled"),
                }
            }
        }
        Ok(path)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: whatever is still open goes with it.
        let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
    }
}
