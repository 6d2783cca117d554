//! The settings of the vote.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::analysis::interval::CONFIDENCE;

/// The rule of the vote.
///
/// ```
/// use neural_sculpting::analysis::vote::{CertificateRule, VoteSettings};
///
/// let rule: VoteSettings = "near=2,certificates=ignore".parse()?;
/// let expected = VoteSettings { near: 2, certificates: CertificateRule::Ignore, ..VoteSettings::default() };
/// assert_eq!(rule, expected);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct VoteSettings {
    /// A network counts if it has at most this many edges more than the best of its trial. Default: 1.
    /// (`docs/vote-study.md` explains the defaults.)
    pub near: usize,
    /// The weight of a network is multiplied by this for each edge more than the best of its trial. Above 0 and at most
    /// 1, which is the default: all networks that count weigh the same.
    pub decay: f64,
    /// What the vote of a trial is spread over. Default: walks.
    pub spread: Spread,
    /// A trial takes part if its best network has at most this many times the edges of the sparsest trial of the same
    /// depth; 1 or more. Default: `None`, all trials take part.
    pub sparsest_within: Option<f64>,
    /// How trials are weighted. Default: every trial the same.
    pub weighting: Weighting,
    /// Whether structures differ if their modules differ in the number of layers. Default: no, because that number
    /// depends on the depth of the network.
    pub layers: bool,
    /// How certificates count. Default: certified structures of several modules are preferred.
    pub certificates: CertificateRule,
    /// A structure ties with the first if it has less than this many votes fewer; 0 or more. Default: 0.5.
    pub tie_margin: f64,
    /// It also ties if the lead of the first is less than this many standard errors of the lead; 0 or more. The lead
    /// `a - b` of two structures with `a` and `b` votes from `n` trials has the variance `a + b - (a - b)^2 / n`.
    /// Default: 1.
    pub tie_errors: f64,
    /// The confidence level of the intervals of shares; above 0 and below 1. Default: 0.95.
    pub confidence: f64,
}

/// What the vote of a trial is spread over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spread {
    /// The walks that count, equally: a network that many walks end in weighs more.
    #[default]
    Walks,
    /// The different networks they end in, equally.
    Networks,
    /// The different structures of these networks, equally.
    Structures,
}

/// How trials of different depths and widths are weighted. The weights of all trials add up to their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weighting {
    /// Every trial the same.
    #[default]
    Trials,
    /// Every depth the same, divided equally among its trials.
    Depths,
    /// Every architecture the same, divided equally among its trials.
    Architectures,
}

/// How certificates count in the vote. They come from the truth table, which is the data of the task, not its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateRule {
    /// Not at all.
    Ignore,
    /// If any of a trial's structures is certified, only certified ones count.
    Prefer,
    /// As `Prefer`, but ignoring certificates of structures of a single module, which claim nothing and always hold.
    #[default]
    PreferSeveral,
    /// Only certified structures count. A trial without any does not take part.
    Require,
}

/// A setting is out of range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the vote's {name} is {value}; it must be {range}")]
pub struct VoteSettingsError {
    /// The setting, such as `tie-margin`.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// The allowed range, in words.
    pub range: &'static str,
}

/// Why a text is not a rule of the vote.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VoteRuleError {
    /// A part is not `name=value`.
    #[error("`{0}` is not a setting of the vote; write settings such as near=1,decay=0.25,spread=networks")]
    NotASetting(String),
    /// An unknown setting, or a value of the wrong type.
    #[error("wrong setting of the vote: {0}")]
    Unknown(String),
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] VoteSettingsError),
}

impl FromStr for VoteSettings {
    type Err = VoteRuleError;

    /// Parses settings such as `near=1,decay=0.25,spread=networks`. The others have their defaults.
    fn from_str(text: &str) -> Result<Self, VoteRuleError> {
        let mut settings = Map::new();
        for setting in text.split(',').map(str::trim).filter(|setting| !setting.is_empty()) {
            let parts = setting.split_once('=').ok_or_else(|| VoteRuleError::NotASetting(setting.to_owned()))?;
            let (name, value) = (parts.0.trim(), parts.1.trim());
            // Numbers, `true` and `false` are JSON; anything else is a word.
            let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
            settings.insert(name.to_owned(), value);
        }
        let read: Self = serde_json::from_value(Value::Object(settings))
            .map_err(|error| VoteRuleError::Unknown(error.to_string()))?;
        Ok(read.checked()?)
    }
}

impl Default for VoteSettings {
    fn default() -> Self {
        Self {
            near: 1,
            decay: 1.0,
            spread: Spread::default(),
            sparsest_within: None,
            weighting: Weighting::default(),
            layers: false,
            certificates: CertificateRule::default(),
            tie_margin: 0.5,
            tie_errors: 1.0,
            confidence: CONFIDENCE,
        }
    }
}

impl VoteSettings {
    /// Checks that all numbers are in range.
    ///
    /// # Errors
    /// The first setting that is out of range.
    pub fn checked(self) -> Result<Self, VoteSettingsError> {
        let within = self.sparsest_within.unwrap_or(1.0);
        let rules = [
            ("decay", self.decay, self.decay > 0.0 && self.decay <= 1.0, "above 0 and at most 1"),
            ("sparsest-within", within, within >= 1.0, "1 or more, such as 1.5"),
            ("tie-margin", self.tie_margin, self.tie_margin >= 0.0, "a number of votes, 0 or more"),
            ("tie-errors", self.tie_errors, self.tie_errors >= 0.0, "a number of standard errors, 0 or more"),
            ("confidence", self.confidence, self.confidence > 0.0 && self.confidence < 1.0, "above 0 and below 1"),
        ];
        match rules.into_iter().find(|(_, value, in_range, _)| !in_range || !value.is_finite()) {
            Some((name, value, _, range)) => Err(VoteSettingsError { name, value, range }),
            None => Ok(self),
        }
    }
}
