//! Certificates: what the complete truth table of a Boolean task says about a structure, without knowing the true
//! modules.
//!
//! A structure is a claim about a function: that its outputs can be computed by modules that know only their own inputs
//! and what the modules feeding them pass on. A complete truth table decides such claims exactly, by functional
//! decomposition (R. L. Ashenhurst, "The decomposition of switching functions", 1957; H. A. Curtis, "A new approach to
//! the design of switching circuits", 1962; R. M. Karp, "Functional decomposition and switching circuit design", 1963,
//! for multiple values and outputs). [`crate::task::columns`] computes the column multiplicities.
//!
//! ```
//! use neural_sculpting::analysis::{Certificate, GraphModule, ModuleGraph};
//! use neural_sculpting::task::TableSource;
//!
//! // y1 = (x1 xor x2) and x3
//! let csv = "x1,x2,x3,y1\n0,0,0,0\n0,0,1,0\n0,1,0,0\n0,1,1,1\n1,0,0,0\n1,0,1,1\n1,1,0,0\n1,1,1,0\n";
//! let task = TableSource::parse("gated.csv", csv.as_bytes(), &[])?.split(0);
//!
//! // The claim: x1 and x2 form a module, which feeds the module of x3 and y1.
//! let module = |inputs: Vec<usize>, outputs: Vec<usize>| GraphModule { inputs, outputs, layers: None };
//! let claim = |first, second| ModuleGraph::new(vec![module(first, vec![]), module(second, vec![0])], vec![(0, 1)]);
//! let certificate = Certificate::of_task(&task, &claim(vec![0, 1], vec![2])?)?;
//! assert!(certificate.holds());
//! assert_eq!(certificate.saved_bits, 1); // two inputs, but their parity is all that is passed on
//!
//! // With x1 and x3 in that module instead, three of their four patterns must be told apart: no bit is saved.
//! assert!(!Certificate::of_task(&task, &claim(vec![0, 2], vec![1])?)?.holds());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Definitions
//!
//! The modules of a cycle count as one. For a module `M`, let
//!
//! - `I(M)` be the inputs that it holds, and `A(M)` these and the inputs of all modules with a path to `M`;
//! - `Y(M)` be the outputs that it holds, and `O(M)` these and the outputs of all modules with a path from `M`;
//! - the *multiplicity* of inputs `S` with respect to outputs `O` be the number of different ways in which patterns of
//!   `S` act on `O`: two patterns act alike if all outputs in `O` are the same under both, whatever the inputs outside
//!   `S` are. To pass on which of `m` ways it is takes exactly `ceil(log2 m)` bits;
//! - the *state* of `M` be the way in which the pattern of `A(M)` acts on `O(M)`: what `M` has to know so that
//!   everything it leads to can be computed, as far as that depends on `M` alone.
//!
//! # The four conditions
//!
//! 1. *Separation.* Outputs of `M` depend only on inputs in `A(M)`. If one depends on another input, the claim that
//!    there is no path from that input is wrong: [`Refusal::Denied`]. This is the only condition that a network without
//!    errors on the table cannot break; the others are about whether the structure explains anything.
//! 2. *Feeding.* Rows that agree in `I(M)`, in the states of all modules that feed `M`, and in all inputs outside
//!    `A(M)` also agree in `Y(M)` and in the state of `M`. This always holds if the parts `I(M)`, `A(F1)`, `A(F2)`, ...
//!    share no input: change the first row into the second part by part; no part changes the way it acts, so neither
//!    `Y(M)` nor the state of `M` changes. If they do share inputs, what one feeder knows of a shared input may differ
//!    from what another needs, so the condition is checked row by row. [`Refusal::Insufficient`] says that these states
//!    are too little: some module has to pass on more than its state.
//! 3. *Saving.* For a module that holds inputs but no outputs, one of two things is true:
//!    - It saves a bit: the multiplicity of `I(M)` with respect to all outputs takes fewer bits than there are inputs
//!      in `I(M)` (otherwise [`Refusal::SavesNothing`]), and every input contributes: without it, the multiplicity of
//!      the others is more than half as large (otherwise that input passes through unchanged, and the others save as
//!      much without it: [`Refusal::Idle`]).
//!    - Or `I(M)` is exactly the inputs that some set of outputs depends on. This is the case for inputs that two
//!      sub-functions share (figure 9 of the paper): nothing is saved, but they differ from other inputs in who reads
//!      them.
//! 4. *Merging.* A module that holds neither inputs nor outputs has fewer states than the modules that feed it have
//!    together: it merges some of them. Otherwise it only passes on what it is fed, and the structure without it, or
//!    with it as a part of its feeders, claims just as much: [`Refusal::MergesNothing`].
//!
//! A structure is *certified* if all four conditions hold. That does not prove that it is the only one. A coarser
//! structure claims less, and a function can have decompositions that cross: in `nor(a(x1..x4), b(x5..x8))`, `x4` and
//! `b` together act in three ways, so `x1-x3` and `x4-x8` save something, too, but less ([`Certificate::saved_bits`]).
//! A structure that is neither certified nor refuted by condition 1 can still belong to a correct network; the table
//! just does not support it. Partial tables and real data decide nothing: [`NoCertificate`].

mod judge;
#[cfg(test)]
mod tests;

pub use judge::certify;

use crate::task::columns::CompleteTable;
use crate::task::{InputKind, Task};

use super::ModuleGraph;

/// What a complete table says about a structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// What it says about each module, in their order.
    pub modules: Vec<ModuleFacts>,
    /// The reasons why the structure is not certified; empty if it is.
    pub refusals: Vec<Refusal>,
    /// The bits saved by all modules with inputs and without outputs: the number of inputs that they hold, minus the
    /// bits they pass on.
    pub saved_bits: usize,
}

/// How the patterns of some inputs act on some outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// Number of inputs.
    pub inputs: usize,
    /// Column multiplicity: in how many different ways the patterns act.
    pub multiplicity: usize,
}

impl Action {
    /// The bits it takes to pass on which of these ways it is.
    #[must_use]
    pub fn bits(self) -> usize {
        self.multiplicity.next_power_of_two().trailing_zeros() as usize
    }

    /// Number of patterns, `2^inputs`.
    #[must_use]
    pub fn patterns(self) -> usize {
        1 << self.inputs
    }
}

/// What a complete table says about a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleFacts {
    /// How the module's own inputs act on all outputs; `None` if it holds no inputs.
    pub own: Option<Action>,
    /// The module's states: how its own inputs and those of all modules before it act on its own outputs and those of
    /// all modules after it.
    pub states: Action,
    /// The inputs that the module's own outputs depend on, ascending.
    pub depends_on: Vec<usize>,
}

/// A reason why a structure is not certified. Modules are given as indices into [`ModuleGraph::modules`]; several
/// modules form a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The outputs depend on each of the inputs, but no path leads from the inputs to the outputs.
    Denied {
        /// The inputs, ascending.
        inputs: Vec<usize>,
        /// The outputs, ascending.
        outputs: Vec<usize>,
    },
    /// The states of the modules that feed these do not determine what they have to know.
    Insufficient {
        /// The modules.
        modules: Vec<usize>,
    },
    /// The multiplicity of their inputs is so large that no bit is saved.
    SavesNothing {
        /// The modules.
        modules: Vec<usize>,
        /// How their inputs act.
        action: Action,
    },
    /// One input passes through unchanged: the others save as much without it.
    Idle {
        /// The modules.
        modules: Vec<usize>,
        /// The input.
        input: usize,
        /// How their inputs act, including this one.
        action: Action,
    },
    /// They hold neither inputs nor outputs, and merge no states of the modules that feed them.
    MergesNothing {
        /// The modules.
        modules: Vec<usize>,
        /// Number of states of the modules that feed them, together.
        fed: usize,
        /// Number of their own states.
        states: usize,
    },
}

impl Refusal {
    /// Whether the table proves the structure wrong. Otherwise it just does not support it.
    #[must_use]
    pub fn is_refuted(&self) -> bool {
        matches!(self, Self::Denied { .. })
    }
}

/// Why a structure can be neither certified nor refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCertificate {
    /// Some input is neither 0 nor 1.
    #[error("no certificate: the task has real inputs; only a complete Boolean table decides")]
    Real,
    /// Some combinations of inputs are missing.
    #[error("no certificate: the table is partial; a missing row could decide")]
    Partial,
    /// The structure belongs to another task.
    #[error("no certificate: the structure has inputs or outputs that the task does not have")]
    Misfit,
}

impl Certificate {
    /// Checks a structure against the table of a task. For many structures of the same task, it is faster to make its
    /// [`table`] once and call [`certify`].
    ///
    /// # Errors
    /// If the task has no complete Boolean table, or the structure is not one of this task.
    pub fn of_task(task: &Task, graph: &ModuleGraph) -> Result<Self, NoCertificate> {
        certify(&table(task)?, graph).ok_or(NoCertificate::Misfit)
    }

    /// Whether the structure is certified.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.refusals.is_empty()
    }

    /// Whether the table proves the structure wrong.
    #[must_use]
    pub fn is_refuted(&self) -> bool {
        self.refusals.iter().any(Refusal::is_refuted)
    }
}

/// The complete table of a task, for [`certify`].
///
/// # Errors
/// If the table is partial or has real inputs.
pub fn table(task: &Task) -> Result<CompleteTable, NoCertificate> {
    match CompleteTable::new(task) {
        Some(table) => Ok(table),
        None if task.kind == InputKind::Real => Err(NoCertificate::Real),
        None => Err(NoCertificate::Partial),
    }
}
