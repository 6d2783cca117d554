//! The trials that match a filter, found once and kept until the index changes.
//!
//! A page deep in a filtered list has many trials before it. Checking each of them against the filter takes a tenth of a
//! second for 100,000 trials. Walking along the index of the sorted column, and looking each trial's number up among those
//! known to match, takes a few milliseconds.

use std::collections::HashMap;

use rusqlite::{Connection, params_from_iter};

use super::schema;
use crate::catalog::filter::Clause;
use crate::catalog::{Filter, Result, Sort, TrialRow};

/// The maximum number of filters to keep matches for. A list needs three at most.
const KEPT: usize = 6;

/// A part of a list of trials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Page {
    /// How many trials to skip.
    pub offset: usize,
    /// The maximum number of trials; `None` for all.
    pub limit: Option<usize>,
}

/// The numbers of the trials that match filters.
#[derive(Debug, Default)]
pub(super) struct MatchCache {
    /// The sorted numbers by filter: the SQL condition with its parameters.
    lists: HashMap<String, Vec<i64>>,
    /// SQLite's data version, which changes when another process writes to the index.
    version: Option<i64>,
}

impl MatchCache {
    /// Forgets all matches, because the index has changed.
    pub(super) fn clear(&mut self) {
        self.lists.clear();
    }

    /// The number of trials that match `filter`.
    pub(super) fn count(&mut self, index: &Connection, filter: &Filter) -> Result<usize> {
        Ok(self.matches(index, &filter.clause())?.len())
    }

    /// The trials on `page` of those that match `filter`, in the order of `sort`.
    pub(super) fn rows(
        &mut self,
        index: &Connection,
        filter: &Filter,
        sort: Option<Sort>,
        page: Page,
    ) -> Result<Vec<TrialRow>> {
        let matches = self.matches(index, &filter.clause())?;
        // A page in the second half is found faster from the end.
        let wanted = page.limit.unwrap_or(usize::MAX).min(matches.len().saturating_sub(page.offset));
        let after = matches.len().saturating_sub(page.offset).saturating_sub(wanted);
        let backwards = after < page.offset;
        let skipped = if backwards { after } else { page.offset };
        let order = sort.unwrap_or_default().order(backwards);
        let mut numbers = Vec::with_capacity(wanted);
        if wanted > 0 {
            let mut statement = index.prepare_cached(&format!("SELECT number FROM trial ORDER BY {order}"))?;
            let mut lines = statement.query([])?;
            let mut passed = 0;
            while numbers.len() < wanted
                && let Some(line) = lines.next()?
            {
                let number: i64 = line.get(0)?;
                if matches.binary_search(&number).is_ok() {
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
        rows(index, &numbers)
    }

    /// The sorted numbers of the trials that match.
    fn matches(&mut self, index: &Connection, clause: &Clause) -> Result<&[i64]> {
        let version: i64 = index.pragma_query_value(None, "data_version", |line| line.get(0))?;
        if self.version.replace(version) != Some(version) || self.lists.len() >= KEPT {
            self.clear();
        }
        let key = format!("{} {:?}", clause.sql, clause.parameters);
        if !self.lists.contains_key(&key) {
            let mut statement = index.prepare(&format!("SELECT number FROM trial WHERE {}", clause.sql))?;
            let numbers = statement.query_map(params_from_iter(&clause.parameters), |line| line.get(0))?;
            let mut numbers: Vec<i64> = numbers.collect::<rusqlite::Result<_>>()?;
            numbers.sort_unstable();
            self.lists.insert(key.clone(), numbers);
        }
        Ok(self.lists.get(&key).map_or(&[], Vec::as_slice))
    }
}

/// The rows with these numbers, in the same order.
fn rows(index: &Connection, numbers: &[i64]) -> Result<Vec<TrialRow>> {
    let sql = format!("SELECT {} FROM trial WHERE number = ?", schema::selection());
    let mut statement = index.prepare_cached(&sql)?;
    let mut rows = Vec::with_capacity(numbers.len());
    for number in numbers {
        // Another process may have just removed the trial.
        rows.extend(statement.query_map([number], schema::row)?.next().transpose()?);
    }
    Ok(rows)
}
