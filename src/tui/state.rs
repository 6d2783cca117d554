//! Where the user is: all of the dashboard's state that does not come from files.

use super::command::Command;
use super::input::TextInput;
use super::keys::Context;
use super::loaded_report::{ReportRequest, ReportUi};
use super::snapshot::{Forecast, OpenedTrial, Query, Snapshot, Step, steps};
use super::sort::{Column, Grouping, Sort};
use crate::catalog::TrialId;
use crate::experiment::launch_request::LaunchRequest;
use crate::report::pixels::Style;

/// The state of the dashboard.
#[derive(Clone, Debug, PartialEq)]
pub struct UiState {
    /// The terminal's columns and rows.
    pub size: (u16, u16),
    /// How the terminal draws maps of pixels, on which the length of a text depends.
    pub pixels: Style,
    /// The current screen.
    pub screen: Screen,
    /// The list of trials.
    pub catalog: CatalogUi,
    /// The list of presets.
    pub launch: List,
    /// The running trials.
    pub monitor: MonitorUi,
    /// The opened trial.
    pub trial: TrialUi,
    /// The compared trials.
    pub compare: CompareUi,
    /// The report of an experiment.
    pub report: ReportUi,
    /// What covers the screen.
    pub overlay: Option<Overlay>,
    /// The line above the hints.
    pub message: Option<Message>,
}

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    /// All trials.
    Catalog,
    /// What can be launched.
    Launch,
    /// The running trials.
    Monitor,
    /// One trial.
    Trial,
    /// Marked trials side by side.
    Compare,
    /// The report of an experiment.
    Report,
}

impl Screen {
    /// All screens, in the order of their keys.
    pub const ALL: [Self; 6] = [Self::Catalog, Self::Launch, Self::Monitor, Self::Trial, Self::Compare, Self::Report];

    /// The name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Launch => "launch",
            Self::Monitor => "monitor",
            Self::Trial => "trial",
            Self::Compare => "compare",
            Self::Report => "report",
        }
    }
}

/// A cursor in a list, and the first visible line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct List {
    /// The line under the cursor.
    pub cursor: u64,
    /// The first visible line.
    pub top: u64,
}

impl List {
    /// Moves the cursor by `lines` within `total` lines.
    pub fn move_by(&mut self, lines: i64, total: u64) {
        self.cursor = self.cursor.saturating_add_signed(lines).min(total.saturating_sub(1));
    }

    /// Keeps the cursor within `total` lines, and within the `height` visible ones.
    pub fn settle(&mut self, total: u64, height: u64) {
        self.cursor = self.cursor.min(total.saturating_sub(1));
        let lowest = self.cursor.saturating_sub(height.max(1) - 1);
        self.top = self.top.clamp(lowest, self.cursor.max(lowest)).min(total.saturating_sub(height));
    }
}

/// The list of trials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogUi {
    /// Cursor and first line.
    pub list: List,
    /// The trial under the cursor; the cursor stays on it while the list changes.
    pub selected: Option<TrialId>,
    /// The filter in effect.
    pub filter: String,
    /// The experiment whose trials are shown; `None` for all.
    pub experiment: Option<String>,
    /// The group whose trials are shown; `None` for all.
    pub within: Option<(Grouping, String)>,
    /// The grouping; `None` for a plain list.
    pub group: Option<Grouping>,
    /// The marked trials, in the order of marking.
    pub marked: Vec<TrialId>,
    /// The order.
    pub sort: Sort,
    /// The column under the column cursor.
    pub column: Column,
}

/// The compared trials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct CompareUi {
    /// The first visible line.
    pub scroll: u64,
}

/// What is running.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct MonitorUi {
    /// The cursor and the first visible trial.
    pub list: List,
    /// The trial under the cursor.
    pub selected: Option<TrialId>,
}

/// The opened trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialUi {
    /// The trial; `None` before one is opened.
    pub id: Option<TrialId>,
    /// The current tab.
    pub tab: Tab,
    /// The current one of the walks with a trajectory; 0 is the best walk.
    pub walk: usize,
    /// The accepted round whose network is shown; `None` for the walk's last.
    pub round: Option<usize>,
    /// The first visible line.
    pub scroll: u64,
    /// The screen it was opened from.
    pub from: Screen,
}

impl TrialUi {
    /// A trial as first shown.
    #[must_use]
    pub fn new(id: Option<TrialId>, tab: Tab, from: Screen) -> Self {
        Self { id, tab, walk: 0, round: None, scroll: 0, from }
    }

    /// The step that is shown; `None` at the end of the best walk.
    #[must_use]
    pub fn step(&self, trial: &OpenedTrial) -> Option<Step> {
        let last = *steps(trial.recorded_walk(self.walk)?).last()?;
        let step = Step { walk: self.walk, round: self.round.unwrap_or(last) };
        (step != Step { walk: 0, round: last }).then_some(step)
    }
}

/// A tab of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tab {
    /// Settings and results.
    Overview,
    /// The rounds of a walk.
    Rounds,
    /// The clusters of each layer.
    Clusters,
    /// The modularity of each cut, and why the chosen one was chosen.
    Modularity,
    /// The hierarchy of modules.
    Hierarchy,
    /// Every unit and every edge.
    Network,
    /// Path products, input separability and unit reuse.
    Paths,
}

impl Tab {
    /// All tabs, from left to right.
    pub const ALL: [Self; 7] =
        [Self::Overview, Self::Rounds, Self::Clusters, Self::Modularity, Self::Hierarchy, Self::Network, Self::Paths];

    /// The name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Rounds => "rounds",
            Self::Clusters => "clusters",
            Self::Modularity => "modularity",
            Self::Hierarchy => "hierarchy",
            Self::Network => "network",
            Self::Paths => "paths",
        }
    }
}

/// What covers the screen and receives the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// A line of text is typed.
    Prompt(Prompt),
    /// A launch is prepared.
    Form(Form),
    /// An experiment is chosen; the first line stands for all trials.
    Experiments(List),
    /// All keys; the first visible line.
    Help(u64),
    /// A yes-or-no question is asked.
    Confirm(Question),
    /// Quitting: what should happen to running trials?
    Quit,
}

/// What a line of text is typed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A filter for the list.
    Filter,
    /// Tags for these trials.
    Tag(Vec<TrialId>),
    /// A note on these trials.
    Note(Vec<TrialId>),
    /// The path of an experiment file.
    File,
}

/// The form of a launch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The launch, including what is being typed.
    pub request: LaunchRequest,
    /// A paragraph about the experiment.
    pub about: String,
    /// The field under the cursor.
    pub field: Field,
    /// What is typed into the field.
    pub text: TextInput,
}

impl Form {
    /// The form for the experiment of this name, unchanged.
    #[must_use]
    pub fn new(name: &str, about: &str) -> Self {
        let text = TextInput::default();
        Self { request: LaunchRequest::new(name), about: about.to_owned(), field: Field::Depths, text }
    }

    /// Moves to another field, `step` fields down.
    pub fn go(&mut self, step: isize) {
        let index = self.field.index().saturating_add_signed(step).min(Field::ALL.len() - 1);
        self.field = Field::ALL[index];
        self.text = TextInput::new(self.field.of(&self.request));
    }

    /// Applies what is typed to the launch.
    pub fn typed(&mut self) {
        let text = self.text.text();
        *match self.field {
            Field::Depths => &mut self.request.depths,
            Field::Widths => &mut self.request.widths,
            Field::Seeds => &mut self.request.seeds,
            Field::Grid => &mut self.request.grid,
            Field::Workers => &mut self.request.workers,
        } = text;
    }
}

/// A setting of a launch that can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The numbers of hidden layers.
    Depths,
    /// The widths of hidden layers.
    Widths,
    /// The seeds.
    Seeds,
    /// The initial step sizes of the walks.
    Grid,
    /// The number of worker threads.
    Workers,
}

impl Field {
    /// All fields, from top to bottom.
    pub const ALL: [Self; 5] = [Self::Depths, Self::Widths, Self::Seeds, Self::Grid, Self::Workers];

    /// The field's position.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// The name.
    #[must_use]
    pub fn title(self) -> &'static str {
        ["depths", "widths", "seeds", "grid", "workers"][self.index()]
    }

    /// What was typed into the field.
    #[must_use]
    pub fn of(self, request: &LaunchRequest) -> &str {
        [&request.depths, &request.widths, &request.seeds, &request.grid, &request.workers][self.index()]
    }

    /// What the field amounts to.
    #[must_use]
    pub fn now(self, forecast: &Forecast) -> &str {
        [&*forecast.depths, &forecast.widths, &forecast.seeds, &forecast.grid, ""][self.index()]
    }
}

/// A line of text being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// What the text is for.
    pub purpose: Purpose,
    /// The text.
    pub text: TextInput,
    /// What is wrong with the text.
    pub problem: Option<String>,
}

/// A yes-or-no question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The question.
    pub title: String,
    /// Background for the answer, one line each.
    pub lines: Vec<String>,
    /// What yes means, in a few words.
    pub yes: String,
    /// The commands executed on yes.
    pub commands: Vec<Command>,
    /// The screen shown after yes.
    pub then: Option<Screen>,
}

/// A line that says what happened and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The line.
    pub text: String,
    /// Did something go wrong?
    pub bad: bool,
}

impl Message {
    /// A notice.
    #[must_use]
    pub fn note(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: false }
    }

    /// An error.
    #[must_use]
    pub fn problem(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: true }
    }
}

/// The number of rows to read on each side of the visible ones.
const PAGE: u64 = 200;

impl UiState {
    /// The initial state: the catalog, on a terminal of this size.
    #[must_use]
    pub fn new(columns: u16, rows: u16) -> Self {
        Self {
            size: (columns, rows),
            pixels: Style::Blocks,
            screen: Screen::Catalog,
            catalog: CatalogUi {
                list: List::default(),
                selected: None,
                filter: String::new(),
                experiment: None,
                within: None,
                group: None,
                marked: Vec::new(),
                sort: Sort::Latest,
                column: Column::Status,
            },
            launch: List::default(),
            monitor: MonitorUi::default(),
            trial: TrialUi::new(None, Tab::Overview, Screen::Catalog),
            compare: CompareUi::default(),
            report: ReportUi::default(),
            overlay: None,
            message: None,
        }
    }

    /// Where keys are pressed at the moment.
    #[must_use]
    pub fn context(&self, snapshot: &Snapshot) -> Context {
        match (&self.overlay, self.screen) {
            (Some(Overlay::Form(_)), _) => Context::Form,
            (Some(Overlay::Prompt(_)), _) => Context::Filter,
            (Some(Overlay::Experiments(_)), _) => Context::Experiments,
            (Some(Overlay::Help(_)), _) => Context::Help,
            (Some(Overlay::Confirm(_)), _) => Context::Confirm,
            (Some(Overlay::Quit), _) => Context::Quit,
            (None, Screen::Catalog) if snapshot.is_empty() => Context::Welcome,
            (None, Screen::Catalog) => Context::Catalog,
            (None, Screen::Launch) => Context::Launch,
            (None, Screen::Monitor) => Context::Monitor,
            (None, Screen::Trial) => Context::Trial,
            (None, Screen::Compare) => Context::Compare,
            (None, Screen::Report) => Context::Report,
        }
    }

    /// The launch being prepared.
    #[must_use]
    pub fn launch_request(&self) -> Option<LaunchRequest> {
        match &self.overlay {
            Some(Overlay::Form(form)) => Some(form.request.clone()),
            _ => None,
        }
    }

    /// The trials to compare: the marked ones, while the comparison is shown.
    #[must_use]
    pub fn compared(&self) -> Vec<TrialId> {
        let marked = if self.screen == Screen::Compare { &self.catalog.marked[..] } else { &[] };
        marked.iter().take(crate::report::compare::MOST).cloned().collect()
    }

    /// Are presets listed? They are on the launch screen and in an empty catalog.
    #[must_use]
    pub fn lists_presets(&self, snapshot: &Snapshot) -> bool {
        self.screen == Screen::Launch || snapshot.is_empty()
    }

    /// The report to make, while it is shown.
    #[must_use]
    pub fn report_request(&self) -> Option<ReportRequest> {
        self.report.request.clone().filter(|_| self.screen == Screen::Report)
    }

    /// The opened trial, once it has been read.
    #[must_use]
    pub fn opened<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a OpenedTrial> {
        snapshot.opened.as_deref().filter(|trial| Some(trial.id()) == self.trial.id.as_ref())
    }

    /// The part of the list to read: a few pages around the visible rows.
    #[must_use]
    pub fn query(&self) -> Query {
        let offset = self.catalog.list.top.saturating_sub(PAGE / 2) / (PAGE / 2) * (PAGE / 2);
        Query {
            filter: self.catalog.filter.clone(),
            experiment: self.catalog.experiment.clone(),
            within: self.catalog.within.clone(),
            group: self.catalog.group,
            sort: self.catalog.sort,
            offset,
            limit: PAGE * 2 + u64::from(self.size.1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_visible() {
        let mut list = List::default();
        list.move_by(30, 100);
        list.settle(100, 10);
        assert_eq!((list.cursor, list.top), (30, 21));
        list.move_by(-5, 100);
        list.settle(100, 10);
        assert_eq!((list.cursor, list.top), (25, 21));
        list.move_by(i64::MAX, 100);
        list.settle(100, 10);
        assert_eq!((list.cursor, list.top), (99, 90));
        list.settle(3, 10);
        assert_eq!((list.cursor, list.top), (2, 0));
        list.settle(0, 0);
        assert_eq!((list.cursor, list.top), (0, 0));
    }
}
