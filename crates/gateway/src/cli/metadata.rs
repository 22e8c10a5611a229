//! `list` and `show`: what is stored, without secrets.

use clap::Args;
use envelope::DataFactoryName;
use envelope::protocol::StoredCredential;

use super::linked_service::{StoredLinkedService, none};
use super::{Opened, output};
use crate::clock;

#[derive(Args)]
pub(super) struct List {
    /// Only this data factory.
    #[arg(long, value_name = "NAME", value_parser = DataFactoryName::parse)]
    factory: Option<DataFactoryName>,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Show {
    #[command(flatten)]
    which: StoredLinkedService,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let stored = gateway.custody.list(self.factory.as_ref()).await?;
        gateway.custody.shutdown().await;
        if self.json {
            return output::json(&stored);
        }
        let mut rows = vec![
            [
                "FACTORY",
                "LINKED SERVICE",
                "KIND",
                "TARGET",
                "VERSION",
                "SET AT",
                "SET BY",
            ]
            .map(str::to_owned),
        ];
        rows.extend(stored.iter().map(row));
        Ok(print_table(&rows)?)
    }
}

impl Show {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let (df, ls) = self.which.find(&gateway.custody).await?;
        let stored = gateway.custody.show(&df, &ls).await?;
        gateway.custody.shutdown().await;
        let stored = stored.ok_or_else(|| none(&format!("{ls} in the data factory {df}")))?;
        if self.json {
            return output::json(&stored);
        }
        let mut rows = vec![
            ["data factory".to_owned(), stored.df.to_string()],
            ["linked service".to_owned(), stored.ls.to_string()],
            ["kind".to_owned(), stored.kind.clone()],
            ["authentication".to_owned(), stored.auth.clone()],
            ["target".to_owned(), stored.target.clone()],
        ];
        rows.extend(
            stored
                .account
                .as_ref()
                .map(|account| ["account".to_owned(), account.clone()]),
        );
        rows.extend(
            stored
                .properties
                .iter()
                .map(|(name, value)| [format!("  {name}"), value.clone()]),
        );
        rows.push(["secrets".to_owned(), stored.secrets.join(", ")]);
        rows.push(["version".to_owned(), stored.version.to_string()]);
        rows.push(["envelope key".to_owned(), stored.kid.to_string()]);
        rows.push(["set by".to_owned(), stored.set_by.clone()]);
        rows.push(["set at".to_owned(), clock::rfc3339(stored.set_at)]);
        Ok(print_table(&rows)?)
    }
}

fn row(stored: &StoredCredential) -> [String; 7] {
    [
        stored.df.to_string(),
        stored.ls.to_string(),
        stored.kind.clone(),
        stored.target.clone(),
        stored.version.to_string(),
        clock::rfc3339(stored.set_at),
        stored.set_by.clone(),
    ]
}

/// Columns as wide as their widest cell. Control characters never reach the terminal, wherever a cell's text came from.
fn print_table<const N: usize>(rows: &[[String; N]]) -> std::io::Result<()> {
    let widths: [usize; N] = std::array::from_fn(|column| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    });
    for row in rows {
        let cells: Vec<_> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{:width$}", cell.replace(char::is_control, "\u{fffd}")))
            .collect();
        output::line(cells.join("  ").trim_end())?;
    }
    Ok(())
}
