//! What can be wrong with a function graph, each a sentence that ends in the remedy.

use super::MAX_TABLE_INPUTS;

/// Why nodes and edges are not a function graph, or not one that can be trained on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// No input nodes.
    #[error("no input nodes; list at least one in `inputs`")]
    NoInputs,
    /// No output nodes.
    #[error("no output nodes; list at least one in `outputs`")]
    NoOutputs,
    /// A name that cannot be told from an edge, cannot be seen, or is very long.
    #[error("`{0}` cannot be a name; use up to 100 characters without spaces, commas, quotes or a leading `!`")]
    BadName(String),
    /// Two nodes of the same name.
    #[error("node `{0}` is declared twice; give each input, gate and output one name of its own")]
    Duplicate(String),
    /// A gate reads a node that does not exist.
    #[error("gate `{gate}` reads `{node}`, which is neither an input nor a gate; declare it or correct the name")]
    UnknownNode {
        /// The gate that reads.
        gate: String,
        /// What it reads.
        node: String,
    },
    /// An output without a gate.
    #[error("output `{0}` has no gate; add one, as in {0} = [\"ID\", \"..\"]")]
    OutputWithoutGate(String),
    /// A gate that is none of AND, OR and ID.
    #[error("gate `{gate}` has operation `{op}`; use AND, OR or ID")]
    UnknownOperation {
        /// The gate.
        gate: String,
        /// What stands for its operation.
        op: String,
    },
    /// A gate without an incoming edge.
    #[error("gate `{0}` reads nothing; give it at least one input, as in [\"AND\", \"x1\", \"!x2\"]")]
    Unfed(String),
    /// An identity gate of several inputs.
    #[error("gate `{gate}` is an ID but reads {count} nodes; an ID reads exactly one")]
    IdInputs {
        /// The gate.
        gate: String,
        /// How many nodes it reads.
        count: usize,
    },
    /// A gate reads a node twice.
    #[error("gate `{gate}` reads `{node}` twice; name each node once a gate")]
    ReadTwice {
        /// The gate.
        gate: String,
        /// What it reads twice.
        node: String,
    },
    /// Gates that feed each other in a circle.
    #[error("gates {0} feed each other in a circle; a function graph has none, so take one of their edges away")]
    Cycle(String),
    /// An output with an outgoing edge.
    #[error("gate `{gate}` reads output `{output}`; outputs feed nothing, so read the gate before it instead")]
    OutputRead {
        /// The gate that reads.
        gate: String,
        /// The output that it reads.
        output: String,
    },
    /// A gate that feeds nothing and is no output.
    #[error("gate `{0}` feeds nothing; list it in `outputs`, let another gate read it, or leave it out")]
    DeadEnd(String),
    /// Too many inputs for a truth table.
    #[error("{0} inputs make a truth table too large to train on; use at most {MAX_TABLE_INPUTS}, or a data file")]
    TooManyInputs(usize),
    /// Too many outputs for a truth table of that many inputs.
    #[error("{inputs} inputs and {outputs} outputs make a truth table too large to hold; use fewer of them")]
    TooManyValues {
        /// Number of inputs.
        inputs: usize,
        /// Number of outputs.
        outputs: usize,
    },
    /// Level 0 holds something else than the inputs.
    #[error("level 0 holds `{0}`; the first of `levels` holds all inputs and nothing else")]
    FirstLevel(String),
    /// An input in a later level.
    #[error("input `{0}` is in a later level; the first of `levels` holds all inputs")]
    InputLevel(String),
    /// A level names a node that does not exist.
    #[error("`levels` names `{0}`, which is neither an input nor a gate; declare it or correct the name")]
    UnknownInLevels(String),
    /// A node is in two levels.
    #[error("`levels` names `{0}` twice; each node is in one level")]
    TwiceInLevels(String),
    /// A node is in no level.
    #[error("`levels` leaves out `{0}`; put it in one, or leave `levels` out")]
    NotInLevels(String),
    /// An edge that does not lead to a later level.
    #[error("gate `{gate}` is not in a later level than `{node}`, which it reads; move it to one")]
    LevelOrder {
        /// The gate that reads.
        gate: String,
        /// What it reads.
        node: String,
    },
    /// A sub-function names something that is no gate.
    #[error("sub-function `{subfunction}` names `{node}`, which is no gate; sub-functions are made of gates")]
    NotAGate {
        /// The sub-function.
        subfunction: String,
        /// What it names.
        node: String,
    },
    /// A gate is in two sub-functions.
    #[error("gate `{0}` is named twice in `subfunctions`; each gate is in one sub-function")]
    InTwoSubfunctions(String),
    /// A gate is in no sub-function.
    #[error("gate `{0}` is in no sub-function; add it to one, or leave `subfunctions` out")]
    InNoSubfunction(String),
    /// Sub-functions are needed but not given.
    #[error("`{0}` needs `subfunctions`; add them, or leave `{0}` out")]
    NeedsSubfunctions(String),
    /// A sub-function without gates.
    #[error("sub-function `{0}` is empty; name its gates or leave it out")]
    EmptySubfunction(String),
    /// The hierarchy as written is not the one of the gates.
    #[error("`hierarchy` {fault} that `{from}` feeds `{to}`; correct it, or leave `hierarchy` out")]
    Hierarchy {
        /// `says` or `leaves out`.
        fault: &'static str,
        /// The sub-function that feeds.
        from: String,
        /// The sub-function that is fed.
        to: String,
    },
    /// The input sets as written are not those of the gates.
    #[error("input set `{0}` is not exactly what its sub-functions alone read; correct it, or leave `input_sets` out")]
    InputSet(String),
    /// An input that is read is in no input set.
    #[error("`input_sets` leaves out `{0}`; put it in one, or leave `input_sets` out")]
    NotInInputSets(String),
}
