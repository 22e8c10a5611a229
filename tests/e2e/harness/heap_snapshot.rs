//! The strings of a page's JavaScript, as DevTools' heap snapshot shows them.

use anyhow::{Context, Result};
use serde_json::Value;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{RequestData, SessionId};

use super::browser::Browser;
use super::tally::{Counter, Tally};

/// Of each string, as much as V8 shows; longer ones are cut here when they are put together.
const LONGEST: usize = 1024;

/// chromedriver's own command: it collects the snapshot's parts from the DevTools protocol.
#[derive(Debug)]
struct TakeHeapSnapshot;

impl FormatRequestData for TakeHeapSnapshot {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let path = format!("session/{session}/chromium/heap_snapshot");
        RequestData::new(http::Method::GET, path)
    }
}

/// The copies in all strings of the page in the current window, for each counter.
pub(crate) async fn count(browser: &Browser, counters: &[&Counter]) -> Result<Vec<Tally>> {
    let snapshot = browser.driver().cmd(TakeHeapSnapshot).await?.value_json()?;
    // Some versions of chromedriver answer with text, others with the object itself.
    let snapshot = match snapshot.as_str() {
        Some(text) => serde_json::from_str(text)?,
        None => snapshot,
    };
    let snapshot = Snapshot::parse(&snapshot).context("the heap snapshot is not as expected")?;
    let mut sums = vec![Tally::default(); counters.len()];
    for text in snapshot.texts() {
        for (sum, counter) in sums.iter_mut().zip(counters) {
            *sum += counter.count(text.as_bytes());
        }
    }
    Ok(sums)
}

/// The parts of a snapshot that say what its strings are.
struct Snapshot<'a> {
    strings: Vec<&'a str>,
    /// For each node: its text's number, and its two halves if it is a concatenation that V8 has not made flat yet.
    nodes: Vec<(usize, Option<[usize; 2]>)>,
}

impl<'a> Snapshot<'a> {
    fn parse(snapshot: &'a Value) -> Option<Self> {
        let meta = &snapshot["snapshot"]["meta"];
        let strings: Vec<&str> = snapshot["strings"]
            .as_array()?
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let nodes = numbers(&snapshot["nodes"])?;
        let edges = numbers(&snapshot["edges"])?;
        let (node_size, edge_size) = (
            meta["node_fields"].as_array()?.len(),
            meta["edge_fields"].as_array()?.len(),
        );
        let of_node = |name: &str| place(&meta["node_fields"], name);
        let of_edge = |name: &str| place(&meta["edge_fields"], name);
        let (kind, name, count) = (of_node("type")?, of_node("name")?, of_node("edge_count")?);
        let (role, to) = (of_edge("name_or_index")?, of_edge("to_node")?);
        let concatenation = place(&meta["node_types"][kind], "concatenated string")?;
        let mut edges = edges.chunks_exact(edge_size);
        let mut parsed = Vec::new();
        for node in nodes.chunks_exact(node_size) {
            let own: Vec<&[usize]> = edges.by_ref().take(node[count]).collect();
            let half = |wanted: &str| {
                let edge = own
                    .iter()
                    .find(|edge| strings.get(edge[role]) == Some(&wanted))?;
                Some(edge[to] / node_size)
            };
            let halves = (node[kind] == concatenation).then(|| half("first").zip(half("second")));
            parsed.push((
                node[name],
                halves.flatten().map(|(first, second)| [first, second]),
            ));
        }
        Some(Self {
            strings,
            nodes: parsed,
        })
    }

    /// All strings that there are, and those that exist in pieces, put together.
    fn texts(&self) -> impl Iterator<Item = String> {
        let concatenations = self.nodes.iter().filter(|(_, halves)| halves.is_some());
        let flat = self.strings.iter().map(|text| (*text).to_owned());
        flat.chain(concatenations.map(|node| self.joined(node)))
    }

    fn joined(&self, node: &(usize, Option<[usize; 2]>)) -> String {
        let mut text = String::new();
        let mut left = vec![node];
        while let Some((name, halves)) = left.pop() {
            match halves {
                Some([first, second]) => left.extend([&self.nodes[*second], &self.nodes[*first]]),
                None => text.push_str(self.strings[*name]),
            }
            if text.len() > LONGEST {
                break;
            }
        }
        text
    }
}

fn numbers(list: &Value) -> Option<Vec<usize>> {
    let numbers = list.as_array()?.iter();
    numbers
        .map(|number| usize::try_from(number.as_u64()?).ok())
        .collect()
}

fn place(list: &Value, name: &str) -> Option<usize> {
    list.as_array()?.iter().position(|found| found == name)
}
