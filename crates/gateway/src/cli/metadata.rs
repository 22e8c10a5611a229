//! `list` and `show`: what is stored, without secrets.

use clap::Args;
use envelope::protocol::StoredCredential;
use envelope::receipt::{TestOutcome, Verdict};
use envelope::{DataFactoryName, UnixSeconds};

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
                "LAST TEST",
            ]
            .map(str::to_owned),
        ];
        let now = clock::now();
        rows.extend(stored.iter().map(|stored| row(stored, now)));
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
        let tested = last_test(stored.last_test.as_ref(), clock::now());
        rows.push(["last test".to_owned(), tested]);
        Ok(print_table(&rows)?)
    }
}

fn row(stored: &StoredCredential, now: UnixSeconds) -> [String; 8] {
    [
        stored.df.to_string(),
        stored.ls.to_string(),
        stored.kind.clone(),
        stored.target.clone(),
        stored.version.to_string(),
        clock::rfc3339(stored.set_at),
        stored.set_by.clone(),
        last_test(stored.last_test.as_ref(), now),
    ]
}

/// How it ended, and how long ago.
fn last_test(test: Option<&TestOutcome>, now: UnixSeconds) -> String {
    let Some(test) = test else {
        return "none".to_owned();
    };
    let ended = match (&test.cause, test.outcome) {
        (Some(cause), _) => cause,
        (None, Verdict::Passed) => "passed",
        (None, Verdict::Failed | Verdict::None) => "failed",
    };
    match test.at {
        Some(at) => format!("{ended}, {}", ago(now.0.saturating_sub(at.0))),
        None => ended.to_owned(),
    }
}

fn ago(seconds: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(86_400, "d"), (3_600, "h"), (60, "min")];
    let unit = UNITS.iter().find(|(unit, _)| seconds >= 2 * unit);
    let (unit, name) = unit.copied().unwrap_or((1, "s"));
    format!("{} {name} ago", seconds / unit)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_the_unit_that_fits() {
        for (seconds, expected) in [
            (0, "0 s ago"),
            (119, "119 s ago"),
            (120, "2 min ago"),
            (7_199, "119 min ago"),
            (7_200, "2 h ago"),
            (172_799, "47 h ago"),
            (172_800, "2 d ago"),
        ] {
            assert_eq!(ago(seconds), expected);
        }
    }
}
