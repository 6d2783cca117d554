//! What can be chosen about the vote.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::analysis::interval::CONFIDENCE;

/// The rule of the vote. Nothing in it looks at true modules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct VoteSettings {
    /// A network of a trial counts if it has at most so many edges more than the trial's best. Default 1
    /// (`docs/vote-study.md` has why, of this and the others).
    pub near: usize,
    /// The weight of a network is multiplied by this for each edge more than the trial's best, above 0 and at most 1.
    /// Default 1: all that count count the same.
    pub decay: f64,
    /// What a trial's vote is spread over. Default: walks.
    pub spread: Spread,
    /// A trial takes part if its best network has at most this many times the edges of the sparsest trial of the same
    /// depth, 1 and up. Default `None`: all take part, however much denser.
    pub sparsest_within: Option<f64>,
    /// Which trials weigh as much as which. Default: every trial the same.
    pub weighting: Weighting,
    /// Do modules that have units in another number of layers make another structure? Default: no, for that depends on
    /// the depth of the network.
    pub layers: bool,
    /// What certificates do. Default: certified structures of several modules are preferred.
    pub certificates: CertificateRule,
    /// Structures tie with the first if they have less than this many votes of trials less, 0 and up. Default 0.5: a
    /// lead that half a trial could turn round is no lead.
    pub tie_margin: f64,
    /// And if they have less than this many standard errors of the lead less, 0 and up. The lead `a - b` of two structures
    /// with votes `a` and `b` of `n` trials has the variance `a + b - (a - b)^2 / n`. Default 1: a lead that
    /// is no greater than its own error is no lead.
    pub tie_errors: f64,
    /// The confidence of intervals for shares, above 0 and below 1. Default 0.95.
    pub confidence: f64,
}

/// What the vote of a trial is spread over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spread {
    /// The walks that count, each the same: a network that many walks end at weighs more.
    #[default]
    Walks,
    /// The different networks that they end at, each the same.
    Networks,
    /// The different structures that are found in these, each the same.
    Structures,
}

/// How much trials weigh that differ in more than the seed. The weights of all trials add up to their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weighting {
    /// Every trial the same.
    #[default]
    Trials,
    /// Every depth the same, its trials the same among each other.
    Depths,
    /// Every architecture the same, its trials the same among each other.
    Architectures,
}

/// What certificates do in the vote. They come from the truth table, which is the task's data and not its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateRule {
    /// Nothing.
    Ignore,
    /// In a trial with a certified structure among those that count, only certified ones do.
    Prefer,
    /// As with `prefer`, but a structure of one module, which claims nothing and is always certified, is not preferred.
    #[default]
    PreferSeveral,
    /// Only certified structures count; a trial without any does not take part.
    Require,
}

/// Why a rule makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the vote's {name} is {value}; it must be {range}")]
pub struct VoteSettingsError {
    /// The setting, as in `tie-margin`.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// Its range in words.
    pub range: &'static str,
}

/// Why a text is no rule.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VoteRuleError {
    /// Something is not `name=value`.
    #[error("`{0}` is no setting of the vote; settings are as in near=1,decay=0.25,spread=networks")]
    NotASetting(String),
    /// A setting that there is not, or a value of the wrong kind.
    #[error("no rule of the vote: {0}")]
    Unknown(String),
    /// A number out of its range.
    #[error(transparent)]
    OutOfRange(#[from] VoteSettingsError),
}

impl FromStr for VoteSettings {
    type Err = VoteRuleError;

    /// Reads settings as in `near=1,decay=0.25,spread=networks`; those that are not given are the default ones.
    fn from_str(text: &str) -> Result<Self, VoteRuleError> {
        let mut settings = Map::new();
        for setting in text.split(',').map(str::trim).filter(|setting| !setting.is_empty()) {
            let parts = setting.split_once('=').ok_or_else(|| VoteRuleError::NotASetting(setting.to_owned()))?;
            let (name, value) = (parts.0.trim(), parts.1.trim());
            // Numbers, `true` and `false` are written as in JSON, all else is a word.
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
    /// The settings themselves, if every number is in its range.
    ///
    /// # Errors
    /// The first that is not.
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
