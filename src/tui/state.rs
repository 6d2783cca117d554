//! Where the user is: all of the dashboard's state that does not come from files.

use super::command::Command;
use super::input::TextInput;
use super::keys::Context;
use super::loaded_report::{ReportRequest, ReportUi};
use super::snapshot::{Detail, Forecast, Query, Snapshot, Step};
use super::sort::{Column, Grouping, Sort};
use crate::catalog::TrialId;
use crate::experiment::launch_request::LaunchRequest;

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct UiState {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The screen that is shown.
    pub screen: Screen,
    /// The list of trials.
    pub catalog: CatalogUi,
    /// The presets.
    pub launch: List,
    /// What is running.
    pub monitor: MonitorUi,
    /// The opened trial.
    pub trial: TrialUi,
    /// The compared trials.
    pub compare: CompareUi,
    /// The report of an experiment.
    pub report: ReportUi,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// The line above the hints.
    pub message: Option<Message>,
}

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    /// Every trial.
    Catalog,
    /// What can be run.
    Launch,
    /// What is running.
    Monitor,
    /// One trial.
    Trial,
    /// Several trials beside each other.
    Compare,
    /// An experiment beside the paper.
    Report,
}

impl Screen {
    /// All screens, in the order of their numbers.
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

/// A cursor in a list, and the first line that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct List {
    /// The line under the cursor.
    pub cursor: u64,
    /// The first line that is shown.
    pub top: u64,
}

impl List {
    /// Moves the cursor by `lines`, as far as `total` lines allow.
    pub fn move_by(&mut self, lines: i64, total: u64) {
        self.cursor = self.cursor.saturating_add_signed(lines).min(total.saturating_sub(1));
    }

    /// Keeps the cursor within `total` lines and the shown `height` lines around the cursor.
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
    /// The trial under the cursor: the cursor stays on it while the list changes.
    pub selected: Option<TrialId>,
    /// The filter that is applied.
    pub filter: String,
    /// The experiment whose trials are shown.
    pub experiment: Option<String>,
    /// The group whose trials are shown.
    pub within: Option<(Grouping, String)>,
    /// What the trials are put together by.
    pub group: Option<Grouping>,
    /// The trials that are marked, in the order in which they were.
    pub marked: Vec<TrialId>,
    /// The order.
    pub sort: Sort,
    /// The column under the column cursor.
    pub column: Column,
}

/// The compared trials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct CompareUi {
    /// The first line that is shown.
    pub scroll: u64,
}

/// What is running.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct MonitorUi {
    /// Cursor and first block.
    pub list: List,
    /// The trial under the cursor.
    pub selected: Option<TrialId>,
}

/// The opened trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialUi {
    /// Which.
    pub id: Option<TrialId>,
    /// The tab that is shown.
    pub tab: Tab,
    /// Which of the walks whose rounds are kept is looked at; the best one is the first.
    pub walk: usize,
    /// The round after which its network is looked at, an accepted one; `None` for the last.
    pub round: Option<usize>,
    /// The first line that is shown.
    pub scroll: u64,
    /// Where it was opened from.
    pub from: Screen,
}

impl TrialUi {
    /// A trial as it is first shown.
    #[must_use]
    pub fn new(id: Option<TrialId>, tab: Tab, from: Screen) -> Self {
        Self { id, tab, walk: 0, round: None, scroll: 0, from }
    }

    /// The step that is looked at, unless it is the end of the best walk.
    #[must_use]
    pub fn step(&self, detail: &Detail) -> Option<Step> {
        let last = detail.ways.get(self.walk)?.steps().next_back()?;
        let step = Step { walk: self.walk, round: self.round.unwrap_or(last) };
        (step != Step { walk: 0, round: last }).then_some(step)
    }
}

/// A tab of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tab {
    /// What it is and what came out.
    Overview,
    /// The rounds of its best walk.
    Rounds,
    /// The clusters of each layer.
    Clusters,
    /// The quality of each cut, and why it was chosen.
    Modularity,
    /// The hierarchy of modules.
    Hierarchy,
    /// Every unit and every edge.
    Network,
    /// What its weights say: path products, tests of separability, reuse.
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
            Self::Paths => "structure",
        }
    }
}

/// What lies over the screen and takes the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// A line is typed.
    Prompt(Prompt),
    /// A launch is asked for and can be changed.
    Form(Form),
    /// An experiment is chosen; the first line stands for all.
    Experiments(List),
    /// The keys; the first line that is shown.
    Help(u64),
    /// A question, and what is done on yes.
    Confirm(Question),
    /// What becomes of the work?
    Quit,
}

/// What a line is typed for.
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

/// A launch before it is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// What is asked for, up to what is being typed.
    pub request: LaunchRequest,
    /// More about it, a paragraph.
    pub about: String,
    /// The field under the cursor.
    pub field: Field,
    /// What is typed into it.
    pub text: TextInput,
}

impl Form {
    /// The experiment of this name, as it is.
    #[must_use]
    pub fn new(name: &str, about: &str) -> Self {
        let text = TextInput::default();
        Self { request: LaunchRequest::new(name), about: about.to_owned(), field: Field::Depths, text }
    }

    /// Goes to another field, as far as there are some.
    pub fn go(&mut self, step: isize) {
        let index = self.field.index().saturating_add_signed(step).min(Field::ALL.len() - 1);
        self.field = Field::ALL[index];
        self.text = TextInput::new(self.field.of(&self.request));
    }

    /// Takes over what is typed.
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

/// What can be changed of a launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Numbers of hidden layers.
    Depths,
    /// Widths of hidden layers.
    Widths,
    /// Seeds.
    Seeds,
    /// Steps of the walks.
    Grid,
    /// Worker threads.
    Workers,
}

impl Field {
    /// All of them, from above.
    pub const ALL: [Self; 5] = [Self::Depths, Self::Widths, Self::Seeds, Self::Grid, Self::Workers];

    /// Which of them.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// The name.
    #[must_use]
    pub fn title(self) -> &'static str {
        ["depths", "widths", "seeds", "grid", "workers"][self.index()]
    }

    /// What is asked for.
    #[must_use]
    pub fn of(self, request: &LaunchRequest) -> &str {
        [&request.depths, &request.widths, &request.seeds, &request.grid, &request.workers][self.index()]
    }

    /// What that comes to.
    #[must_use]
    pub fn now(self, forecast: &Forecast) -> &str {
        [&*forecast.depths, &forecast.widths, &forecast.seeds, &forecast.grid, ""][self.index()]
    }
}

/// A line while it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// What for.
    pub purpose: Purpose,
    /// What is typed.
    pub text: TextInput,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// A question that is answered with yes or no.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The question.
    pub title: String,
    /// What is good to know before the answer, a line each.
    pub lines: Vec<String>,
    /// What yes means, in a word or two.
    pub yes: String,
    /// What is done on yes.
    pub commands: Vec<Command>,
    /// The screen that is shown after yes.
    pub then: Option<Screen>,
}

/// A line that tells what happened and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The line.
    pub text: String,
    /// Did something go wrong?
    pub bad: bool,
}

impl Message {
    /// Something to know.
    #[must_use]
    pub fn note(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: false }
    }

    /// Something that went wrong.
    #[must_use]
    pub fn problem(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: true }
    }
}

/// The least number of rows that a page of trials is asked for with.
const PAGE: u64 = 200;

impl UiState {
    /// The start: the catalog, on a terminal of this size.
    #[must_use]
    pub fn new(columns: u16, rows: u16) -> Self {
        Self {
            size: (columns, rows),
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

    /// Where keys are pressed now.
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

    /// The launch that is being asked for.
    #[must_use]
    pub fn launch_request(&self) -> Option<LaunchRequest> {
        match &self.overlay {
            Some(Overlay::Form(form)) => Some(form.request.clone()),
            _ => None,
        }
    }

    /// The trials that are to be compared: those marked, while they are looked at.
    #[must_use]
    pub fn compared(&self) -> Vec<TrialId> {
        let marked = if self.screen == Screen::Compare { &self.catalog.marked[..] } else { &[] };
        marked.iter().take(crate::report::compare::MOST).cloned().collect()
    }

    /// Are presets listed: on the launch screen, and on the welcome to an empty catalog?
    #[must_use]
    pub fn lists_presets(&self, snapshot: &Snapshot) -> bool {
        self.screen == Screen::Launch || snapshot.is_empty()
    }

    /// The report that is to be made: the one that is looked at.
    #[must_use]
    pub fn report_request(&self) -> Option<ReportRequest> {
        self.report.request.clone().filter(|_| self.screen == Screen::Report)
    }

    /// The details of the trial that is open, once they are read.
    #[must_use]
    pub fn opened<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Detail> {
        snapshot.opened.as_deref().filter(|detail| Some(&detail.row.id) == self.trial.id.as_ref())
    }

    /// The stretch of the list that should be read: a few pages around what is shown.
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
    fn the_cursor_stays_in_sight() {
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
