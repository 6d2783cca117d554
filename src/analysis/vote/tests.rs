//! Votes counted by hand.

use proptest::prelude::*;

use super::*;
use crate::analysis::GraphModule;

/// A different structure for each number: input 0 in one module, output `number` in another of `layers` layers.
fn structure(number: usize, layers: usize) -> ModuleGraph {
    let module =
        |inputs: Vec<usize>, outputs: Vec<usize>, layers| GraphModule { inputs, outputs, layers: Some(layers) };
    ModuleGraph::new(vec![module(vec![0], vec![], 1), module(vec![], vec![number], layers)], vec![(0, 1)]).unwrap()
}

fn entry(number: usize, edges: usize, walks: usize) -> BallotEntry {
    BallotEntry { edges, walks, graph: structure(number, 1), certified: None }
}

/// A trial of one hidden layer of width 24.
fn ballot(entries: Vec<BallotEntry>) -> Ballot {
    Ballot { widths: vec![4, 24, 4], entries }
}

/// A plain rule: all walks with at most two extra edges count the same, and nothing else matters.
fn rule() -> VoteSettings {
    "near=2,decay=1,certificates=ignore,tie-errors=0".parse().unwrap()
}

/// The structures, by number, and their votes, in order.
fn votes(result: &VoteResult) -> Vec<(usize, f64)> {
    result.standings.iter().map(|standing| (standing.graph.modules()[1].outputs[0], standing.votes)).collect()
}

#[test]
fn each_trial_has_one_vote_spread_over_its_walks() {
    let result = vote(
        &[
            ballot(vec![entry(1, 20, 3), entry(2, 22, 1), entry(3, 23, 9)]),
            ballot(vec![entry(2, 30, 1)]),
            ballot(vec![entry(1, 18, 1)]),
        ],
        &rule(),
    );
    assert_eq!(votes(&result), [(1, 1.75), (2, 1.25)], "structure 3 has 3 edges more than the best of its trial");
    assert_eq!((result.tied, result.trials, result.abstained), (1, 3, 0), "{result:?}");
    let first = result.winner().unwrap();
    assert_eq!((first.trials, first.edges, first.representative), (2, 18, (2, 0)));
    assert!((first.share - 1.75 / 3.0).abs() < 1e-12);
    assert_eq!(first.interval, wilson(1.75, 3.0, 0.95));
}

#[test]
fn a_lead_of_less_than_half_a_vote_is_a_tie() {
    let leads = |walks: usize| {
        let split = ballot(vec![entry(1, 20, walks), entry(2, 20, 20 - walks)]);
        let result = vote(&[split, ballot(vec![entry(3, 20, 1)])], &VoteSettings { tie_margin: 0.5, ..rule() });
        (result.answers().len(), result.winner().is_some())
    };
    // Structure 3 has one vote; 1 and 2 have one between them.
    assert_eq!(leads(20), (2, false));
    assert_eq!(leads(11), (2, false), "0.55 is within half a vote of 1");
    assert_eq!(leads(10), (1, true), "0.5 is not");
    let exact = vote(
        &[ballot(vec![entry(1, 20, 1)]), ballot(vec![entry(2, 19, 1)])],
        &VoteSettings { tie_margin: 0.0, ..rule() },
    );
    assert_eq!((exact.tied, votes(&exact)[0].0), (2, 2), "the sparser one comes first, but they tie");
    assert!(exact.winner().is_none());
}

#[test]
fn a_lead_within_its_standard_error_is_a_tie() {
    let tied = |first: usize, second: usize, tie_errors: f64| {
        let trial = |number| ballot(vec![entry(number, 20, 1)]);
        let ballots: Vec<Ballot> =
            std::iter::repeat_n(1, first).chain(std::iter::repeat_n(2, second)).map(trial).collect();
        vote(&ballots, &VoteSettings { tie_errors, ..rule() }).tied
    };
    // 13 against 12: variance 25 - 1/25, error 4.998. 15 against 10: 24, 4.899.
    assert_eq!((tied(13, 12, 1.0), tied(15, 10, 1.0), tied(15, 10, 1.03)), (2, 1, 2));
    assert_eq!((tied(13, 12, 0.0), tied(25, 0, 2.0)), (1, 1));
}

#[test]
fn the_order_of_trials_makes_no_difference_at_the_margin() {
    // These parts of votes have no exact sum.
    let split = |ones: usize, twos: usize| ballot(vec![entry(1, 20, ones), entry(2, 20, twos)]);
    let mut ballots = vec![split(1, 2), split(5, 1), split(3, 1), split(2, 4), split(1, 5), split(3, 3)];
    for _ in 0..ballots.len() {
        // 1/3 + 5/6 + 3/4 + 1/3 + 1/6 + 1/2 = 35/12 of 6: a lead of 1/6.
        let at = |tie_margin| vote(&ballots, &VoteSettings { tie_margin, ..rule() }).tied;
        assert_eq!((at(1.0 / 6.0), at(1.0 / 6.0 + 1e-6)), (1, 2));
        ballots.rotate_left(1);
    }
}

#[test]
fn near_and_decay_limit_the_weight_of_denser_networks() {
    let trial = [ballot(vec![entry(1, 20, 1), entry(2, 21, 2), entry(3, 22, 4)])];
    let shares = |settings: VoteSettings| {
        let mut shares = votes(&vote(&trial, &settings));
        shares.sort_by_key(|(number, _)| *number);
        shares
    };
    assert_eq!(shares(VoteSettings { near: 0, ..rule() }), [(1, 1.0)]);
    assert_eq!(shares(VoteSettings { near: 1, ..rule() }), [(1, 1.0 / 3.0), (2, 2.0 / 3.0)]);
    // Weights 1, 2 / 2, 4 / 4.
    let third = 1.0 / 3.0;
    assert_eq!(shares(VoteSettings { decay: 0.5, ..rule() }), [(1, third), (2, third), (3, third)]);
}

#[test]
fn votes_can_be_spread_over_networks_or_structures() {
    let trial = [ballot(vec![entry(1, 20, 1), entry(2, 20, 4), entry(2, 21, 3)])];
    let first = |spread| votes(&vote(&trial, &VoteSettings { spread, ..rule() }))[0];
    assert_eq!(first(Spread::Walks), (2, 0.875));
    assert_eq!(first(Spread::Networks), (2, 2.0 / 3.0));
    assert_eq!(first(Spread::Structures), (1, 0.5), "a tie: the lower number comes first");
}

#[test]
fn layers_distinguish_structures_only_if_set() {
    let long = |edges| BallotEntry { graph: structure(1, 2), ..entry(1, edges, 1) };
    let trials = [ballot(vec![entry(1, 20, 1)]), ballot(vec![long(22)]), ballot(vec![long(21)])];
    let result = vote(&trials, &rule());
    assert_eq!(votes(&result), [(1, 3.0)]);
    let first = result.winner().unwrap();
    assert_eq!(
        (first.edges, first.representative),
        (20, (2, 0)),
        "the sparsest network of the form with the most votes"
    );
    assert_eq!(first.graph, structure(1, 7).without_layers());
    let result = vote(&trials, &VoteSettings { layers: true, ..rule() });
    assert_eq!(votes(&result), [(1, 2.0), (1, 1.0)]);
}

#[test]
fn depths_and_architectures_can_weigh_the_same() {
    let of = |widths: &[usize], number| Ballot { widths: widths.to_vec(), ..ballot(vec![entry(number, 20, 1)]) };
    let trials =
        [of(&[4, 24, 4], 1), of(&[4, 24, 4], 1), of(&[4, 36, 4], 1), of(&[4, 24, 24, 4], 2), ballot(Vec::new())];
    let result = |weighting| vote(&trials, &VoteSettings { weighting, ..rule() });
    assert_eq!(votes(&result(Weighting::Trials)), [(1, 3.0), (2, 1.0)]);
    // Two depths with 2 of 4 votes each.
    let depths = result(Weighting::Depths);
    assert_eq!((depths.tied, depths.trials, depths.abstained), (2, 4, 1));
    assert!(depths.standings.iter().all(|standing| (standing.votes - 2.0).abs() < 1e-12));
    // Weights 2/3 three times and 2: 16 / (3 * 4/9 + 4).
    assert!((depths.effective - 3.0).abs() < 1e-12);
    // Three architectures with 4/3 each.
    let architectures = votes(&result(Weighting::Architectures));
    assert!((architectures[0].1 - 8.0 / 3.0).abs() < 1e-12 && (architectures[1].1 - 4.0 / 3.0).abs() < 1e-12);
}

#[test]
fn trials_that_are_too_dense_can_be_excluded() {
    let deep = Ballot { widths: vec![4, 24, 24, 4], ..ballot(vec![entry(3, 60, 1)]) };
    let trials = [ballot(vec![entry(1, 20, 1)]), ballot(vec![entry(2, 31, 1)]), ballot(vec![entry(2, 30, 1)]), deep];
    let result = vote(&trials, &VoteSettings { sparsest_within: Some(1.5), ..rule() });
    assert_eq!(
        (result.trials, result.abstained),
        (3, 1),
        "31 is more than 1.5 times 20; the depths are compared separately"
    );
    assert_eq!((result.tied, result.answers().len()), (3, 0), "a tie of three is not an answer");
}

#[test]
fn certificates_can_count() {
    let certified = |number, certified| BallotEntry { certified: Some(certified), ..entry(number, 20, 1) };
    let trials = [
        ballot(vec![certified(1, false), certified(2, true)]),
        ballot(vec![certified(1, false)]),
        ballot(vec![certified(1, false)]),
    ];
    let with = |certificates| vote(&trials, &VoteSettings { certificates, ..rule() });
    assert_eq!(votes(&with(CertificateRule::Ignore)), [(1, 2.5), (2, 0.5)]);
    assert_eq!(votes(&with(CertificateRule::Prefer)), [(1, 2.0), (2, 1.0)]);
    // A single module claims nothing, so its certificate does not count with `PreferSeveral`.
    let one = GraphModule { inputs: vec![0], outputs: vec![1], layers: Some(1) };
    let vacuous = BallotEntry { graph: ModuleGraph::new(vec![one], Vec::new()).unwrap(), ..certified(1, true) };
    let several = |trial: Vec<BallotEntry>, certificates| {
        vote(&[ballot(trial)], &VoteSettings { certificates, ..rule() }).standings.len()
    };
    for (rule, with_one_certified, with_none) in
        [(CertificateRule::Prefer, 2, 1), (CertificateRule::PreferSeveral, 1, 2), (CertificateRule::Ignore, 2, 2)]
    {
        assert_eq!(several(vec![vacuous.clone(), certified(2, true)], rule), with_one_certified, "{rule:?}");
        assert_eq!(several(vec![vacuous.clone(), certified(2, false)], rule), with_none, "{rule:?}");
    }
    let required = with(CertificateRule::Require);
    assert_eq!((votes(&required), required.abstained), (vec![(2, 1.0)], 2));
    assert_eq!(required.winner().unwrap().certified, Some(true));
}

#[test]
fn nobody_votes() {
    let result = vote(&[ballot(Vec::new())], &rule());
    assert_eq!((result.tied, result.trials, result.abstained, result.effective), (0, 0, 1, 0.0));
    assert!(result.winner().is_none() && result.answers().is_empty());
}

#[test]
fn invalid_rules_are_refused() {
    let error = |settings: VoteSettings| settings.checked().unwrap_err().to_string();
    assert_eq!(error(VoteSettings { decay: 0.0, ..rule() }), "the vote's decay is 0; it must be above 0 and at most 1");
    assert!(error(VoteSettings { sparsest_within: Some(0.5), ..rule() }).contains("sparsest-within"));
    assert!(error(VoteSettings { tie_margin: f64::NAN, ..rule() }).contains("tie-margin"));
    assert!(error(VoteSettings { confidence: 1.0, ..rule() }).contains("confidence"));
    assert_eq!(rule().checked(), Ok(rule()));
    let toml = "near = 1\nspread = \"networks\"\ncertificates = \"prefer\"\nsparsest-within = 1.5";
    let read: VoteSettings = toml::from_str(toml).unwrap();
    let expected = VoteSettings {
        near: 1,
        spread: Spread::Networks,
        certificates: CertificateRule::Prefer,
        sparsest_within: Some(1.5),
        ..VoteSettings::default()
    };
    assert_eq!(read, expected);
    let line = "near=1, decay=1,tie-errors=1,spread=networks,certificates=prefer,sparsest-within=1.5";
    assert_eq!(line.parse(), Ok(read));
    let error = |line: &str| line.parse::<VoteSettings>().unwrap_err().to_string();
    assert!(error("near").contains("`near` is not a setting") && error("spread=wide").contains("`networks`"));
    assert!(error("nar=1").contains("unknown field `nar`") && error("near=x").contains("invalid type"));
    assert_eq!(error("decay=2"), "the vote's decay is 2; it must be above 0 and at most 1");
}

/// Random trials with random networks.
fn trials() -> impl Strategy<Value = Vec<Ballot>> {
    let entry = (0..4_usize, 10..14_usize, 1..5_usize, 1..3_usize).prop_map(|(number, edges, walks, layers)| {
        BallotEntry { graph: structure(number, layers), ..entry(number, edges, walks) }
    });
    let ballot = (proptest::collection::vec(entry, 0..5), 1..4_usize)
        .prop_map(|(entries, depth)| Ballot { widths: vec![9; depth + 2], entries });
    proptest::collection::vec(ballot, 0..8)
}

proptest! {
    #[test]
    fn votes_add_up_and_the_order_of_trials_makes_no_difference(ballots in trials(), weighting in 0..3_usize, layers in any::<bool>()) {
        let weighting = [Weighting::Trials, Weighting::Depths, Weighting::Architectures][weighting];
        let settings = VoteSettings { weighting, layers, ..rule() };
        let result = vote(&ballots, &settings);
        prop_assert_eq!(result.trials + result.abstained, ballots.len());
        let total: f64 = result.standings.iter().map(|standing| standing.votes).sum();
        prop_assert!((total - result.trials as f64).abs() < 1e-9);
        prop_assert!(result.effective <= result.trials as f64 + 1e-9);
        for standing in &result.standings {
            let (ballot, entry) = standing.representative;
            prop_assert_eq!(&identity(&ballots[ballot].entries[entry].graph, &settings), &standing.graph);
            let (low, high) = standing.interval;
            prop_assert!(low <= standing.share && standing.share <= high);
        }
        let mut reversed = ballots.clone();
        reversed.reverse();
        for ballot in &mut reversed {
            ballot.entries.reverse();
        }
        let again = vote(&reversed, &settings);
        let order = |result: &VoteResult| result.standings.iter().map(|standing| standing.graph.clone()).collect::<Vec<_>>();
        prop_assert_eq!(order(&again), order(&result));
        prop_assert_eq!(again.tied, result.tied);
    }
}
