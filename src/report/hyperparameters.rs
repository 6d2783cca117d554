//! The origin of hyperparameters in words.

use super::numbers::counted;
use crate::experiment::hyperparameters::{Chosen, Origin, Searched};
use crate::experiment::tuning::SEEDS;

/// How the result of a search differs from its start.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    None,
    Epochs,
    Rate,
    /// Some dense networks stay untrained whatever was tried.
    Partly,
    /// They do so at a given learning rate: an X.
    LeftOut,
}

fn change(chosen: &Chosen, search: &Searched) -> Change {
    let Some(taken) = chosen.chosen else { return Change::LeftOut };
    if search.trained < SEEDS.len() {
        Change::Partly
    } else if taken.learning_rate != search.start.learning_rate {
        Change::Rate
    } else if taken.epochs != search.start.epochs {
        Change::Epochs
    } else {
        Change::None
    }
}

/// How many networks have hyperparameters of which origin, in a line or two. Empty if all are given by hand.
#[must_use]
pub fn summary(chosen: &[Chosen]) -> Vec<String> {
    let searched: Vec<(&Chosen, &Searched)> =
        chosen.iter().filter_map(|one| Some((one, one.search.as_ref()?))).collect();
    let published = chosen.iter().filter(|one| one.origin == Origin::Published).count();
    let mut lines = Vec::new();
    if published > 0 {
        lines.push(format!("hyperparameters: as published for {}", counted(published, "network")));
    }
    if searched.is_empty() {
        return lines;
    }
    let parts = [
        (Change::None, "unchanged"),
        (Change::Epochs, "with more epochs"),
        (Change::Rate, "with a lower learning rate"),
        (Change::Partly, "with dense networks that stay untrained"),
        (Change::LeftOut, "left out (X: no number of epochs is enough)"),
    ];
    let parts = parts.into_iter().filter_map(|(wanted, words)| {
        let count = searched.iter().filter(|(one, search)| change(one, search) == wanted).count();
        (count > 0).then(|| format!("{count} {words}"))
    });
    let networks = counted(searched.len(), "network");
    lines.push(format!("hyperparameters by the paper's rule for {networks}: {}", parts.collect::<Vec<_>>().join(", ")));
    lines
}

/// Where the hyperparameters of a network come from, as a sentence.
#[must_use]
pub fn sentence(chosen: &Chosen) -> String {
    let Some(search) = &chosen.search else {
        return match chosen.origin {
            Origin::File => "given by hand",
            Origin::Published => "as published",
            Origin::Default => "the default for tasks of your own",
            Origin::Rule => "by the paper's rule",
        }
        .to_owned();
    };
    let Some(taken) = chosen.chosen else { return "none: no number of epochs is enough".to_owned() };
    let start = search.start;
    let mut text = if taken.learning_rate != start.learning_rate {
        format!("learning rate {} instead of {}, {} epochs", taken.learning_rate, start.learning_rate, taken.epochs)
    } else if taken.epochs != start.epochs {
        format!("{} epochs instead of {}", taken.epochs, start.epochs)
    } else {
        "unchanged from the start of the search".to_owned()
    };
    let tried = search.tries.iter().find(|one| one.learning_rate == taken.learning_rate);
    let names = |wanted: bool| {
        let first = tried.into_iter().flat_map(|one| SEEDS.iter().zip(&one.first_epochs));
        let named = first.filter(|(_, first)| first.is_some() == wanted);
        named
            .map(|(seed, first)| match first {
                Some(epoch) => format!("{seed} in epoch {epoch}"),
                None => seed.to_string(),
            })
            .collect::<Vec<_>>()
            .join(", ")
    };
    if search.trained > 0 {
        text.push_str(&format!("; dense networks reach the required accuracy: seed {}", names(true)));
    }
    if search.trained < SEEDS.len() {
        text.push_str(&format!("; not within {} epochs: seed {}", search.most_epochs, names(false)));
    }
    format!("by the paper's rule: {text} ({}, {})", search.engine, search.kernel)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::tuning::Try;
    use crate::train::{EngineChoice, Hyperparameters, KernelClass};

    fn hyperparameters(learning_rate: f64, epochs: usize) -> Hyperparameters {
        Hyperparameters { learning_rate, batch_size: 8, epochs, weight_decay: 1e-4, noise: 0.1, patience: None }
    }

    fn chosen(taken: Option<Hyperparameters>, trained: usize, first_epochs: [Option<usize>; 4]) -> Chosen {
        let tried =
            Try { learning_rate: taken.map_or(0.1, |taken| taken.learning_rate), first_epochs: first_epochs.into() };
        Chosen {
            task: "4-2-4".to_owned(),
            arch: "4,24,4".parse().unwrap(),
            origin: Origin::Rule,
            chosen: taken,
            search: Some(Searched {
                start: hyperparameters(0.1, 20),
                most_epochs: 120,
                tries: vec![tried],
                trained,
                engine: EngineChoice::BurnNdarray,
                kernel: KernelClass::Avx2,
            }),
        }
    }

    #[test]
    fn what_the_search_changed_in_words() {
        let all = [Some(3), Some(12), Some(25), Some(7)];
        let more = chosen(Some(hyperparameters(0.1, 30)), 4, all);
        assert_eq!(
            sentence(&more),
            "by the paper's rule: 30 epochs instead of 20; dense networks reach the required accuracy: seed 0 in epoch 3, \
             1 in epoch 12, 2 in epoch 25, 5 in epoch 7 (burn-ndarray, avx2)"
        );
        let partly = chosen(Some(hyperparameters(0.05, 30)), 3, [Some(3), None, Some(25), Some(7)]);
        assert!(sentence(&partly).ends_with("; not within 120 epochs: seed 1 (burn-ndarray, avx2)"));
        let lower = chosen(Some(hyperparameters(0.05, 30)), 4, all);
        assert!(sentence(&lower).starts_with("by the paper's rule: learning rate 0.05 instead of 0.1, 30 epochs; "));
        let same = chosen(Some(hyperparameters(0.1, 20)), 4, all);
        let out = chosen(None, 2, [Some(3), None, None, Some(7)]);
        assert_eq!(
            summary(&[more, partly, lower.clone(), lower, same, out]),
            ["hyperparameters by the paper's rule for 6 networks: 1 unchanged, 1 with more epochs, 2 with a lower \
              learning rate, 1 with dense networks that stay untrained, 1 left out (X: no number of epochs is enough)"]
        );
    }

    #[test]
    fn what_was_not_searched_in_words() {
        let given = |origin| Chosen { origin, search: None, ..chosen(Some(hyperparameters(0.1, 20)), 4, [None; 4]) };
        assert_eq!(sentence(&given(Origin::Published)), "as published");
        assert_eq!(summary(&[given(Origin::File), given(Origin::Default)]), Vec::<String>::new());
        assert_eq!(summary(&[given(Origin::Published)]), ["hyperparameters: as published for 1 network"]);
    }
}
