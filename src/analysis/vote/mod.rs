//! The vote: the structure that trials agree on, with one vote per trial.
//!
//! In each trial, the networks near its best count ([`near_best`](crate::analysis::near_best)), and the trial's vote is
//! spread over their structures. The votes of all trials are added up. The result lists the structures by votes
//! ([`Standing`]); the first is the answer, or one of several if others tie with it. A single trial can vote, too: the
//! rule then chooses among its own networks.
//!
//! The share of a structure is its share of all votes. The interval is Wilson's, over the *effective* number of trials,
//! `(sum of weights)^2 / (sum of squared weights)` (L. Kish, "Survey sampling", 1965), which is their number if all
//! weigh the same. Spread votes have less variance than whole ones, so the interval is on the wide side.
//!
//! [`VoteSettings`] has the settings of the rule. No setting looks at the true modules.
//!
//! ```
//! use neural_sculpting::analysis::vote::{Ballot, BallotEntry, VoteSettings, vote};
//! use neural_sculpting::analysis::{GraphModule, ModuleGraph};
//!
//! // Structures of one module, with one input and one output.
//! let graph = |output| {
//!     ModuleGraph::new(vec![GraphModule { inputs: vec![0], outputs: vec![output], layers: Some(3) }], vec![])
//! };
//! // Five trials that ended in one network each; the fifth disagrees with the others.
//! let mut ballots = Vec::new();
//! for output in [0, 0, 0, 0, 1] {
//!     let entry = BallotEntry { edges: 20, walks: 1, graph: graph(output)?, certified: None };
//!     ballots.push(Ballot { widths: vec![1, 24, 2], entries: vec![entry] });
//! }
//! let result = vote(&ballots, &VoteSettings::default());
//! let winner = result.winner().expect("no tie");
//! assert_eq!((&winner.graph, winner.trials), (&graph(0)?.without_layers(), 4));
//! assert!((winner.share - 0.8).abs() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod settings;
#[cfg(test)]
mod tests;

pub use settings::{CertificateRule, Spread, VoteRuleError, VoteSettings, VoteSettingsError, Weighting};

use std::cmp::Ordering;
use std::collections::HashMap;

use super::interval::wilson;
use super::near_best::Candidate;
use super::{Certificate, ModuleGraph};

/// The most structures that can tie and still be an answer: "either A or B" is one, a longer list is not.
pub const MOST_TIED: usize = 2;

/// The vote of a trial.
#[derive(Clone, Debug, PartialEq)]
pub struct Ballot {
    /// Layer widths before pruning, from inputs to outputs.
    pub widths: Vec<usize>,
    /// The networks near the trial's best, in any order; empty if it is untrained or has no walks.
    pub entries: Vec<BallotEntry>,
}

/// A network near the best of a trial.
#[derive(Clone, Debug, PartialEq)]
pub struct BallotEntry {
    /// Number of edges.
    pub edges: usize,
    /// Number of walks that ended in it.
    pub walks: usize,
    /// Its structure, with layers.
    pub graph: ModuleGraph,
    /// Whether the structure is certified; `None` if there is no certificate or it was not requested.
    pub certified: Option<bool>,
}

impl BallotEntry {
    /// The entry of a candidate.
    #[must_use]
    pub fn new(candidate: &Candidate, certificate: Option<&Certificate>) -> Self {
        Self {
            edges: candidate.edges,
            walks: candidate.walks.len(),
            graph: candidate.graph.clone(),
            certified: certificate.map(Certificate::holds),
        }
    }
}

/// The result of a vote.
#[derive(Clone, Debug, PartialEq)]
pub struct VoteResult {
    /// The structures that got votes, most votes first, then fewest edges, then in a fixed but arbitrary order.
    pub standings: Vec<Standing>,
    /// How many of them tie with the first, including itself: 1 if there is no tie, 0 if nobody voted.
    pub tied: usize,
    /// Number of trials that took part.
    pub trials: usize,
    /// Their effective number.
    pub effective: f64,
    /// Number of trials that did not take part: without networks, too dense, or without a required certificate.
    pub abstained: usize,
}

/// A structure and its votes.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The structure, without layers unless [`VoteSettings::layers`] is set.
    pub graph: ModuleGraph,
    /// Its votes, out of [`VoteResult::trials`].
    pub votes: f64,
    /// Its share of the votes, 0 to 1.
    pub share: f64,
    /// The confidence interval of the share.
    pub interval: (f64, f64),
    /// Number of trials that gave it at least a part of their vote.
    pub trials: usize,
    /// Edges of the sparsest network with this structure, among those that count.
    pub edges: usize,
    /// Whether it is certified; `None` if that is not known.
    pub certified: Option<bool>,
    /// A network that represents it, as indices of its ballot and of its entry there. It is the first of the sparsest
    /// networks of the form (with layers) that has the most votes.
    pub representative: (usize, usize),
}

impl VoteResult {
    /// The answer, or the two structures that tie for it. Empty if nobody voted, or if more than [`MOST_TIED`] tie and
    /// the vote is undecided.
    #[must_use]
    pub fn answers(&self) -> &[Standing] {
        &self.standings[..if self.tied <= MOST_TIED { self.tied } else { 0 }]
    }

    /// The answer, if there is one and nothing ties with it.
    #[must_use]
    pub fn winner(&self) -> Option<&Standing> {
        self.standings.first().filter(|_| self.tied == 1)
    }
}

/// The order of trials changes the last digits of sums of votes, which must not decide. So votes that differ by less
/// than this tie even at a margin of 0, and a lead equal to the margin is not a tie.
const ROUNDING: f64 = 1e-9;

/// Counts the votes. `settings` must have passed [`VoteSettings::checked`].
#[must_use]
pub fn vote(ballots: &[Ballot], settings: &VoteSettings) -> VoteResult {
    let counted: Vec<Vec<usize>> = ballots.iter().map(|ballot| counting(ballot, settings)).collect();
    let weights = trial_weights(ballots, &counted, settings.weighting, settings.sparsest_within);
    let mut identities = Identities::default();
    let mut tallies: Vec<Tally> = Vec::new();
    for (number, ballot) in ballots.iter().enumerate().filter(|(number, _)| weights[*number] > 0.0) {
        let kinds: Vec<usize> =
            counted[number].iter().map(|&index| identities.of(&ballot.entries[index].graph, settings)).collect();
        tallies.resize_with(identities.graphs.len(), Tally::default);
        for ((index, share), kind) in shares(ballot, &counted[number], &kinds, settings).into_iter().zip(kinds) {
            tallies[kind].add(&ballot.entries[index], (number, index), share * weights[number]);
        }
    }
    let total: f64 = weights.iter().sum();
    let trials = weights.iter().filter(|weight| **weight > 0.0).count();
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    let effective = if trials > 0 { total * total / squares } else { 0.0 };
    let standing = |(graph, tally): (ModuleGraph, Tally)| {
        let share = tally.votes / total;
        let interval = wilson(share * effective, effective, settings.confidence);
        tally.standing(graph, share, interval)
    };
    let mut standings: Vec<Standing> = identities.graphs.into_iter().zip(tallies).map(standing).collect();
    standings.sort_by(by_votes);
    let first = standings.first().map_or(0.0, |first| first.votes);
    let is_level = |standing: &&Standing| {
        let lead = first - standing.votes;
        // The variance is that of counts of trials. If these weigh differently, it is scaled to their effective number.
        let per_trial = effective / trials.max(1) as f64;
        let variance = (first + standing.votes - lead * lead / trials.max(1) as f64) / per_trial;
        let margin = settings.tie_margin.max(settings.tie_errors * variance.max(0.0).sqrt());
        lead < (margin - ROUNDING).max(ROUNDING)
    };
    let tied = standings.iter().take_while(is_level).count();
    VoteResult { tied, trials, effective, abstained: ballots.len() - trials, standings }
}

/// Most votes first (except for rounding), then fewest edges, then by the structure itself.
fn by_votes(a: &Standing, b: &Standing) -> Ordering {
    let rounded = |votes: f64| (votes * 1e9).round();
    let votes = rounded(b.votes).total_cmp(&rounded(a.votes));
    votes.then_with(|| a.edges.cmp(&b.edges)).then_with(|| a.graph.cmp(&b.graph))
}

fn identity(graph: &ModuleGraph, settings: &VoteSettings) -> ModuleGraph {
    if settings.layers { graph.clone() } else { graph.without_layers() }
}

/// The different structures, numbered by first appearance. Leaving out layers takes a search for the canonical form,
/// which is done once per form with layers.
#[derive(Default)]
struct Identities<'a> {
    graphs: Vec<ModuleGraph>,
    known: HashMap<&'a ModuleGraph, usize>,
}

impl<'a> Identities<'a> {
    fn of(&mut self, graph: &'a ModuleGraph, settings: &VoteSettings) -> usize {
        if let Some(&kind) = self.known.get(graph) {
            return kind;
        }
        let bare = identity(graph, settings);
        let kind = self.graphs.iter().position(|known| *known == bare).unwrap_or_else(|| {
            self.graphs.push(bare);
            self.graphs.len() - 1
        });
        self.known.insert(graph, kind);
        kind
    }
}

/// The networks of a trial that count, as indices into its entries.
fn counting(ballot: &Ballot, settings: &VoteSettings) -> Vec<usize> {
    let Some(best) = ballot.entries.iter().map(|entry| entry.edges).min() else { return Vec::new() };
    let near = |index: &usize| ballot.entries[*index].edges - best <= settings.near;
    let near: Vec<usize> = (0..ballot.entries.len()).filter(near).collect();
    let claims = |entry: &BallotEntry| {
        entry.graph.modules().len() > 1 || settings.certificates != CertificateRule::PreferSeveral
    };
    let is_certified =
        |index: &usize| ballot.entries[*index].certified == Some(true) && claims(&ballot.entries[*index]);
    let certified: Vec<usize> = near.iter().copied().filter(is_certified).collect();
    match settings.certificates {
        CertificateRule::Ignore => near,
        CertificateRule::Prefer | CertificateRule::PreferSeveral if certified.is_empty() => near,
        CertificateRule::Prefer | CertificateRule::PreferSeveral | CertificateRule::Require => certified,
    }
}

/// The share of a trial's vote that each network gets; `kinds` are the numbers of their structures.
fn shares(ballot: &Ballot, counted: &[usize], kinds: &[usize], settings: &VoteSettings) -> Vec<(usize, f64)> {
    let best = ballot.entries.iter().map(|entry| entry.edges).min().unwrap_or(0);
    let weight = |(at, &index): (usize, &usize)| {
        let entry = &ballot.entries[index];
        let base = match settings.spread {
            Spread::Walks => entry.walks as f64,
            Spread::Networks => 1.0,
            Spread::Structures => 1.0 / kinds.iter().filter(|other| **other == kinds[at]).count() as f64,
        };
        let more = i32::try_from(entry.edges - best).unwrap_or(i32::MAX);
        (index, base * settings.decay.powi(more))
    };
    let weights: Vec<(usize, f64)> = counted.iter().enumerate().map(weight).collect();
    let total: f64 = weights.iter().map(|(_, weight)| weight).sum();
    weights.into_iter().map(|(index, weight)| (index, weight / total)).collect()
}

/// The weight of each trial, 0 if it does not take part. The weights add up to the number of trials that do.
fn trial_weights(
    ballots: &[Ballot],
    counted: &[Vec<usize>],
    weighting: Weighting,
    sparsest_within: Option<f64>,
) -> Vec<f64> {
    let best = |ballot: usize| counted[ballot].iter().map(|&index| ballots[ballot].entries[index].edges).min();
    let depth = |ballot: usize| ballots[ballot].widths.len();
    let sparsest = |of_depth: usize| (0..ballots.len()).filter(|&b| depth(b) == of_depth).filter_map(best).min();
    let takes_part = |ballot: usize| match (best(ballot), sparsest(depth(ballot)), sparsest_within) {
        (Some(own), Some(sparsest), Some(times)) => own as f64 <= times * sparsest as f64,
        (own, _, _) => own.is_some(),
    };
    let part: Vec<bool> = (0..ballots.len()).map(takes_part).collect();
    let same_kind = |a: &Ballot, b: &Ballot| match weighting {
        Weighting::Trials => true,
        Weighting::Depths => a.widths.len() == b.widths.len(),
        Weighting::Architectures => a.widths == b.widths,
    };
    let weight = |ballot: usize| {
        let others = (0..ballots.len()).filter(|&other| part[other] && same_kind(&ballots[ballot], &ballots[other]));
        if part[ballot] { 1.0 / others.count() as f64 } else { 0.0 }
    };
    let weights: Vec<f64> = (0..ballots.len()).map(weight).collect();
    let total: f64 = weights.iter().sum();
    let trials = part.iter().filter(|part| **part).count() as f64;
    weights.iter().map(|weight| if total > 0.0 { weight * trials / total } else { 0.0 }).collect()
}

/// The votes of a structure while they are counted.
#[derive(Default)]
struct Tally {
    votes: f64,
    /// The ballots with a vote for it, ascending.
    ballots: Vec<usize>,
    certified: Option<bool>,
    /// Its forms with layers, by first appearance.
    forms: Vec<Form>,
}

/// A structure with layers, one of the forms of a structure without.
struct Form {
    graph: ModuleGraph,
    votes: f64,
    /// Its first network with the fewest edges, as indices of the ballot and of the entry there.
    sparsest: (usize, usize),
    edges: usize,
}

impl Tally {
    /// Adds votes for the network `source`: the entry with this index in the ballot with this number.
    fn add(&mut self, entry: &BallotEntry, source: (usize, usize), votes: f64) {
        self.votes += votes;
        if self.ballots.last() != Some(&source.0) {
            self.ballots.push(source.0);
        }
        self.certified = self.certified.or(entry.certified);
        if let Some(form) = self.forms.iter_mut().find(|form| form.graph == entry.graph) {
            form.votes += votes;
            if entry.edges < form.edges {
                (form.sparsest, form.edges) = (source, entry.edges);
            }
        } else {
            let (graph, edges) = (entry.graph.clone(), entry.edges);
            self.forms.push(Form { graph, votes, sparsest: source, edges });
        }
    }

    fn standing(self, graph: ModuleGraph, share: f64, interval: (f64, f64)) -> Standing {
        let edges = self.forms.iter().map(|form| form.edges).min().unwrap_or(0);
        // `max_by` returns the last of equal forms, and the first is wanted.
        let leading = self.forms.iter().rev().max_by(|a, b| a.votes.total_cmp(&b.votes));
        let representative = leading.map_or((0, 0), |form| form.sparsest);
        let (votes, trials, certified) = (self.votes, self.ballots.len(), self.certified);
        Standing { graph, votes, share, interval, trials, edges, certified, representative }
    }
}
