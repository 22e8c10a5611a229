//! What is added to lines of the outbox: number, hash of the line before, signatures.

use std::sync::Arc;

use envelope::Kid;

use super::Trail;
use crate::audit::checkpoint::Checkpoint;
use crate::audit::file::{AuditError, Locked};
use crate::audit::line::{Beginning, End, Entry, LineHash, without_brace, write_front};
use crate::audit::outbox::Row;
use crate::audit::rotation::LastLine;
use crate::identity::Identity;

/// Lines as they go into the file.
pub(super) struct Composed {
    pub(super) text: String,
    pub(super) end: End,
    pub(super) last: LastLine,
}

impl Trail {
    /// Completes lines of the outbox; up to a checkpoint that fills the file, if there is one.
    pub(super) fn compose(
        &self,
        rows: &[Row],
        after: &End,
        locked: &Locked<'_>,
        present: &Arc<Identity>,
    ) -> Result<Composed, AuditError> {
        let mut identity = self.signer_at(rows, present);
        let mut lines = Composed {
            text: String::new(),
            end: *after,
            last: LastLine::Other,
        };
        for Row { seq, line, .. } in rows {
            let start = lines.text.len();
            let follows;
            let mut beginning = None;
            if locked.length() == 0 && start == 0 {
                let before = locked.before()?.filter(|file| file.last == after.seq);
                follows = before.map(|file| file.name());
                beginning = Some(Beginning {
                    gateway: self.gateway.as_str(),
                    identity_key: identity.public_x(),
                    follows: follows.as_deref(),
                });
            }
            let jws = self.checkpoint(line, &lines.end, &identity)?;
            write_front(
                &mut lines.text,
                *seq,
                &lines.end.head,
                beginning.as_ref(),
                jws.as_deref(),
            );
            lines.text.push_str(without_brace(line));
            lines.end = End {
                seq: *seq,
                head: LineHash::of(&lines.text.as_bytes()[start..]),
            };
            lines.text.push('\n');
            lines.last = LastLine::Other;
            if let Some(successor) = self.signer_after(line, present) {
                identity = successor;
            }
            if jws.is_some() {
                lines.last = LastLine::Checkpoint;
                if locked.length() + lines.text.len() as u64 >= self.keeping.max_bytes {
                    break;
                }
            }
        }
        Ok(lines)
    }

    /// The key in force at the first of these rows: the former one up to the row that tells of its replacement.
    pub(in crate::audit) fn signer_at<'r>(
        &self,
        rows: impl IntoIterator<Item = &'r Row>,
        present: &Arc<Identity>,
    ) -> Arc<Identity> {
        let mut rows = rows.into_iter();
        let replaced = rows.find_map(|row| Entry::hand_over_in(&row.line));
        replaced.map_or_else(
            || Arc::clone(present),
            |hand_over| self.signer(&hand_over.former, present),
        )
    }

    /// The key in force after a row, if it is another one than before.
    pub(in crate::audit) fn signer_after(
        &self,
        row: &str,
        present: &Arc<Identity>,
    ) -> Option<Arc<Identity>> {
        let hand_over = Entry::hand_over_in(row)?;
        Some(self.signer(&hand_over.successor, present))
    }

    fn signer(&self, kid: &Kid, present: &Arc<Identity>) -> Arc<Identity> {
        let signer = self.succession.signer(kid);
        signer.unwrap_or_else(|| Arc::clone(present))
    }

    /// The signature that belongs into this line, if it is a checkpoint.
    pub(in crate::audit) fn checkpoint(
        &self,
        row: &str,
        end: &End,
        identity: &Identity,
    ) -> Result<Option<String>, AuditError> {
        let Some(at) = Entry::checkpoint_at(row) else {
            return Ok(None);
        };
        let gateway = self.gateway.as_str();
        Ok(Some(Checkpoint::sign(identity, gateway, end, &at)?))
    }
}
