//! The list of trials, the counts over all of them, and the experiments.

use std::collections::HashMap;

use crate::catalog::{
    self, Catalog, Direction, Filter, Index, Key, Page as Stretch, Result, State, TrialGroup, TrialRow,
};
use crate::tui::filter;
use crate::tui::snapshot::{Experiment, Page, Query, Row, Totals};
use crate::tui::sort::Sort;

/// A row as it is shown.
pub(super) fn row(row: TrialRow) -> Row {
    Row {
        arch: row.architecture.to_string(),
        id: row.id,
        state: row.status,
        task: row.task,
        seed: row.seed,
        accuracy: row.accuracy,
        density: row.density,
        edges: row.edges,
        hidden_units: row.hidden_units,
        p_u: row.p_u,
        p_e: row.p_e,
        rounds: row.rounds,
        wall_s: row.wall_s,
        modules: row.module_count.filter(|&modules| modules > 0),
        success: row.success,
        experiments: row.experiments,
        tags: row.tags,
        note: row.note,
    }
}

/// The stretch of the list that `query` asks for. A filter that is none lets nothing through.
///
/// `totals` says which states there are, so that nothing is looked for in vain.
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
            page.rows.extend(rows.into_iter().map(row));
        }
        skip = skip.saturating_sub(total);
        page.total += total as u64;
    }
    Ok(page)
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The parts of the list, one after the other: the state, if it is but one, a further filter, and the order.
///
/// Where nothing runs or waits, every order asks for the same trials, which are then found once.
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

/// The experiments, latest first; `known` keeps when each was first asked for.
pub(super) fn experiments(
    catalog: &Catalog,
    index: &mut Index,
    known: &mut HashMap<String, i64>,
) -> Result<Vec<Experiment>> {
    let mut found = Vec::new();
    let groups = index.groups(&Filter::default(), Key::Experiment)?;
    for name in catalog.experiment_names()? {
        let created = match known.get(&name) {
            Some(&created) => created,
            // One that is damaged is told of by the index.
            None => catalog.experiment(&name).map_or(0, |experiment| experiment.created.millisecond()),
        };
        known.insert(name.clone(), created);
        let group = groups.iter().find(|group| group.name == name);
        let trials = group.map_or(0, TrialGroup::trials);
        let done = group.map_or(0, |group| group.of(State::Finished) + group.of(State::Untrained));
        found.push((created, Experiment { name, trials, done }));
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
    Ok(found.into_iter().map(|(_, experiment)| experiment).collect())
}

/// A filter that is made here. One that is none would let all pass; tests read them.
pub(super) fn parsed(text: &str) -> Filter {
    text.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::sort::Column;

    #[test]
    fn filters_made_here_are_filters() {
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
