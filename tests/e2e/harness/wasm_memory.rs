//! The linear memory of the page's WebAssembly, found in its renderer and read from outside: what is read through the page
//! would itself be copied into the browser's memory.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::browser::Browser;
use super::process_memory::{Mapping, ProcessMemory};
use super::tally::{Counter, Tally};
use super::waiting::eventually;

/// Where it begins. It grows without moving: V8 reserves all addresses that it may come to have.
pub(crate) struct WasmMemory {
    process: u32,
    address: u64,
}

/// Length and FNV-1a of the memory, computed by the page.
const LENGTH_AND_HASH: &str = "function() { \
    const bytes = new Uint8Array(this[0].buffer); let hash = 0x811c9dc5; \
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193); \
    return [this.length, bytes.length, hash >>> 0]; }";

impl WasmMemory {
    /// Finds the memory of the page in the current window, by its length and by a hash of all that is in it.
    pub(crate) async fn find(browser: &Browser) -> Result<Self> {
        let prototype = json!({ "expression": "WebAssembly.Memory.prototype" });
        let prototype = browser.cdp("Runtime.evaluate", prototype).await?;
        let objects = json!({ "prototypeObjectId": prototype["result"]["objectId"] });
        let objects = browser.cdp("Runtime.queryObjects", objects).await?;
        let objects = &objects["objects"]["objectId"];
        // A timer of the page may change it between the two readings.
        eventually("the memory of the page's WebAssembly", async || {
            let call = json!({
                "objectId": objects, "functionDeclaration": LENGTH_AND_HASH, "returnByValue": true,
            });
            let told = browser.cdp("Runtime.callFunctionOn", call).await?;
            let told = &told["result"]["value"];
            ensure!(
                told[0] == 1,
                "the page has {} WebAssembly memories",
                told[0]
            );
            let [length, hash] = [&told[1], &told[2]].map(Value::as_u64);
            let (length, hash) = length.zip(hash).context("no length, no hash")?;
            Self::with(browser, length, hash)
        })
        .await
    }

    fn with(browser: &Browser, length: u64, hash: u64) -> Result<Option<Self>> {
        for member in browser.family().stopped().members() {
            let memory = ProcessMemory::open(member.id())?;
            for mapping in memory.mappings()? {
                let fits = mapping.is_writable() && mapping.to - mapping.from == length;
                if fits && u64::from(fnv_1a(&memory.read(&mapping)?)) == hash {
                    return Ok(Some(Self {
                        process: member.id(),
                        address: mapping.from,
                    }));
                }
            }
        }
        Ok(None)
    }

    /// The renderer that has it.
    pub(crate) fn process(&self) -> u32 {
        self.process
    }

    /// The copies in it.
    pub(crate) fn count(&self, counter: &Counter) -> Result<Tally> {
        let memory = ProcessMemory::open(self.process)?;
        let mappings: Vec<Mapping> = memory.mappings()?;
        let mapping = mappings
            .iter()
            .find(|mapping| mapping.from == self.address && mapping.is_writable())
            .context("the WebAssembly memory has moved")?;
        let (tally, bytes) = memory.count_in(mapping, counter);
        ensure!(
            bytes == mapping.to - mapping.from,
            "not all of it could be read"
        );
        Ok(tally)
    }
}

fn fnv_1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}
