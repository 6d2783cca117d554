//! The difference between the index and the trials' folders.

use std::collections::HashMap;

use rusqlite::{Connection, TransactionBehavior, params};

use super::schema::{self, Fingerprint};
use crate::catalog::{State, TrialId, TrialRow};

/// How many rows are written in one transaction. Other processes can use the index in between.
const ROWS_AT_ONCE: usize = 1000;

/// What the index knows about a trial before a refresh.
pub(super) struct Known {
    pub(super) fingerprint: Fingerprint,
    pub(super) status: State,
    /// The trial's experiments as stored in the index, see [`joined`](crate::catalog::filter::joined).
    pub(super) experiments: String,
}

/// What a refresh has to change in the index.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) rows: Vec<(TrialRow, Fingerprint)>,
    pub(super) statuses: Vec<(TrialId, State)>,
    pub(super) experiments: Vec<(TrialId, String)>,
    pub(super) removed: Vec<TrialId>,
    /// The modification times of the shard folders that were searched.
    pub(super) shards: HashMap<String, i64>,
}

impl Changes {
    /// Whether the index stays as it is.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.statuses.is_empty() && self.experiments.is_empty() && self.removed.is_empty()
    }

    /// Writes the changes to the index.
    pub(super) fn write(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        for rows in self.rows.chunks(ROWS_AT_ONCE) {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            {
                let mut insert = transaction.prepare_cached(&schema::insert())?;
                let mut insert_fingerprint = transaction.prepare_cached(schema::INSERT_FINGERPRINT)?;
                for (row, fingerprint) in rows {
                    insert.execute(schema::parameters(row))?;
                    insert_fingerprint.execute(params![row.id.number(), fingerprint.mtime, fingerprint.evidence])?;
                }
            }
            transaction.commit()?;
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut status = transaction.prepare_cached("UPDATE trial SET status = ? WHERE number = ?")?;
            for (id, state) in &self.statuses {
                status.execute(params![state.as_str(), id.number()])?;
            }
            let mut member = transaction.prepare_cached("UPDATE trial SET experiments = ? WHERE number = ?")?;
            for (id, names) in &self.experiments {
                member.execute(params![names, id.number()])?;
            }
            for table in ["trial", "seen"] {
                let mut remove = transaction.prepare_cached(&format!("DELETE FROM {table} WHERE number = ?"))?;
                for id in &self.removed {
                    remove.execute([id.number()])?;
                }
            }
        }
        transaction.commit()
    }
}
