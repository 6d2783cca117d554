//! The table itself.

use super::Action as A;
use super::Context::{
    self, Catalog, Compare, Confirm, Experiments, Filter, Form, Help, Launch, Monitor, Quit, Report, Trial, Welcome,
};
use super::{Binding, Section};

const EVERYWHERE: &[Context] =
    &[Welcome, Catalog, Launch, Monitor, Trial, Compare, Report, Form, Filter, Experiments, Help, Confirm, Quit];
const BACK: &[Context] =
    &[Welcome, Catalog, Launch, Monitor, Trial, Compare, Report, Form, Filter, Experiments, Help, Quit];
const SCREENS: &[Context] = &[Welcome, Catalog, Launch, Monitor, Trial, Compare, Report];
const LISTS: &[Context] = &[Welcome, Catalog, Launch, Monitor, Trial, Compare, Report, Experiments, Help];
const TRIALS: &[Context] = &[Catalog, Monitor, Trial];

const fn key(
    keys: &'static [&'static str],
    action: A,
    contexts: &'static [Context],
    help: &'static str,
    hint: &'static str,
) -> Binding {
    Binding { keys, action, contexts, help, hint }
}

/// All keys, under their headings. Hints at the bottom stand in this order, too.
pub const TABLE: &[Section] = &[
    Section {
        title: "A question",
        bindings: &[
            key(&["enter", "y"], A::Accept, &[Confirm], "yes", "yes"),
            key(
                &["enter", "l", "q", "ctrl-c"],
                A::LeaveRunning,
                &[Quit],
                "quit and leave the work running",
                "leave it running",
            ),
            key(&["p"], A::PauseAndQuit, &[Quit], "pause the work and quit", "pause it"),
            key(&["c"], A::CancelAndQuit, &[Quit], "cancel the work and quit, after a question", "cancel it"),
            key(&["esc", "n", "q", "ctrl-c"], A::Back, &[Confirm], "no", "no"),
        ],
    },
    Section {
        title: "Choosing",
        bindings: &[
            key(&["enter"], A::Open, &[Catalog, Monitor], "open the trial", "open"),
            key(
                &["enter"],
                A::Open,
                &[Launch, Welcome],
                "launch the preset, after a question in which it can be changed",
                "launch",
            ),
            key(&["o"], A::OwnFile, &[Launch, Welcome], "launch an experiment file of your own", "own file"),
            key(
                &["a-z"],
                A::Preset('a'),
                &[Launch, Welcome],
                "launch the preset with this letter, after a question",
                "",
            ),
            key(&["enter"], A::Open, &[Experiments], "show only the trials of the experiment", "choose"),
        ],
    },
    Section {
        title: "Catalog",
        bindings: &[
            key(&["/"], A::Filter, &[Catalog], "filter, as in task=4-1-2-16 density<0.05 status=running", "filter"),
            key(&["e"], A::Experiments, &[Catalog], "choose an experiment", "experiment"),
            key(
                &["r"],
                A::Report,
                &[Catalog, Experiments, Report],
                "the report of the experiment, beside the paper; there, read its trials anew",
                "report",
            ),
            key(&["left", "h"], A::Left, &[Catalog], "to the column on the left", ""),
            key(&["right", "l"], A::Right, &[Catalog], "to the column on the right", ""),
            key(
                &["s"],
                A::Sort,
                &[Catalog],
                "sort by the column; again turns it round, then the latest come first",
                "sort",
            ),
            key(&["b"], A::Group, &[Catalog], "group by task, by state, by experiment, or not", "group"),
            key(&["m", "space"], A::Mark, &[Catalog, Trial], "mark the trial, or take its mark away", "mark"),
            key(&["M"], A::Unmark, &[Catalog], "take all marks away", ""),
            key(&["c"], A::Compare, &[Catalog, Trial], "compare the marked trials", "compare"),
            key(
                &["t"],
                A::Tag,
                &[Catalog, Trial],
                "tags of the marked trials, or of this one, as in fast -slow",
                "tag",
            ),
            key(&["N"], A::Note, &[Catalog, Trial], "a note on them", "note"),
            key(&["D"], A::Trash, &[Catalog, Trial], "delete them, after a question", "delete"),
            key(&["y"], A::CopyId, TRIALS, "copy the id of the trial, over SSH too (OSC 52)", ""),
            key(&["Y"], A::Copy, &[Trial, Compare, Report], "copy the text that is shown: tables, the hierarchy", ""),
            key(&["u"], A::Undelete, &[Catalog], "bring back what was deleted last", ""),
        ],
    },
    Section {
        title: "A line of text",
        bindings: &[
            key(&["enter"], A::Accept, &[Filter], "take it", "take it"),
            key(&["enter"], A::Accept, &[Form], "launch what is asked for", "launch"),
            key(&["up", "backtab"], A::Up, &[Form], "to the field above", ""),
            key(
                &["down", "tab"],
                A::Down,
                &[Form],
                "to the field below: depths, widths, seeds, grid, workers",
                "change",
            ),
            key(&["left"], A::Left, &[Filter, Form], "to the left", ""),
            key(&["right"], A::Right, &[Filter, Form], "to the right", ""),
            key(&["home", "ctrl-a"], A::First, &[Filter, Form], "to the start", ""),
            key(&["end", "ctrl-e"], A::Last, &[Filter, Form], "to the end", ""),
            key(&["backspace"], A::Backspace, &[Filter, Form], "delete to the left", ""),
            key(&["del"], A::Delete, &[Filter, Form], "delete to the right", ""),
            key(&["ctrl-w"], A::DeleteWord, &[Filter, Form], "delete a word", ""),
            key(&["ctrl-u"], A::Clear, &[Filter, Form], "delete all", "clear"),
        ],
    },
    Section {
        title: "Trial",
        bindings: &[
            key(&["right", "l", "tab"], A::Right, &[Trial], "next tab", "next tab"),
            key(&["left", "h", "backtab"], A::Left, &[Trial], "tab before", ""),
            key(&[","], A::StepBack, &[Trial], "a pruning step back: the network as it was", "step back"),
            key(&["."], A::StepForward, &[Trial], "a pruning step on", "on"),
            key(&["<"], A::FirstStep, &[Trial], "to the dense network", ""),
            key(&[">"], A::LastStep, &[Trial], "to the end of the walk", ""),
            key(
                &["w"],
                A::NextWalk,
                &[Trial],
                "the next walk whose steps were kept: the best, then near-best ones",
                "",
            ),
            key(&["J", "]"], A::NextTrial, &[Trial], "next trial of the list", "next trial"),
            key(&["K", "["], A::PreviousTrial, &[Trial], "trial before in the list", ""),
        ],
    },
    Section {
        title: "Work",
        bindings: &[
            key(&["n"], A::GoLaunch, &[Catalog, Monitor, Trial], "launch an experiment", "launch"),
            key(&["p"], A::Pause, TRIALS, "pause the trial, or go on with it", "pause"),
            key(&["x"], A::Cancel, TRIALS, "cancel the trial, after a question", "cancel"),
            key(&["P"], A::PauseAll, TRIALS, "pause all that runs, or go on with all that stopped", ""),
            key(&["X"], A::CancelAll, TRIALS, "cancel all that runs, after a question", ""),
            key(&["+", "="], A::MoreWorkers, &[Monitor], "work on one trial more at once", "workers"),
            key(&["-", "_"], A::FewerWorkers, &[Monitor], "work on one trial less at once", ""),
        ],
    },
    Section {
        title: "Moving",
        bindings: &[
            key(&["up", "k"], A::Up, LISTS, "up", ""),
            key(&["down", "j"], A::Down, LISTS, "down", ""),
            key(&["pgup", "ctrl-b"], A::PageUp, LISTS, "a page up", ""),
            key(&["pgdn", "ctrl-f"], A::PageDown, LISTS, "a page down", ""),
            key(&["home", "g"], A::First, LISTS, "to the first", ""),
            key(&["end", "G"], A::Last, LISTS, "to the last", ""),
        ],
    },
    Section {
        title: "Everywhere",
        bindings: &[
            key(&["1"], A::GoCatalog, SCREENS, "catalog: every trial", ""),
            key(&["2"], A::GoLaunch, SCREENS, "launch: what can be run", ""),
            key(&["3"], A::GoMonitor, SCREENS, "monitor: what is running", ""),
            key(&["4"], A::GoTrial, SCREENS, "trial: the one opened last", ""),
            key(&["5"], A::GoCompare, SCREENS, "compare: the marked trials", ""),
            key(&["6"], A::GoReport, SCREENS, "report: of the experiment opened last", ""),
            key(&["tab"], A::NextScreen, &[Welcome, Catalog, Launch, Monitor, Compare, Report], "next screen", ""),
            key(
                &["backtab"],
                A::PreviousScreen,
                &[Welcome, Catalog, Launch, Monitor, Compare, Report],
                "screen before",
                "",
            ),
            key(&["esc"], A::Back, BACK, "back; in the catalog, show all trials again", "back"),
            key(&["q"], A::Back, &[Trial, Compare, Report, Experiments, Help], "", ""),
            key(&["?", "f1"], A::Help, SCREENS, "this list", "help"),
            key(&["?", "f1"], A::Back, &[Help], "", ""),
            key(
                &["q"],
                A::Quit,
                &[Welcome, Catalog, Launch, Monitor],
                "quit (or back); asks if work is running",
                "quit",
            ),
            key(
                &["ctrl-c"],
                A::Quit,
                &[Welcome, Catalog, Launch, Monitor, Trial, Compare, Report, Form, Filter, Experiments, Help],
                "quit",
                "",
            ),
            key(&["ctrl-z"], A::Suspend, EVERYWHERE, "to the background; `fg` comes back", ""),
            key(&["ctrl-l"], A::Redraw, EVERYWHERE, "draw everything again", ""),
        ],
    },
];
