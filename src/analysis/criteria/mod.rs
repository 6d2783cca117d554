//! Whether a network shows the true modules: the criteria of the paper's Boolean figures (sections 5.1 to 5.4).
//!
//! A criterion compares the detected modules with the [`Truth`] of the task. It is about modules after merging, over
//! the units that are kept. *The modules split the inputs (outputs) into their true groups* means that all of them are
//! kept, each group is in one module, and different groups are in different modules.
//!
//! ```
//! use neural_sculpting::analysis::criteria;
//! use neural_sculpting::detect::{DetectionSettings, detect};
//! use neural_sculpting::network::{Architecture, Condensed, Mask};
//! use neural_sculpting::task::builtin;
//!
//! // x1 and x2 to y1 and y2 through one hidden unit, x3 and x4 to y3 and y4 through another.
//! let architecture: Architecture = "4,2,4".parse()?;
//! let layers = ["11000011", "10100101"].map(|bits| bits.chars().map(|bit| bit == '1').collect());
//! let network = Condensed::new(&Mask::from_layers(&architecture, layers.into()));
//! let detection = detect(&network, &DetectionSettings::default());
//! assert_eq!(criteria::finds_true_modules(&builtin::get("4-2-4")?, &detection), Some(true));
//! assert_eq!(criteria::finds_true_modules(&builtin::get("4-1-4")?, &detection), Some(false));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod holds;
#[cfg(test)]
mod tests;

use crate::detect::Detection;
use crate::task::{Task, Truth, builtin, digits};

/// A criterion for finding the true modules.
#[derive(Clone, Copy, Debug)]
pub struct Criterion {
    /// Short name, used in files and on screen.
    pub name: &'static str,
    /// The figures or tables of the paper that report its rate; empty if there are none.
    pub figure: &'static str,
    /// What must be true, in one sentence.
    pub meaning: &'static str,
    holds: fn(&Truth, &Detection) -> bool,
}

impl Criterion {
    /// Whether these modules meet the criterion. `truth` is that of the task; a detection with too few layers or units
    /// fails.
    #[must_use]
    pub fn holds(&self, truth: &Truth, detection: &Detection) -> bool {
        (self.holds)(truth, detection)
    }
}

/// Figure 6, `4-2-4`: two sub-functions side by side.
const SEPARATE: &[Criterion] = &[Criterion {
    name: "modules",
    figure: "6",
    meaning: "the modules split inputs and outputs into their true groups, the same modules for both, and there are no others",
    holds: holds::separate,
}];

/// Figure 6, `6-3-3-3`, and figures 6 and 8, `4-1-2-k`: sub-functions that feed others.
const LAYERED: &[Criterion] = &[Criterion {
    name: "modules",
    figure: "6, 8",
    meaning: "some modules split the inputs into their true groups, and all others the outputs into theirs",
    holds: holds::layered,
}];

/// Tables 2 and 4, `4-1-2-16`: a network with one hidden layer has no room for both the reused sub-function and those
/// that reuse it, and counts if it shows one module. Only with this rule do the authors' networks give the rates of
/// table 4.
const REUSED_WITH_ROOM: &[Criterion] = &[
    LAYERED[0],
    Criterion {
        name: "room",
        figure: "table 2, table 4",
        meaning: "as modules; with one hidden layer, which has no room for them, there is exactly one module (what the \
                  paper's tables count)",
        holds: holds::layered_with_room,
    },
];

/// Figure 6, `4-1-4`: a single sub-function.
const SINGLE: &[Criterion] =
    &[Criterion { name: "modules", figure: "6", meaning: "there is exactly one module", holds: holds::single }];

/// Figure 10: two sub-functions that share some inputs.
const OVERLAP: &[Criterion] = &[
    INPUTS,
    Criterion {
        name: "input sizes",
        figure: "10",
        meaning: "the modules of the inputs have the sizes of the true groups (what the paper's rates count)",
        holds: holds::input_sizes,
    },
    OUTPUTS,
    Criterion {
        name: "hidden",
        figure: "10",
        meaning: "the modules split the outputs into their true groups, and every hidden unit is in one of these modules",
        holds: holds::hidden,
    },
    Criterion {
        name: "all",
        figure: "",
        meaning: "the criteria inputs, outputs and hidden are all met",
        holds: holds::overlap,
    },
];

/// Figure 12: a hierarchy of three levels.
const LEVELS: &[Criterion] = &[
    Criterion { figure: "12a", ..INPUTS },
    Criterion {
        name: "intermediate",
        figure: "12a",
        meaning: "exactly one module without inputs receives edges from the modules of the inputs",
        holds: holds::intermediate,
    },
    Criterion {
        name: "outputs",
        figure: "12a",
        meaning: "modules without inputs split the outputs into their true groups",
        holds: holds::apart_outputs,
    },
    Criterion {
        name: "exact",
        figure: "12b",
        meaning: "the hierarchy that the depth has room for: with more than two hidden layers, the criteria inputs and \
                  outputs are met and there is one module per sub-function; otherwise inputs is met and one other module \
                  has all outputs",
        holds: holds::exact,
    },
];

/// Section 5.2, two digits side by side.
const DIGITS: &[Criterion] = &[Criterion {
    name: "modules",
    figure: "section 5.2",
    meaning: "there are exactly two modules; each has most of the kept pixels of one image, and all of its outputs",
    holds: holds::digits,
}];

/// Figure 13b: the exclusive or of two digits.
const DIGITS_XOR: &[Criterion] = &[
    Criterion {
        name: "inputs",
        figure: "13b",
        meaning: "exactly two modules have pixels, each most of the kept pixels of one image",
        holds: holds::images,
    },
    Criterion {
        name: "outputs",
        figure: "13b",
        meaning: "each output has a module of its own, without pixels",
        holds: holds::apart_outputs,
    },
    Criterion {
        name: "middle",
        figure: "13b",
        meaning: "the criteria inputs and outputs are met, and every hidden unit is in one of their modules",
        holds: holds::images_and_bits,
    },
];

/// Any other task whose true modules are known.
const GENERAL: &[Criterion] = &[
    INPUTS,
    OUTPUTS,
    Criterion {
        name: "groups",
        figure: "",
        meaning: "the modules split inputs and outputs into their true groups",
        holds: holds::groups,
    },
    Criterion {
        name: "structure",
        figure: "",
        meaning: "the modules, their inputs and outputs, and which feeds which equal the truth",
        holds: holds::structure,
    },
];

const INPUTS: Criterion = Criterion {
    name: "inputs",
    figure: "10",
    meaning: "the modules split the inputs into their true groups",
    holds: holds::inputs,
};
const OUTPUTS: Criterion = Criterion {
    name: "outputs",
    figure: "10",
    meaning: "the modules split the outputs into their true groups",
    holds: holds::outputs,
};

/// The criteria for a task of the paper, by its name, the strictest last; empty for other names.
#[must_use]
pub fn by_name(name: &str) -> &'static [Criterion] {
    if !builtin::names().any(|known| known == name) {
        return &[];
    }
    match name {
        "4-2-4" => return SEPARATE,
        "6-3-3-3" => return LAYERED,
        "4-1-4" => return SINGLE,
        _ => {}
    }
    match name.rsplit_once('-').map(|(family, _)| family) {
        Some("4-1-2") => LAYERED,
        Some("8-2" | "7-3-2" | "6-3-2" | "5-3-2" | "4-1-2-2") => OVERLAP,
        Some("8-2-1-2") => LEVELS,
        _ => &[],
    }
}

/// The criteria for a task, the strictest last: for a task of the paper, its own; for any other task whose true modules
/// are known, general ones; empty if they are not known.
#[must_use]
pub fn of(task: &Task) -> &'static [Criterion] {
    if task.truth.is_none() {
        return &[];
    }
    match digits::base(&task.name) {
        Some("digits-xor") => return DIGITS_XOR,
        Some(_) => return DIGITS,
        None => {}
    }
    let of_paper = by_name(&task.name);
    match builtin::get(&task.name) {
        Ok(known) if known.truth == task.truth && !of_paper.is_empty() => of_paper,
        _ => GENERAL,
    }
}

/// The criteria for tables 2 to 4, of which the tables count the last: as [`of`], except for `4-1-2-k`.
#[must_use]
pub fn of_tables(task: &Task) -> &'static [Criterion] {
    let known = of(task);
    let is_reused = known.len() == LAYERED.len() && task.name.starts_with("4-1-2-");
    if is_reused { REUSED_WITH_ROOM } else { known }
}

/// The strictest criterion for a task; `None` if its true modules are not known.
#[must_use]
pub fn strictest(task: &Task) -> Option<&'static Criterion> {
    of(task).last()
}

/// Whether a detection shows the true modules, by the strictest criterion; `None` if they are not known.
#[must_use]
pub fn finds_true_modules(task: &Task, detection: &Detection) -> Option<bool> {
    let truth = task.truth.as_ref()?;
    Some(strictest(task)?.holds(truth, detection))
}
