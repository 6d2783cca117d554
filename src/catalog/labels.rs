//! The user's tags and notes on trials.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::atomic::Durability;
use super::{Error, Result, TrialFolder, json};

/// A trial's tags and note (`labels.json`).
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Labels {
    /// The tags, sorted and without duplicates.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The note; empty if there is none.
    #[serde(default)]
    pub note: String,
}

/// A change of tags, written like `fast -slow`: adds `fast`, removes `slow`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TagChange {
    /// Tags to add.
    pub add: Vec<String>,
    /// Tags to remove.
    pub remove: Vec<String>,
}

impl FromStr for TagChange {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut change = Self::default();
        for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
            let (tag, list) = match word.strip_prefix('-') {
                Some(tag) => (tag, &mut change.remove),
                None => (word.strip_prefix('+').unwrap_or(word), &mut change.add),
            };
            if !is_tag(tag) {
                return Err(Error::Tag(tag.to_owned()));
            }
            list.push(tag.to_owned());
        }
        Ok(change)
    }
}

impl TrialFolder {
    /// The trial's tags and note.
    ///
    /// # Errors
    /// The file cannot be read or is damaged.
    pub fn labels(&self) -> Result<Labels> {
        Ok(json::read(&self.file("labels.json"))?.unwrap_or_default())
    }

    /// Adds and removes tags. Returns the labels after the change.
    ///
    /// # Errors
    /// A tag is empty, is longer than 100 characters, or contains spaces, quotes or commas; there is no such trial; or the
    /// file cannot be read or written.
    pub fn tag(&self, add: &[String], remove: &[String]) -> Result<Labels> {
        if let Some(tag) = add.iter().find(|tag| !is_tag(tag)) {
            return Err(Error::Tag(tag.clone()));
        }
        self.change_labels(|labels| {
            labels.tags.extend_from_slice(add);
            labels.tags.retain(|tag| !remove.contains(tag));
            labels.tags.sort();
            labels.tags.dedup();
        })
    }

    /// Replaces the note; an empty text removes it. Returns the labels after the change.
    ///
    /// # Errors
    /// There is no such trial, or the file cannot be read or written.
    pub fn set_note(&self, note: &str) -> Result<Labels> {
        self.change_labels(|labels| note.trim().clone_into(&mut labels.note))
    }

    fn change_labels(&self, change: impl FnOnce(&mut Labels)) -> Result<Labels> {
        self.must_exist()?;
        let mut labels = self.labels()?;
        change(&mut labels);
        json::write(&self.file("labels.json"), &labels, Durability::Synced)?;
        Ok(labels)
    }
}

fn is_tag(text: &str) -> bool {
    let plain = |character: char| !character.is_whitespace() && !character.is_control() && !"\"',".contains(character);
    (1..=100).contains(&text.chars().count()) && text.chars().all(plain)
}
