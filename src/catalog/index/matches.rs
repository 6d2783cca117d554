//! The trials that pass a filter, found once and known for as long as the index stays as it is.
//!
//! A page deep in a filtered list is found by passing over all trials before it. To look each of them up to ask the
//! filter takes a tenth of a second with 100,000 trials; to walk along the index of the column that is sorted by, and
//! look each number up among those known to pass, a few milliseconds.

use std::collections::HashMap;

use rusqlite::params_from_iter;

use super::{Index, Page, schema};
use crate::catalog::filter::Clause;
use crate::catalog::{Filter, Result, Sort, State, TrialRow};

/// The most filters whose trials are kept at once: a list asks for three at most.
const KEPT: usize = 6;

/// The numbers of the trials that pass filters, each list sorted; the key is the condition with its parameters.
#[derive(Debug, Default)]
pub(super) struct MatchCache {
    lists: HashMap<String, Vec<i64>>,
    /// What SQLite calls the version of the data: another once another process has written.
    version: Option<i64>,
}

impl MatchCache {
    /// Forgets what was found: the index has changed.
    pub fn clear(&mut self) {
        self.lists.clear();
    }
}

impl Index {
    /// How many trials are in each state, in the order of [`State::ALL`], as of the last refresh.
    ///
    /// # Errors
    /// SQLite fails even in memory.
    pub fn states(&mut self) -> Result<[u64; State::ALL.len()]> {
        self.robustly(|index| {
            let mut counts = [0; State::ALL.len()];
            let mut statement =
                index.connection.prepare_cached("SELECT status, count(*) FROM trial GROUP BY status")?;
            let mut lines = statement.query([])?;
            while let Some(line) = lines.next()? {
                let (state, trials): (State, i64) = (schema::status(line, 0)?, line.get(1)?);
                for (count, _) in counts.iter_mut().zip(State::ALL).filter(|(_, other)| *other == state) {
                    *count = trials.unsigned_abs();
                }
            }
            Ok(counts)
        })
    }

    /// How many trials pass `filter`.
    pub(super) fn count_passing(&mut self, filter: &Filter) -> Result<usize> {
        Ok(self.matches(&filter.clause())?.len())
    }

    /// The stretch `page` of the trials that pass `filter`, in the order of `sort`.
    pub(super) fn pick(&mut self, filter: &Filter, sort: Option<Sort>, page: Page) -> Result<Vec<TrialRow>> {
        let clause = filter.clause();
        self.matches(&clause)?;
        let Some(passing) = self.matches.lists.get(&key(&clause)) else { return Ok(Vec::new()) };
        // Whoever asks for the second half is found sooner from the end.
        let wanted = page.limit.unwrap_or(usize::MAX).min(passing.len().saturating_sub(page.offset));
        let after = passing.len().saturating_sub(page.offset).saturating_sub(wanted);
        let backwards = after < page.offset;
        let skipped = if backwards { after } else { page.offset };
        let order = sort.unwrap_or_default().order(backwards);
        let mut numbers = Vec::with_capacity(wanted);
        if wanted > 0 {
            let mut statement =
                self.connection.prepare_cached(&format!("SELECT number FROM trial ORDER BY {order}"))?;
            let mut lines = statement.query([])?;
            let mut passed = 0;
            while numbers.len() < wanted
                && let Some(line) = lines.next()?
            {
                let number: i64 = line.get(0)?;
                if passing.binary_search(&number).is_ok() {
                    passed += 1;
                    if passed > skipped {
                        numbers.push(number);
                    }
                }
            }
        }
        if backwards {
            numbers.reverse();
        }
        self.rows(&numbers)
    }

    /// The rows with these numbers, in their order.
    fn rows(&self, numbers: &[i64]) -> Result<Vec<TrialRow>> {
        let sql = format!("SELECT {} FROM trial WHERE number = ?", schema::selection());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = Vec::with_capacity(numbers.len());
        for number in numbers {
            // One that another process has just removed is left out.
            rows.extend(statement.query_map([number], schema::row)?.next().transpose()?);
        }
        Ok(rows)
    }

    /// The numbers of the trials that pass, sorted.
    fn matches(&mut self, clause: &Clause) -> Result<&[i64]> {
        let version: i64 = self.connection.pragma_query_value(None, "data_version", |line| line.get(0))?;
        if self.matches.version.replace(version) != Some(version) || self.matches.lists.len() >= KEPT {
            self.matches.clear();
        }
        let key = key(clause);
        if !self.matches.lists.contains_key(&key) {
            let sql = format!("SELECT number FROM trial WHERE {}", clause.sql);
            let mut statement = self.connection.prepare(&sql)?;
            let numbers = statement.query_map(params_from_iter(&clause.parameters), |line| line.get(0))?;
            let mut numbers: Vec<i64> = numbers.collect::<rusqlite::Result<_>>()?;
            numbers.sort_unstable();
            self.matches.lists.insert(key.clone(), numbers);
        }
        Ok(self.matches.lists.get(&key).map_or(&[], Vec::as_slice))
    }
}

fn key(clause: &Clause) -> String {
    format!("{} {:?}", clause.sql, clause.parameters)
}
