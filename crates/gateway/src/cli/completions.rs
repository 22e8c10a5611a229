//! `completions` and `man`: for whoever packages this program.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Command};
use clap_complete::Shell;

use super::{NAME, output};

#[derive(Args)]
pub(super) struct Completions {
    /// For this shell.
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Args)]
pub(super) struct Man {
    /// Write a page for each command into this folder [default: print the program's].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Completions {
    pub(super) fn run(self, mut command: Command) -> anyhow::Result<()> {
        let mut written = Vec::new();
        clap_complete::generate(self.shell, &mut command, NAME, &mut written);
        Ok(output::bytes(&written)?)
    }
}

impl Man {
    pub(super) fn run(self, mut command: Command) -> anyhow::Result<()> {
        command.build();
        let Some(folder) = self.out else {
            return Ok(output::bytes(&page(command)?)?);
        };
        let shown = folder.display();
        std::fs::create_dir_all(&folder).with_context(|| format!("{shown} cannot be made"))?;
        for command in with_subcommands(command) {
            let name = command.get_display_name().unwrap_or(NAME);
            let path = folder.join(format!("{name}.1"));
            let shown = path.display().to_string();
            std::fs::write(path, page(command)?)
                .with_context(|| format!("{shown} cannot be written"))?;
        }
        Ok(())
    }
}

fn with_subcommands(command: Command) -> Vec<Command> {
    let visible = command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set() && inner.get_name() != "help");
    let inner: Vec<_> = visible.cloned().flat_map(with_subcommands).collect();
    std::iter::once(command).chain(inner).collect()
}

fn page(command: Command) -> anyhow::Result<Vec<u8>> {
    let mut written = Vec::new();
    clap_mangen::Man::new(command).render(&mut written)?;
    Ok(titled(&String::from_utf8(written)?).into_bytes())
}

/// What a command's help ends with ([`super::examples`]) has one title by itself, which says nothing.
fn titled(page: &str) -> String {
    const STATUS: &str = ".SH \"EXIT STATUS\"\n.nf\n";
    page.replace(".SH EXTRA\nExample:\n", ".SH EXAMPLE\n.nf\n")
        .replace(".SH EXTRA\nExit codes:\n", STATUS)
        .replace("\nExit codes:\n", &format!("\n.fi\n{STATUS}"))
        .replace("\n.SH VERSION\n", "\n.fi\n.SH VERSION\n")
}
