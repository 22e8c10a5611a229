//! What left the browser, by its own network log.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The addresses of all PUT requests that left the browser, in their order.
pub(crate) fn put_requests(log: &Path) -> Result<Vec<String>> {
    let log: Value = serde_json::from_slice(&std::fs::read(log)?)?;
    let start = &log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"];
    ensure!(start.is_i64(), "the network log names no requests");
    let events = log["events"].as_array().context("no events")?;
    let requests = events.iter().filter(|event| event["type"] == *start);
    Ok(requests
        .map(|event| &event["params"])
        .filter(|request| request["method"] == "PUT")
        .filter_map(|request| request["url"].as_str())
        .map(str::to_owned)
        .collect())
}
