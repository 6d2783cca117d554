//! The list of trials, the counts over all of them, and the experiments.

use std::collections::HashMap;

use crate::catalog::{self, Catalog, Direction, Filter, Index, Key, Page as Stretch, Result, State, TrialGroup};
use crate::tui::filter;
use crate::tui::snapshot::{Experiment, Page, Query, Totals};
use crate::tui::sort::Sort;

/// The part of the list that `query` asks for; nothing if its filter is wrong.
///
/// States without trials, according to `totals`, are not searched for.
pub(super) fn page(index: &mut Index, query: &Query, totals: &Totals) -> Result<Page> {
    let mut page = Page { query: query.clone(), ..Page::default() };
    if let Some(grouping) = query.group {
        let Ok(filter) = filter::of(query, "") else { return Ok(page) };
        page.groups = index.groups(&filter, filter::group_key(grouping))?;
        page.total = page.groups.len() as u64;
        return Ok(page);
    }
    let (mut skip, mut room) = (size(query.offset), size(query.limit));
    let is_quiet = totals.of(State::Running) + totals.of(State::Queued) == 0;
    for (state, more, sort) in parts(query.sort, is_quiet) {
        if state.is_some_and(|state| totals.of(state) == 0) {
            continue;
        }
        let Ok(filter) = filter::of(query, more) else { return Ok(page) };
        let total = index.count(&filter)?;
        if skip < total && room > 0 {
            let rows = index.query(&filter, Some(sort), Stretch { offset: skip, limit: Some(room) })?;
            room = room.saturating_sub(rows.len());
            page.rows.extend(rows);
        }
        skip = skip.saturating_sub(total);
        page.total += total as u64;
    }
    Ok(page)
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The parts of the list, one after the other: the state, if it is a single one, a further filter, and the order.
///
/// If nothing is running or queued, every order has the same filter, so that its matches are found only once.
fn parts(sort: Sort, is_quiet: bool) -> Vec<(Option<State>, &'static str, catalog::Sort)> {
    let by_time = |direction| catalog::Sort { key: Key::Created, direction };
    match sort {
        Sort::Latest if is_quiet => vec![(None, "", by_time(Direction::Descending))],
        Sort::Latest => vec![
            (Some(State::Running), "status=running", by_time(Direction::Ascending)),
            (None, "status!=running status!=queued", by_time(Direction::Descending)),
            (Some(State::Queued), "status=queued", by_time(Direction::Ascending)),
        ],
        Sort::By { column, descending } => {
            let direction = if descending { Direction::Descending } else { Direction::Ascending };
            vec![(None, "", catalog::Sort { key: filter::key(column), direction })]
        }
    }
}

/// Lists experiments, and remembers when each was created.
#[derive(Default)]
pub(super) struct Experiments {
    /// When each experiment was created, in milliseconds since 1970.
    created: HashMap<String, i64>,
}

impl Experiments {
    /// The experiments, newest first.
    pub fn read(&mut self, catalog: &Catalog, index: &mut Index) -> Result<Vec<Experiment>> {
        let mut found = Vec::new();
        let groups = index.groups(&Filter::default(), Key::Experiment)?;
        for name in catalog.experiment_names()? {
            let created = match self.created.get(&name) {
                Some(&created) => created,
                // The index reports a damaged one.
                None => catalog.experiment(&name).map_or(0, |experiment| experiment.created.millisecond()),
            };
            self.created.insert(name.clone(), created);
            let group = groups.iter().find(|group| group.name == name);
            let trials = group.map_or(0, TrialGroup::trials);
            let done = group.map_or(0, |group| group.of(State::Finished) + group.of(State::Untrained));
            found.push((created, Experiment { name, trials, done }));
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
        Ok(found.into_iter().map(|(_, experiment)| experiment).collect())
    }
}

/// Parses a filter made in this program. A wrong one would match all trials; tests parse them all.
pub(super) fn parsed(text: &str) -> Filter {
    text.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::sort::Column;

    #[test]
    fn filters_made_in_this_program_are_valid() {
        for state in State::ALL {
            assert!(!parsed(&format!("status={state}")).is_empty());
        }
        assert!(!parsed("experiment=\"figure-6\" status=finished").is_empty());
        let query =
            Query { filter: "density<0.05".to_owned(), experiment: Some("a.b_c".to_owned()), ..Query::default() };
        for sort in Column::ALL.map(|column| Sort::By { column, descending: true }).into_iter().chain([Sort::Latest]) {
            assert!(parts(sort, false).iter().all(|(_, more, _)| filter::of(&query, more).is_ok()), "{sort:?}");
        }
    }
}
