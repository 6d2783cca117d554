//! Values that can be written in several forms.

use serde::Deserialize;

use crate::prune::{Grid, Required};

/// The maximum number of seeds in a range.
const MOST_SEEDS: u64 = 100_000;

/// One value or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// The values, if there are any and all are accepted.
    pub(super) fn all(self, accept: impl Fn(&T) -> bool) -> Option<Vec<T>> {
        let values = match self {
            Self::One(value) => vec![value],
            Self::Many(values) => values,
        };
        (!values.is_empty() && values.iter().all(accept)).then_some(values)
    }
}

/// Seeds as written in the file.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Seeds {
    List(Vec<u64>),
    Range(String),
}

impl Seeds {
    /// The list of seeds.
    ///
    /// # Errors
    /// See [`seeds`].
    pub(super) fn expand(self) -> Result<Vec<u64>, String> {
        match self {
            Self::List(seeds) => each_once(seeds),
            Self::Range(text) => seeds(&text),
        }
    }
}

/// Parses seeds as typed: a list such as `0,1,5`, or a range such as `0..19`, which includes both ends.
///
/// # Errors
/// The text is neither, or a seed occurs twice; the message says what to write instead.
pub fn seeds(text: &str) -> Result<Vec<u64>, String> {
    let example = "write a list such as 0,1,5 or a range such as 0..19";
    let number = |part: &str| {
        part.trim().parse::<u64>().map_err(|_| format!("`{text}` is not a valid list or range of seeds; {example}"))
    };
    match text.split_once("..") {
        Some((first, last)) => {
            let (first, last) = (number(first)?, number(last.trim_start_matches('='))?);
            if last < first {
                return Err(format!("`{text}` is not a valid range; {example}"));
            }
            if last - first >= MOST_SEEDS {
                return Err(format!("`{text}` has too many seeds; at most {MOST_SEEDS} are allowed, such as 0..19"));
            }
            Ok((first..=last).collect())
        }
        None => each_once(text.split(',').map(number).collect::<Result<_, _>>()?),
    }
}

fn each_once(seeds: Vec<u64>) -> Result<Vec<u64>, String> {
    let mut sorted = seeds.clone();
    sorted.sort_unstable();
    if let Some([seed, _]) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(format!("seed {seed} occurs twice; write each seed once"));
    }
    if seeds.is_empty() { Err("there must be at least one seed".to_owned()) } else { Ok(seeds) }
}

/// A grid as written in the file.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum GridChoice {
    Named(String),
    Steps(Steps),
}

/// Initial step sizes in percent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Steps {
    #[serde(default)]
    p_u: Vec<f64>,
    #[serde(default)]
    p_e: Vec<f64>,
}

impl GridChoice {
    /// The grid.
    ///
    /// # Errors
    /// There is no grid of this name, or a step is out of range.
    pub(super) fn grid(self) -> Result<Grid, String> {
        match self {
            Self::Named(name) => named_grid(&name),
            Self::Steps(Steps { p_u, p_e }) => {
                if p_u.iter().chain(&p_e).all(|&step| step > 0.0 && step < 100.0) {
                    Ok(Grid { p_u, p_e })
                } else {
                    Err("each step must be above 0 and below 100".to_owned())
                }
            }
        }
    }
}

/// Parses a grid as typed: `paper`, `quick`, or steps in percent, such as `35,70/0.5,1`, with those of unit walks before the
/// slash and those of edge walks after it.
///
/// # Errors
/// There is no grid of this name, or a step is invalid; the message says what to write instead.
pub fn grid(text: &str) -> Result<Grid, String> {
    let Some((units, edges)) = text.split_once('/') else { return named_grid(text) };
    let steps = |list: &str| -> Option<Vec<f64>> {
        let words = list.split(',').map(str::trim).filter(|word| !word.is_empty());
        words.map(|word| word.parse().ok()).collect()
    };
    let wrong = || format!("`{text}` is not a grid; write paper, quick, or steps in percent such as 35,70/0.5,1");
    GridChoice::Steps(Steps { p_u: steps(units).ok_or_else(wrong)?, p_e: steps(edges).ok_or_else(wrong)? }).grid()
}

/// Parses a required accuracy as typed: `perfect`, `dense`, or a share of the output bits such as `0.98`.
///
/// # Errors
/// The text is none of these; the message says what to write instead.
pub fn required(text: &str) -> Result<Required, String> {
    match (text, text.parse()) {
        ("perfect", _) => Ok(Required::Perfect),
        ("dense", _) => Ok(Required::Dense),
        (_, Ok(share)) if (0.0..=1.0).contains(&share) => Ok(Required::Threshold(share)),
        _ => Err(format!(
            "`{text}` is not a required accuracy; write perfect, dense, or a share of output bits from 0 to 1 such as 0.98"
        )),
    }
}

fn named_grid(name: &str) -> Result<Grid, String> {
    match name {
        "paper" => Ok(Grid::paper()),
        "quick" => Ok(Grid::quick()),
        _ => Err(format!("`{name}` is not a grid; write paper, quick, or steps in percent such as 35,70/0.5,1")),
    }
}

/// `depths` as written in the file.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum DepthChoice {
    Named(String),
    Listed(OneOrMany<usize>),
}

/// Depths that are listed or automatic.
#[derive(Debug)]
pub(super) enum Depths {
    Listed(Vec<usize>),
    Auto,
}

impl DepthChoice {
    /// The depths, each from 1 to [`MOST`].
    pub(super) fn depths(self) -> Option<Depths> {
        match self {
            Self::Named(name) => (name == "auto").then_some(Depths::Auto),
            Self::Listed(depths) => depths.all(|&depth| (1..=MOST).contains(&depth)).map(Depths::Listed),
        }
    }
}

/// The maximum depth of a network.
pub(in crate::experiment) const MOST: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_as_list_and_as_range() {
        assert_eq!(seeds("0, 1,5").unwrap(), [0, 1, 5]);
        assert_eq!(seeds("3..5").unwrap(), [3, 4, 5]);
        for wrong in ["", "a", "5..3", "0..9999999999", "1..", "-1"] {
            assert!(seeds(wrong).unwrap_err().contains("0..19"), "{wrong}");
        }
        assert!(seeds("1,2,1").unwrap_err().contains("seed 1 occurs twice"));
    }

    #[test]
    fn required_accuracies_by_name_and_by_share() {
        assert_eq!(required("perfect").unwrap(), Required::Perfect);
        assert_eq!(required("dense").unwrap(), Required::Dense);
        assert_eq!(required("0.98").unwrap(), Required::Threshold(0.98));
        for wrong in ["98", "-0.5", "nan", "98%", ""] {
            assert!(required(wrong).unwrap_err().contains("such as 0.98"), "{wrong}");
        }
    }

    #[test]
    fn grids_by_name_and_by_steps() {
        assert_eq!(grid("quick").unwrap(), Grid::quick());
        assert_eq!(grid("35, 70/0.5").unwrap(), Grid { p_u: vec![35.0, 70.0], p_e: vec![0.5] });
        assert_eq!(grid("/1").unwrap(), Grid { p_u: vec![], p_e: vec![1.0] });
        for wrong in ["fine", "x/1", "1/x"] {
            assert!(grid(wrong).unwrap_err().contains("35,70/0.5,1"), "{wrong}");
        }
        for wrong in ["0/1", "35/100", "nan/1"] {
            assert!(grid(wrong).unwrap_err().contains("above 0 and below 100"), "{wrong}");
        }
    }
}
