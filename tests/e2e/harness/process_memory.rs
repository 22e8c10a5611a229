//! The memory of a process as root sees it: proc(5), `/proc/<pid>/maps` and `/proc/<pid>/mem`.

use std::fs::File;
use std::os::unix::fs::FileExt;

use anyhow::{Context, Result};

use super::tally::{Counter, Tally};

/// How much is read at a time; a multiple of the page size.
const CHUNK: usize = 4 << 20;
const PAGE: usize = 4096;

/// One mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) from: u64,
    pub(crate) to: u64,
    rights: String,
    name: String,
}

/// A process whose memory is read.
pub(crate) struct ProcessMemory {
    id: u32,
    memory: File,
}

impl ProcessMemory {
    pub(crate) fn open(id: u32) -> Result<Self> {
        let memory = File::open(format!("/proc/{id}/mem"))
            .with_context(|| format!("process {id} cannot be read: this test has to be root"))?;
        Ok(Self { id, memory })
    }

    pub(crate) fn mappings(&self) -> Result<Vec<Mapping>> {
        let text = std::fs::read_to_string(format!("/proc/{}/maps", self.id))?;
        text.lines()
            .map(|line| Mapping::parse(line).context("a line of maps is not as in proc(5)"))
            .collect()
    }

    /// The copies in everything that can be read, and how many bytes that was.
    pub(crate) fn count(&self, counter: &Counter) -> Result<(Tally, u64)> {
        let mut sum = Tally::default();
        let mut bytes = 0;
        for mapping in self
            .mappings()?
            .iter()
            .filter(|mapping| mapping.is_memory())
        {
            let (tally, read) = self.count_in(mapping, counter);
            sum += tally;
            bytes += read;
        }
        Ok((sum, bytes))
    }

    /// The copies in one mapping, and how many of its bytes could be read.
    pub(crate) fn count_in(&self, mapping: &Mapping, counter: &Counter) -> (Tally, u64) {
        let mut tally = Tally::default();
        let mut readable = 0;
        let mut buffer = vec![0; CHUNK + counter.overlap()];
        let mut at = mapping.from;
        while at < mapping.to {
            let left = usize::try_from(mapping.to - at).unwrap_or(usize::MAX);
            let length = buffer.len().min(left);
            let read = self.memory.read_at(&mut buffer[..length], at).unwrap_or(0);
            tally += counter.count_before(&buffer[..read], CHUNK.min(read));
            // A page that cannot be read (of a file that became shorter, say) is left out, and what follows it is not.
            let next = if read == length {
                CHUNK
            } else {
                (read / PAGE + 1) * PAGE
            };
            readable += next.min(read) as u64;
            at += next as u64;
        }
        (tally, readable)
    }

    /// The bytes of one mapping.
    pub(crate) fn read(&self, mapping: &Mapping) -> Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(mapping.to - mapping.from)?];
        self.memory.read_exact_at(&mut bytes, mapping.from)?;
        Ok(bytes)
    }
}

impl Mapping {
    /// `from-to rights offset device inode name`, numbers in hexadecimal.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let (from, to) = words.next()?.split_once('-')?;
        Some(Self {
            from: u64::from_str_radix(from, 16).ok()?,
            to: u64::from_str_radix(to, 16).ok()?,
            rights: words.next()?.to_owned(),
            name: words.skip(3).collect::<Vec<_>>().join(" "),
        })
    }

    /// Whether it can be read and is memory: no device, none of the kernel's own pages, and no program or library
    /// of the system, mapped without the right to write.
    fn is_memory(&self) -> bool {
        let is_device = self.name.starts_with("/dev/") && !self.name.starts_with("/dev/shm/");
        let is_program = self.name.starts_with("/usr/") && !self.rights.contains('w');
        let is_kernel = self.name.starts_with("[v");
        self.rights.starts_with('r') && !is_device && !is_program && !is_kernel
    }

    pub(crate) fn is_writable(&self) -> bool {
        self.rights.starts_with("rw")
    }
}

#[test]
fn it_counts_what_is_in_this_process() -> Result<()> {
    let text = ["gT4mXq9ZbV2nRk7d", "LpW8sYc3HfJ6uA1e"].concat();
    let counter = Counter::of(&text);
    let me = ProcessMemory::open(std::process::id())?;
    // Larger than any that is reused: a mapping of its own. Other tests run in this process, so only that is read.
    let mut large = vec![1_u8; 64 << 20];
    let address = large.as_ptr() as u64;
    let is_around = |mapping: &&Mapping| mapping.from <= address && address < mapping.to;
    let mappings = me.mappings()?;
    let mapping = mappings.iter().find(is_around).context("no such mapping")?;
    assert!(mapping.is_memory() && me.count_in(mapping, &counter).0.is_empty());
    // Chunks begin where the mapping does; the second copy lies across a border of them.
    let border = usize::try_from(mapping.from + 2 * CHUNK as u64 - address)?;
    for at in [border - 100, border - 16, border + 100] {
        large[at..at + text.len()].copy_from_slice(text.as_bytes());
    }
    let (tally, bytes) = me.count_in(mapping, &counter);
    assert_eq!((tally.whole(), tally.first_half()), (3, 0));
    assert_eq!(bytes, mapping.to - mapping.from);
    assert_eq!(large[border], b'L');
    Ok(())
}
