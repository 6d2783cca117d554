//! Tags and notes that the user puts on trials.

use serde::{Deserialize, Serialize};

use super::atomic::Durability;
use super::{Error, Result, TrialFolder, json};

/// The user's words on a trial (`labels.json`).
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Labels {
    /// Tags, sorted, each once.
    #[serde(default)]
    pub tags: Vec<String>,
    /// A note, empty for none.
    #[serde(default)]
    pub note: String,
}

impl TrialFolder {
    /// The trial's tags and note, none by default.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn labels(&self) -> Result<Labels> {
        Ok(json::read(&self.file("labels.json"))?.unwrap_or_default())
    }

    /// Adds the tags `add`, removes `remove`, and answers with the labels after that.
    ///
    /// # Errors
    /// A tag is empty, longer than 100 characters or has spaces, quotes or commas in it; there is no such trial; or
    /// the file cannot be read or written.
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

    /// Replaces the note; an empty one removes it.
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
