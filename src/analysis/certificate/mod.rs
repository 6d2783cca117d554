//! Certificates: what the complete truth table of a Boolean task says to a structure, without knowing the true modules.
//!
//! A structure is a claim about the function: that its outputs can be computed by modules which know no more than their
//! own inputs and what the modules that feed them pass on. A complete table decides such claims exactly, by functional
//! decomposition (R. L. Ashenhurst, "The decomposition of switching functions", 1957; H. A. Curtis, "A new approach to
//! the design of switching circuits", 1962; R. M. Karp, "Functional decomposition and switching circuit design", 1963,
//! for several values and several outputs). [`crate::task::columns`] computes column multiplicities.
//!
//! # Definitions
//!
//! Modules that feed each other in a circle are taken as one. For a module `M` let
//!
//! - `I(M)` be the inputs that it holds, `A(M)` these and the inputs of all modules from which a path leads to `M`;
//! - `Y(M)` be the outputs that it holds, `O(M)` these and the outputs of all modules to which a path leads from `M`;
//! - the *ways* in which inputs `S` act on outputs `O` be their column multiplicity: two patterns of `S` act alike if all
//!   of `O` are the same whatever the inputs outside `S` are. To pass on which of `w` ways it is takes `ceil(log2 w)`
//!   bits, and no fewer do;
//! - the *state* of `M` be the way in which the pattern of `A(M)` acts on `O(M)`: what `M` has to know so that all it
//!   leads to can be computed, as far as that comes through `M` alone.
//!
//! # What is asked
//!
//! 1. *Separation.* An output of `M` depends on inputs in `A(M)` only. Where it depends on another, the claim that there
//!    is no path from that input is wrong: [`Refusal::Denied`]. This is the one condition that a network without error on
//!    the table cannot break; all others are about whether the structure explains anything.
//! 2. *Feeding.* Rows that agree in `I(M)`, in the states of all modules that feed `M`, and in all inputs outside `A(M)`
//!    agree in `Y(M)` and in the state of `M`. Where the parts `I(M)`, `A(F1)`, `A(F2)`, .. have no input in common, it
//!    is always so: turn the first row into the second part by part; no part changes the way in which it acts, so neither
//!    `Y(M)` nor the way of `A(M)` changes. Where they have, what one feeder knows of a common input need not be what
//!    another needs, and it is checked row by row: [`Refusal::Insufficient`] then says that these states are too little,
//!    so some module has to pass on more than its state.
//! 3. *Saving.* A module that holds inputs but no outputs does something with them, or its inputs belong together:
//!    - either it saves a bit: the ways of `I(M)` on all outputs take fewer bits than `I(M)` has inputs (else
//!      [`Refusal::SavesNothing`]), and every input takes part in that: without it, the others act in more than half as
//!      many ways (else the input goes through unchanged beside the others, which save as much without it:
//!      [`Refusal::Idle`]);
//!    - or `I(M)` is all inputs that one set of outputs depends on. So it is with inputs that two sub-functions share and
//!      that no one has worked on (figure 9 of the paper): nothing is saved, but who reads them sets them apart.
//! 4. *Merging.* A module that holds neither inputs nor outputs has fewer states than the states of the modules that feed
//!    it make together: some of them it takes as one. Else it only hands on what it is fed with, and the structure without
//!    it, or with it as a part of what feeds it, claims as much: [`Refusal::HandsOn`].
//!
//! A structure is *certified* where all four hold. That is no proof that it is the only one. A coarser one claims less,
//! and a function can have decompositions that cross: in `nor(a(x1..x4), b(x5..x8))`, `x4` and `b` together act in three
//! ways, so `x1-x3` and `x4-x8` save something too, but less; [`Certificate::saved_bits`] tells. A structure that is not
//! certified, and not refuted by 1, may still be that of a correct network; the table gives it no support. Partial tables
//! and real data decide nothing: [`NoCertificate`].

mod judge;
#[cfg(test)]
mod tests;

pub use judge::certify;

use crate::task::columns::CompleteTable;
use crate::task::{Kind, Task};

use super::ModuleGraph;

/// What the table says to a structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// What it says to each module, in their order.
    pub modules: Vec<ModuleFacts>,
    /// Why the structure is not certified; empty where it is.
    pub refusals: Vec<Refusal>,
    /// The bits that modules with inputs and without outputs save, all together: the inputs that they hold, less the
    /// bits that it takes to pass on the ways in which these act.
    pub saved_bits: usize,
}

/// How patterns of inputs act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// Number of inputs; they have `2^inputs` patterns.
    pub inputs: usize,
    /// Number of ways in which the patterns act, the column multiplicity.
    pub multiplicity: usize,
}

impl Action {
    /// The bits that it takes to pass on which way it is.
    #[must_use]
    pub fn bits(self) -> usize {
        self.multiplicity.next_power_of_two().trailing_zeros() as usize
    }

    /// Number of patterns.
    #[must_use]
    pub fn patterns(self) -> usize {
        1 << self.inputs
    }
}

/// What the table says to a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleFacts {
    /// How its own inputs act on all outputs; `None` where it holds none.
    pub own: Option<Action>,
    /// Its states: how its own inputs and those of all modules before it act on its own outputs and those after it.
    pub states: Action,
    /// The inputs that its own outputs depend on, ascending.
    pub depends_on: Vec<usize>,
}

/// A reason why a structure is not certified. Modules are given by their places in the structure; several of them are a
/// circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// These outputs depend on each of these inputs, but no path leads from them.
    Denied {
        /// The inputs, ascending.
        inputs: Vec<usize>,
        /// The outputs, ascending.
        outputs: Vec<usize>,
    },
    /// The states of the modules that feed these do not settle what they have to know.
    Insufficient {
        /// The modules.
        modules: Vec<usize>,
    },
    /// The inputs act in so many ways that no bit is saved.
    SavesNothing {
        /// The modules.
        modules: Vec<usize>,
        /// How their inputs act.
        action: Action,
    },
    /// One input goes through beside the others: they save as much without it.
    Idle {
        /// The modules.
        modules: Vec<usize>,
        /// The input.
        input: usize,
        /// How their inputs act, this one included.
        action: Action,
    },
    /// Neither inputs nor outputs are held, and no two states of what feeds these are taken as one.
    HandsOn {
        /// The modules.
        modules: Vec<usize>,
        /// The states of what feeds them, together.
        fed: usize,
        /// Their own.
        states: usize,
    },
}

impl Refusal {
    /// Does the table show the structure to be wrong? Else it only gives it no support.
    #[must_use]
    pub fn is_refuted(&self) -> bool {
        matches!(self, Self::Denied { .. })
    }
}

/// Why there is no certificate, neither one that holds nor one that does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCertificate {
    /// Some input is neither 0 nor 1.
    #[error("no certificate: real data says nothing about inputs that are not in it")]
    Real,
    /// Some row is missing.
    #[error("no certificate: the table is partial, and what it leaves open could decide")]
    Partial,
    /// The structure is of another task.
    #[error("no certificate: the structure has inputs or outputs that the task does not have")]
    Misfit,
}

impl Certificate {
    /// The certificate of a structure for a task; where there are many structures of one task, [`certify`] with its
    /// [`CompleteTable`] made once is faster.
    ///
    /// # Errors
    /// The task has no complete Boolean table, or the structure is not one of this task.
    pub fn of_task(task: &Task, graph: &ModuleGraph) -> Result<Self, NoCertificate> {
        certify(&table(task)?, graph).ok_or(NoCertificate::Misfit)
    }

    /// Is the structure certified?
    #[must_use]
    pub fn holds(&self) -> bool {
        self.refusals.is_empty()
    }

    /// Does the table show the structure to be wrong?
    #[must_use]
    pub fn is_refuted(&self) -> bool {
        self.refusals.iter().any(Refusal::is_refuted)
    }
}

/// The table of a task, for [`certify`].
///
/// # Errors
/// It is partial or has real inputs.
pub fn table(task: &Task) -> Result<CompleteTable, NoCertificate> {
    match CompleteTable::new(task) {
        Some(table) => Ok(table),
        None if task.kind == Kind::Real => Err(NoCertificate::Real),
        None => Err(NoCertificate::Partial),
    }
}
