//! The answer that `depths = "auto"` watches: the vote of the trials of a depth.

use super::trials::{self, SharedCache};
use crate::analysis::ModuleGraph;
use crate::analysis::vote::{VoteResult, VoteSettings, vote};
use crate::catalog::Result;
use crate::experiment::depths::{DepthAnswer, DepthGroup};
use crate::report::certificate::Describer;
use crate::report::numbers::{counted, percent};

/// The structure that the trials of a group agree on under the default rule. If two tie, the text names both, and the first
/// is compared with other depths. `None` if no trial has a network or the vote is undecided.
///
/// # Errors
/// A trial cannot be read.
pub fn voted(group: &DepthGroup<'_>) -> Result<Option<DepthAnswer>> {
    let known = SharedCache::default();
    let ballot = |id| trials::ballot(&group.catalog.trial(id), &group.task, group.detection, &known);
    let ballots = group.trials.iter().map(ballot).collect::<Result<Vec<_>>>()?;
    let outcome = vote(&ballots, &VoteSettings::default());
    let Some(first) = outcome.answers().first() else { return Ok(None) };
    let task = &group.task;
    let line = |graph: &ModuleGraph| Describer { graph, inputs: &task.inputs, outputs: &task.outputs }.line();
    let answer = answer_text(&outcome, line);
    let text = format!("{answer} ({} of {})", percent(first.share), counted(outcome.trials, "trial"));
    Ok(Some(DepthAnswer { key: line(&first.graph), text }))
}

/// The result of a vote, given the text of a structure: `A`, `either A or B`, or how many tie if the vote is undecided.
/// Empty without votes.
#[must_use]
pub fn answer_text(outcome: &VoteResult, line: impl Fn(&ModuleGraph) -> String) -> String {
    match (outcome.answers(), &*outcome.standings) {
        ([answer], _) => line(&answer.graph),
        ([one, other], _) => format!("either {} or {}", line(&one.graph), line(&other.graph)),
        (_, [first, ..]) => format!("undecided, {} structures tie, such as {}", outcome.tied, line(&first.graph)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::GraphModule;
    use crate::analysis::vote::{Ballot, BallotEntry};

    /// The answer of trials that each find one module with this output.
    fn answer(outputs: &[usize]) -> String {
        let ballot = |&output: &usize| {
            let module = GraphModule { inputs: vec![0], outputs: vec![output], layers: Some(2) };
            let graph = ModuleGraph::new(vec![module], Vec::new()).expect("one module");
            Ballot { widths: vec![1, 4, 3], entries: vec![BallotEntry { edges: 2, walks: 1, graph, certified: None }] }
        };
        let ballots: Vec<Ballot> = outputs.iter().map(ballot).collect();
        answer_text(&vote(&ballots, &VoteSettings::default()), |graph| format!("y{}", graph.modules()[0].outputs[0]))
    }

    #[test]
    fn one_answer_either_of_two_or_none() {
        assert_eq!(answer(&[1, 1, 1, 2]), "y1");
        assert_eq!(answer(&[1, 2, 1, 2]), "either y1 or y2");
        assert_eq!(answer(&[3, 1, 2]), "undecided, 3 structures tie, such as y1");
        assert_eq!(answer(&[]), "");
    }
}
