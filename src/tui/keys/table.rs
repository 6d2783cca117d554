//! The table of keys.

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

/// All keys, under their headings. The hints in the bottom line have the same order.
pub const TABLE: &[Section] = &[
    Section {
        title: "Questions",
        bindings: &[
            key(&["enter", "y"], A::Accept, &[Confirm], "yes", "yes"),
            key(
                &["enter", "l", "q", "ctrl-c"],
                A::LeaveRunning,
                &[Quit],
                "quit and leave trials running",
                "leave it running",
            ),
            key(&["p"], A::PauseAndQuit, &[Quit], "pause all trials and quit", "pause it"),
            key(&["c"], A::CancelAndQuit, &[Quit], "cancel all trials and quit; asks again", "cancel it"),
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
                "launch the preset; its settings can be changed first",
                "launch",
            ),
            key(&["o"], A::OwnFile, &[Launch, Welcome], "launch your own experiment file", "own file"),
            key(&["a-z"], A::Preset('a'), &[Launch, Welcome], "launch the preset with this letter", ""),
            key(&["enter"], A::Open, &[Experiments], "show only the experiment's trials", "choose"),
        ],
    },
    Section {
        title: "Catalog",
        bindings: &[
            key(&["/"], A::Filter, &[Catalog], "filter, e.g. task=4-1-2-16 density<0.05 status=running", "filter"),
            key(&["e"], A::Experiments, &[Catalog], "choose an experiment", "experiment"),
            key(
                &["r"],
                A::Report,
                &[Catalog, Experiments, Report],
                "compare the experiment with the paper; again to refresh",
                "report",
            ),
            key(&["left", "h"], A::Left, &[Catalog], "previous column", ""),
            key(&["right", "l"], A::Right, &[Catalog], "next column", ""),
            key(&["s"], A::Sort, &[Catalog], "sort by the column; press again to reverse, then reset", "sort"),
            key(&["b"], A::Group, &[Catalog], "group by task; again: by state, by experiment, not at all", "group"),
            key(&["m", "space"], A::Mark, &[Catalog, Trial], "mark or unmark the trial", "mark"),
            key(&["M"], A::Unmark, &[Catalog], "unmark all trials", ""),
            key(&["c"], A::Compare, &[Catalog, Trial], "compare the marked trials", "compare"),
            key(&["t"], A::Tag, &[Catalog, Trial], "tag the marked trials or this one, e.g. fast -slow", "tag"),
            key(&["N"], A::Note, &[Catalog, Trial], "write a note on the marked trials or this one", "note"),
            key(
                &["D"],
                A::Trash,
                &[Catalog, Trial],
                "move the marked trials or this one to the trash; asks first",
                "delete",
            ),
            key(&["y"], A::CopyId, TRIALS, "copy the trial's id, also over SSH (OSC 52)", ""),
            key(
                &["Y"],
                A::Copy,
                &[Trial, Compare, Report],
                "copy all of the text, such as tables or the hierarchy",
                "",
            ),
            key(&["u"], A::Undelete, &[Catalog], "restore what was deleted last", ""),
        ],
    },
    Section {
        title: "Text fields",
        bindings: &[
            key(&["enter"], A::Accept, &[Filter], "accept", "accept"),
            key(&["enter"], A::Accept, &[Form], "launch", "launch"),
            key(&["up", "backtab"], A::Up, &[Form], "previous field", ""),
            key(&["down", "tab"], A::Down, &[Form], "next field: depths, widths, seeds, grid, workers", "next field"),
            key(&["left"], A::Left, &[Filter, Form], "one character left", ""),
            key(&["right"], A::Right, &[Filter, Form], "one character right", ""),
            key(&["home", "ctrl-a"], A::First, &[Filter, Form], "to the start of the line", ""),
            key(&["end", "ctrl-e"], A::Last, &[Filter, Form], "to the end of the line", ""),
            key(&["backspace"], A::Backspace, &[Filter, Form], "delete the character before the cursor", ""),
            key(&["del"], A::Delete, &[Filter, Form], "delete the character under the cursor", ""),
            key(&["ctrl-w"], A::DeleteWord, &[Filter, Form], "delete the word before the cursor", ""),
            key(&["ctrl-u"], A::Clear, &[Filter, Form], "delete the whole line", "clear"),
        ],
    },
    Section {
        title: "Trial",
        bindings: &[
            key(&["right", "l", "tab"], A::Right, &[Trial], "next tab", "next tab"),
            key(&["left", "h", "backtab"], A::Left, &[Trial], "previous tab", ""),
            key(&[","], A::StepBack, &[Trial], "previous pruning step: the network at that point", "step back"),
            key(&["."], A::StepForward, &[Trial], "next pruning step", "step forward"),
            key(&["<"], A::FirstStep, &[Trial], "first step: the dense network", ""),
            key(&[">"], A::LastStep, &[Trial], "last step: the end of the walk", ""),
            key(&["w"], A::NextWalk, &[Trial], "next recorded walk: the best, then near-best ones", ""),
            key(&["J", "]"], A::NextTrial, &[Trial], "next trial in the list", "next trial"),
            key(&["K", "["], A::PreviousTrial, &[Trial], "previous trial in the list", ""),
        ],
    },
    Section {
        title: "Work",
        bindings: &[
            key(&["n"], A::GoLaunch, &[Catalog, Monitor, Trial], "launch an experiment", "launch"),
            key(&["p"], A::Pause, TRIALS, "pause or resume the trial", "pause"),
            key(&["x"], A::Cancel, TRIALS, "cancel the trial; asks first", "cancel"),
            key(&["P"], A::PauseAll, TRIALS, "pause all trials, or resume all interrupted ones", ""),
            key(&["X"], A::CancelAll, TRIALS, "cancel all trials; asks first", ""),
            key(&["+", "="], A::MoreWorkers, &[Monitor], "one more worker", "workers"),
            key(&["-", "_"], A::FewerWorkers, &[Monitor], "one fewer worker", ""),
        ],
    },
    Section {
        title: "Moving",
        bindings: &[
            key(&["up", "k"], A::Up, LISTS, "up", ""),
            key(&["down", "j"], A::Down, LISTS, "down", ""),
            key(&["pgup", "ctrl-b"], A::PageUp, LISTS, "page up", ""),
            key(&["pgdn", "ctrl-f"], A::PageDown, LISTS, "page down", ""),
            key(&["home", "g"], A::First, LISTS, "to the top", ""),
            key(&["end", "G"], A::Last, LISTS, "to the bottom", ""),
        ],
    },
    Section {
        title: "Everywhere",
        bindings: &[
            key(&["1"], A::GoCatalog, SCREENS, "catalog: every trial", ""),
            key(&["2"], A::GoLaunch, SCREENS, "launch: presets and your own experiments", ""),
            key(&["3"], A::GoMonitor, SCREENS, "monitor: what is running", ""),
            key(&["4"], A::GoTrial, SCREENS, "trial: the last one opened", ""),
            key(&["5"], A::GoCompare, SCREENS, "compare: the marked trials", ""),
            key(&["6"], A::GoReport, SCREENS, "report: the last one opened", ""),
            key(&["tab"], A::NextScreen, &[Welcome, Catalog, Launch, Monitor, Compare, Report], "next screen", ""),
            key(
                &["backtab"],
                A::PreviousScreen,
                &[Welcome, Catalog, Launch, Monitor, Compare, Report],
                "previous screen",
                "",
            ),
            key(&["esc"], A::Back, BACK, "back; in the catalog, show all trials again", "back"),
            key(&["q"], A::Back, &[Trial, Compare, Report, Experiments, Help], "", ""),
            key(&["?", "f1"], A::Help, SCREENS, "show these keys", "help"),
            key(&["?", "f1"], A::Back, &[Help], "", ""),
            key(
                &["q"],
                A::Quit,
                &[Welcome, Catalog, Launch, Monitor],
                "quit, or go back; asks first if trials are running",
                "quit",
            ),
            key(
                &["ctrl-c"],
                A::Quit,
                &[Welcome, Catalog, Launch, Monitor, Trial, Compare, Report, Form, Filter, Experiments, Help],
                "quit",
                "",
            ),
            key(&["ctrl-z"], A::Suspend, EVERYWHERE, "suspend; `fg` brings the dashboard back", ""),
            key(&["ctrl-l"], A::Redraw, EVERYWHERE, "redraw the screen", ""),
        ],
    },
];
