//! Errors in function graphs. Each message says what is wrong and how to correct it.

use super::MAX_TABLE_INPUTS;

/// Why nodes and edges are not a function graph, or not one that can be trained on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// No input nodes.
    #[error("there are no inputs; list at least one in `inputs`")]
    NoInputs,
    /// No output nodes.
    #[error("there are no outputs; list at least one in `outputs`")]
    NoOutputs,
    /// A name that starts with `!`, has characters that cannot be used, or is very long.
    #[error("`{0}` cannot be a name; use at most 100 characters, no spaces, commas or quotes, and no leading `!`")]
    BadName(String),
    /// Two nodes with the same name.
    #[error("node `{0}` is declared twice; give each input and gate a name of its own")]
    Duplicate(String),
    /// A gate reads a node that does not exist.
    #[error("gate `{gate}` reads `{node}`, which is neither an input nor a gate; declare it or correct the name")]
    UnknownNode {
        /// The gate that reads.
        gate: String,
        /// The node it reads.
        node: String,
    },
    /// An output without a gate.
    #[error("output `{0}` has no gate; add one such as {0} = [\"ID\", \"..\"]")]
    OutputWithoutGate(String),
    /// An operation other than AND, OR and ID.
    #[error("gate `{gate}` has the unknown operation `{op}`; use AND, OR or ID")]
    UnknownOperation {
        /// The gate.
        gate: String,
        /// The text in place of the operation.
        op: String,
    },
    /// A gate without an incoming edge.
    #[error("gate `{0}` reads nothing; give it at least one node, as in [\"AND\", \"x1\", \"!x2\"]")]
    Unfed(String),
    /// An ID gate that reads several nodes.
    #[error("gate `{gate}` is an ID gate but reads {count} nodes; let it read exactly one")]
    IdInputs {
        /// The gate.
        gate: String,
        /// Number of nodes it reads.
        count: usize,
    },
    /// A gate reads a node twice.
    #[error("gate `{gate}` reads `{node}` twice; list each node once")]
    ReadTwice {
        /// The gate.
        gate: String,
        /// The node it reads twice.
        node: String,
    },
    /// A cycle of gates.
    #[error("these gates form a cycle: {0}; remove one of the edges between them")]
    Cycle(String),
    /// An output that another gate reads.
    #[error("gate `{gate}` reads output `{output}`; outputs cannot be read, so let it read what the output reads")]
    OutputRead {
        /// The gate that reads.
        gate: String,
        /// The output it reads.
        output: String,
    },
    /// A gate that feeds nothing and is not an output.
    #[error("gate `{0}` feeds nothing; list it in `outputs`, let another gate read it, or remove it")]
    DeadEnd(String),
    /// Too many inputs for a truth table.
    #[error("the truth table of {0} inputs is too large; use at most {MAX_TABLE_INPUTS} inputs, or a data file")]
    TooManyInputs(usize),
    /// Too many values in the truth table.
    #[error("the truth table of {inputs} inputs and {outputs} outputs is too large; use fewer")]
    TooManyValues {
        /// Number of inputs.
        inputs: usize,
        /// Number of outputs.
        outputs: usize,
    },
    /// A gate in level 0.
    #[error("gate `{0}` is in the first of `levels`, which is for inputs only; move it to a later level")]
    FirstLevel(String),
    /// An input in a later level.
    #[error("input `{0}` is in a later level; move it to the first of `levels`")]
    InputLevel(String),
    /// A level with a node that does not exist.
    #[error("`levels` names `{0}`, which is neither an input nor a gate; declare it or correct the name")]
    UnknownInLevels(String),
    /// A node in two levels.
    #[error("`levels` names `{0}` twice; put each node in one level")]
    TwiceInLevels(String),
    /// A node in no level.
    #[error("`{0}` is missing from `levels`; add it, or remove `levels`")]
    NotInLevels(String),
    /// An edge that does not lead to a later level.
    #[error("gate `{gate}` is not in a later level than `{node}`, which it reads; move one of them")]
    LevelOrder {
        /// The gate that reads.
        gate: String,
        /// The node it reads.
        node: String,
    },
    /// A sub-function with something other than a gate.
    #[error("sub-function `{subfunction}` names `{node}`, which is not a gate; list only gates")]
    NotAGate {
        /// The sub-function.
        subfunction: String,
        /// The name that is not a gate.
        node: String,
    },
    /// A gate in two sub-functions.
    #[error("gate `{0}` is listed twice in `subfunctions`; put each gate in one sub-function")]
    InTwoSubfunctions(String),
    /// A gate in no sub-function.
    #[error("gate `{0}` is in no sub-function; add it to one, or remove `subfunctions`")]
    InNoSubfunction(String),
    /// A key that only makes sense with sub-functions.
    #[error("`{0}` requires `subfunctions`; add it, or remove `{0}`")]
    NeedsSubfunctions(String),
    /// A sub-function without gates.
    #[error("sub-function `{0}` has no gates; list them, or remove it")]
    EmptySubfunction(String),
    /// A hierarchy that differs from that of the gates.
    #[error("`hierarchy` {fault} that `{from}` feeds `{to}`; correct it, or remove `hierarchy`")]
    Hierarchy {
        /// `wrongly says` or `does not say`.
        fault: &'static str,
        /// The sub-function that feeds.
        from: String,
        /// The sub-function that is fed.
        to: String,
    },
    /// An input set that differs from those of the gates.
    #[error(
        "input set `{0}` is not the set of inputs that only its sub-functions read; correct it, or remove `input_sets`"
    )]
    InputSet(String),
    /// An input that is read but in no input set.
    #[error("`{0}` is missing from `input_sets`; add it to a set, or remove `input_sets`")]
    NotInInputSets(String),
}
