//! The answer of many: structures that the networks of one or more trials agree on, each trial with one vote.
//!
//! In each trial, the networks near its best count ([`near_best`](crate::analysis::near_best)); its one vote is spread
//! over their structures. The votes of all trials are added up: the structures with their shares are the [`Standing`]s,
//! the first is the answer, and where others tie with it the answer is any of these, and is told as such. One trial is a
//! group of one: the same rule then chooses among its own networks.
//!
//! The share of a structure is that of the votes of the trials that take part. Its interval is Wilson's, over the
//! *effective* number of these trials, `(sum of weights)^2 / (sum of squared weights)` (L. Kish, "Survey sampling",
//! 1965): their number itself where all weigh the same. Votes that are spread have less variance than whole ones, so it
//! errs on the wide side.
//!
//! What may be studied about the rule is in [`VoteSettings`]. No rule looks at true modules.

mod settings;
#[cfg(test)]
mod tests;

pub use settings::{CertificateRule, Spread, VoteRuleError, VoteSettings, VoteSettingsError, Weighting};

use std::cmp::Ordering;
use std::collections::HashMap;

use super::interval::wilson;
use super::near_best::Candidate;
use super::{Certificate, ModuleGraph};

/// "Either A or B" is an answer; a longer list is none.
pub const MOST_TIED: usize = 2;

/// A trial as the vote sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ballot {
    /// Layer widths of its networks, inputs first, before pruning.
    pub widths: Vec<usize>,
    /// The networks near its best, in any order; none where it is untrained or has no walks.
    pub entries: Vec<BallotEntry>,
}

/// A network near the best of a trial.
#[derive(Clone, Debug, PartialEq)]
pub struct BallotEntry {
    /// Its edges.
    pub edges: usize,
    /// How many walks ended at it.
    pub walks: usize,
    /// Its structure, with layers.
    pub graph: ModuleGraph,
    /// Is the structure certified? `None` where there is no certificate, or none was asked for.
    pub certified: Option<bool>,
}

impl BallotEntry {
    /// What the vote sees of a candidate.
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

/// What the trials agree on.
#[derive(Clone, Debug, PartialEq)]
pub struct VoteResult {
    /// The structures that got votes, most votes first; of those with as many, the sparser one, then in a fixed order
    /// that says nothing.
    pub standings: Vec<Standing>,
    /// How many of them, the first included, tie with the first; 0 where nobody voted, 1 where there is no tie.
    pub tied: usize,
    /// Trials that took part.
    pub trials: usize,
    /// The effective number of these.
    pub effective: f64,
    /// Trials that did not take part: without networks, too dense, or without a certificate where one is required.
    pub abstained: usize,
}

/// A structure and the votes it got.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The structure, without layers unless the rule tells them apart.
    pub graph: ModuleGraph,
    /// Its votes, out of [`VoteResult::trials`].
    pub votes: f64,
    /// Its share of the votes, 0 to 1.
    pub share: f64,
    /// The interval of the share.
    pub interval: (f64, f64),
    /// Trials that gave it some of their vote.
    pub trials: usize,
    /// Edges of the sparsest network that has it, among those that count.
    pub edges: usize,
    /// Is it certified? `None` where that is not known.
    pub certified: Option<bool>,
    /// A network that stands for it: the ballot and the place in its list. Of the forms that it has with layers the one
    /// with most votes, of this the sparsest network, of these the first.
    pub representative: (usize, usize),
}

impl VoteResult {
    /// The answer, or the two structures one of which is. Empty where nobody voted, or where more than [`MOST_TIED`] tie:
    /// then the vote is undecided.
    #[must_use]
    pub fn answers(&self) -> &[Standing] {
        &self.standings[..if self.tied <= MOST_TIED { self.tied } else { 0 }]
    }

    /// The answer, where there is one and no tie.
    #[must_use]
    pub fn winner(&self) -> Option<&Standing> {
        self.standings.first().filter(|_| self.tied == 1)
    }
}

/// Sums of parts of votes depend on the order of trials in their last digits, which must not decide: votes that are equal
/// but for this tie even at a margin of 0, and a lead that is as great as the margin is no tie.
const ROUNDING: f64 = 1e-9;

/// Counts the votes. `settings` should have passed [`VoteSettings::checked`].
#[must_use]
pub fn vote(ballots: &[Ballot], settings: &VoteSettings) -> VoteResult {
    let counted: Vec<Vec<usize>> = ballots.iter().map(|ballot| counting(ballot, settings)).collect();
    let weights = trial_weights(ballots, &counted, settings.weighting, settings.sparsest_within);
    let mut identities = Identities::default();
    let mut tallies: Vec<Tally> = Vec::new();
    for (number, ballot) in ballots.iter().enumerate().filter(|(number, _)| weights[*number] > 0.0) {
        let kinds: Vec<usize> =
            counted[number].iter().map(|&place| identities.of(&ballot.entries[place].graph, settings)).collect();
        tallies.resize_with(identities.graphs.len(), Tally::default);
        for ((place, share), kind) in shares(ballot, &counted[number], &kinds, settings).into_iter().zip(kinds) {
            tallies[kind].add(&ballot.entries[place], (number, place), share * weights[number]);
        }
    }
    let total: f64 = weights.iter().sum();
    let trials = weights.iter().filter(|weight| **weight > 0.0).count();
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    let effective = if trials > 0 { total * total / squares } else { 0.0 };
    let stand = |(graph, tally): (ModuleGraph, Tally)| {
        let share = tally.votes / total;
        let interval = wilson(share * effective, effective, settings.confidence);
        tally.standing(graph, share, interval)
    };
    let mut standings: Vec<Standing> = identities.graphs.into_iter().zip(tallies).map(stand).collect();
    standings.sort_by(first_first);
    let first = standings.first().map_or(0.0, |first| first.votes);
    let is_level = |standing: &&Standing| {
        let lead = first - standing.votes;
        // Votes are counted as trials; where these weigh differently, as many as the effective number stand for them.
        let per_trial = effective / trials.max(1) as f64;
        let variance = (first + standing.votes - lead * lead / trials.max(1) as f64) / per_trial;
        let margin = settings.tie_margin.max(settings.tie_errors * variance.max(0.0).sqrt());
        lead < (margin - ROUNDING).max(ROUNDING)
    };
    let tied = standings.iter().take_while(is_level).count();
    VoteResult { tied, trials, effective, abstained: ballots.len() - trials, standings }
}

/// Most votes first, then fewer edges, then by the structure itself; votes that are equal but for rounding are equal.
fn first_first(a: &Standing, b: &Standing) -> Ordering {
    let rounded = |votes: f64| (votes * 1e9).round();
    let votes = rounded(b.votes).total_cmp(&rounded(a.votes));
    votes.then_with(|| a.edges.cmp(&b.edges)).then_with(|| a.graph.cmp(&b.graph))
}

fn identity(graph: &ModuleGraph, settings: &VoteSettings) -> ModuleGraph {
    if settings.layers { graph.clone() } else { graph.without_layers() }
}

/// The structures that are told apart, numbered as they come. Leaving out layers takes a search for the canonical form,
/// which is made once for each form with layers.
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

/// The networks of a trial that count, by their places.
fn counting(ballot: &Ballot, settings: &VoteSettings) -> Vec<usize> {
    let Some(best) = ballot.entries.iter().map(|entry| entry.edges).min() else { return Vec::new() };
    let near = |place: &usize| ballot.entries[*place].edges - best <= settings.near;
    let near: Vec<usize> = (0..ballot.entries.len()).filter(near).collect();
    let claims = |entry: &BallotEntry| {
        entry.graph.modules().len() > 1 || settings.certificates != CertificateRule::PreferSeveral
    };
    let is_certified =
        |place: &usize| ballot.entries[*place].certified == Some(true) && claims(&ballot.entries[*place]);
    let certified: Vec<usize> = near.iter().copied().filter(is_certified).collect();
    match settings.certificates {
        CertificateRule::Ignore => near,
        CertificateRule::Prefer | CertificateRule::PreferSeveral if certified.is_empty() => near,
        CertificateRule::Prefer | CertificateRule::PreferSeveral | CertificateRule::Require => certified,
    }
}

/// The share of a trial's vote that each network gets; `kinds` tell their structures apart.
fn shares(ballot: &Ballot, counted: &[usize], kinds: &[usize], settings: &VoteSettings) -> Vec<(usize, f64)> {
    let best = ballot.entries.iter().map(|entry| entry.edges).min().unwrap_or(0);
    let weight = |(at, &place): (usize, &usize)| {
        let entry = &ballot.entries[place];
        let base = match settings.spread {
            Spread::Walks => entry.walks as f64,
            Spread::Networks => 1.0,
            Spread::Structures => 1.0 / kinds.iter().filter(|other| **other == kinds[at]).count() as f64,
        };
        let more = i32::try_from(entry.edges - best).unwrap_or(i32::MAX);
        (place, base * settings.decay.powi(more))
    };
    let weights: Vec<(usize, f64)> = counted.iter().enumerate().map(weight).collect();
    let total: f64 = weights.iter().map(|(_, weight)| weight).sum();
    weights.into_iter().map(|(place, weight)| (place, weight / total)).collect()
}

/// The weight of each trial, 0 where it does not take part; they add up to the number of those that do.
fn trial_weights(
    ballots: &[Ballot],
    counted: &[Vec<usize>],
    weighting: Weighting,
    sparsest_within: Option<f64>,
) -> Vec<f64> {
    let best = |ballot: usize| counted[ballot].iter().map(|&place| ballots[ballot].entries[place].edges).min();
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
    /// Ballots that gave it something, ascending.
    ballots: Vec<usize>,
    certified: Option<bool>,
    /// Its forms with layers in order of appearance, their votes, and the sparsest network of each with its edges.
    forms: Vec<(ModuleGraph, f64, (usize, usize), usize)>,
}

impl Tally {
    fn add(&mut self, entry: &BallotEntry, place: (usize, usize), votes: f64) {
        self.votes += votes;
        if self.ballots.last() != Some(&place.0) {
            self.ballots.push(place.0);
        }
        self.certified = self.certified.or(entry.certified);
        match self.forms.iter_mut().find(|(graph, ..)| *graph == entry.graph) {
            Some((_, sum, sparsest, edges)) => {
                *sum += votes;
                if entry.edges < *edges {
                    (*sparsest, *edges) = (place, entry.edges);
                }
            }
            None => self.forms.push((entry.graph.clone(), votes, place, entry.edges)),
        }
    }

    fn standing(self, graph: ModuleGraph, share: f64, interval: (f64, f64)) -> Standing {
        let edges = self.forms.iter().map(|form| form.3).min().unwrap_or(0);
        // The first of the greatest.
        let heaviest = self.forms.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1));
        let representative = heaviest.map_or((0, 0), |form| form.2);
        let (votes, trials, certified) = (self.votes, self.ballots.len(), self.certified);
        Standing { graph, votes, share, interval, trials, edges, certified, representative }
    }
}
