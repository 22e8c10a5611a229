//! What the trail has told up to one line, kept in `audit.index`, so that whoever begins does not read years of lines.
//!
//! ```text
//! {"v":1,"term":1,"seal":"…"}
//! {"files":[…],"place":{…},"offset":…,"reading":{…}}
//! ```
//! The seal is the vault's, over the second line. The line that it goes up to is one that the store remembered under its seal, so
//! each before it is the gateway's own by the hashes. An index that somebody puts back is only older: all lines after it are read.
//! It is made anew where it is missing, and is in no backup: files have other places there.

use std::io::{self, Read as _};

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};

use super::reading::{AtMark, Reading};
use super::stamp::{Place, Stamp};
use super::{Remembered, Told};
use crate::audit::lines;
use crate::audit::verify::{CannotRead, Source};
use crate::data_folder::{self, DataFolder, FolderError};
use crate::keyring::Term;
use crate::vault::Vault;

/// What the seal is for.
const PURPOSE: &[u8] = b"audit index";

/// What is longer has no seal: ten thousand linked services take about one megabyte. In bytes.
const MAX_BYTES: u64 = 64 << 20;

/// How far the trail was read, and what it told.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::custody) struct Index {
    /// Read whole.
    files: Vec<Stamp>,
    /// The next one, and how many of its bytes were read.
    place: Place,
    offset: u64,
    reading: Reading,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    v: u8,
    term: Term,
    seal: String,
}

impl Index {
    pub(super) fn new(files: &[Stamp], place: Place, at_mark: AtMark) -> Self {
        Self {
            files: files.to_vec(),
            place,
            offset: at_mark.offset,
            reading: at_mark.reading,
        }
    }

    /// The number of the line that it goes up to.
    pub(in crate::custody) fn last(&self) -> i64 {
        self.reading.last_line().map_or(0, |line| line.seq)
    }

    /// The one in the data folder; none if it is not there, or not as this gateway has written it.
    pub(in crate::custody) fn load(folder: &DataFolder, vault: &Vault) -> Option<Self> {
        let file = lines::open(&folder.audit_index()).ok()?;
        let mut content = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut content).ok()?;
        let at = content.iter().position(|&byte| byte == b'\n')?;
        let (front, body) = (&content[..at], &content[at + 1..]);
        let front: Front = serde_json::from_slice(front).ok()?;
        let seal = Base64UrlUnpadded::decode_vec(&front.seal).ok()?;
        let is_ours = front.v == 1 && vault.are_sealed(front.term, PURPOSE, &[body], &seal);
        is_ours.then(|| serde_json::from_slice(body).ok()).flatten()
    }

    /// Puts it into the data folder, sealed under this term.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub(in crate::custody) fn write(
        &self,
        folder: &DataFolder,
        vault: &Vault,
        term: Term,
    ) -> Result<(), FolderError> {
        let path = folder.audit_index();
        let failed = |what: io::Error| FolderError::Io {
            path: path.clone(),
            source: what,
        };
        let body = serde_json::to_vec(self).map_err(|error| failed(error.into()))?;
        let seal = vault
            .seal_parts(term, PURPOSE, &[&body])
            .ok_or_else(|| failed(io::Error::other("the keyring does not have the term")))?;
        let front = Front {
            v: 1,
            term,
            seal: Base64UrlUnpadded::encode_string(&seal),
        };
        let mut content = serde_json::to_vec(&front).map_err(|error| failed(error.into()))?;
        content.push(b'\n');
        content.extend_from_slice(&body);
        data_folder::replace(&path, &content)
    }

    /// What it tells together with the lines after it; none if the files are not as they were, or anything is at fault.
    pub(super) fn go_on(
        self,
        sources: Vec<Source>,
        remembered: Remembered,
    ) -> Result<Option<Told>, CannotRead> {
        let aside = Stamp::of_aside(&sources)?;
        // The oldest may have been removed meanwhile.
        let there = (0..=self.files.len())
            .map(|removed| &self.files[removed..])
            .find(|files| aside.starts_with(files));
        let Some(skipped) = there.map(<[Stamp]>::len) else {
            return Ok(None);
        };
        let Self {
            place,
            offset,
            mut reading,
            ..
        } = self;
        let mut sources = sources.into_iter().skip(skipped);
        let Some(next) = sources.next() else {
            return Ok(None);
        };
        let is_there = Place::of(&next)? == place && next.end_after(offset)? == reading.last_line();
        if !is_there {
            return Ok(None);
        }
        reading.remember(remembered);
        reading.file(next, offset)?;
        for source in sources {
            reading.file(source, 0)?;
        }
        let told = reading.finish(remembered.mark);
        Ok(Some(told).filter(|told| told.fault.is_none()))
    }
}
