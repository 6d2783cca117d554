//! Reading a table of the file key by key, so that every error has its line.

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

/// An error, and its position in the file in bytes.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) at: usize,
    pub(super) message: String,
}

impl Wrong {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

pub(super) type Read<T> = Result<T, Wrong>;

/// A key of the file, and the form that its value must have.
pub(super) struct Form {
    pub(super) key: &'static str,
    pub(super) form: &'static str,
}

/// The keys of a table that have not been read yet.
pub(super) struct Fields<'i> {
    entries: Vec<Entry<'i>>,
    forms: &'static [&'static [Form]],
    /// The table's name in messages.
    name: &'static str,
    /// The position of the table in the file in bytes.
    pub(super) at: usize,
}

struct Entry<'i> {
    key: String,
    at: usize,
    value: Spanned<DeValue<'i>>,
}

/// A value, and the position of its key in the file in bytes.
#[derive(Debug)]
pub(super) struct At<T> {
    pub(super) at: usize,
    pub(super) value: T,
}

impl<'i> Fields<'i> {
    /// The keys of `table` at byte `at`, which can be those in `forms`.
    pub(super) fn new(table: DeTable<'i>, at: usize, name: &'static str, forms: &'static [&'static [Form]]) -> Self {
        let entry = |(key, value): (Spanned<DeString<'i>>, _)| Entry {
            at: key.span().start,
            key: key.into_inner().into_owned(),
            value,
        };
        Self { entries: table.into_iter().map(entry).collect(), forms, name, at }
    }

    /// Accepts keys written with hyphens, like the options of the command.
    pub(super) fn hyphens_are_underscores(&mut self) {
        self.entries.iter_mut().for_each(|entry| entry.key = entry.key.replace('-', "_"));
    }

    fn known(&self) -> impl Iterator<Item = &'static Form> + use<> {
        let forms = self.forms;
        forms.iter().copied().flatten()
    }

    /// Takes the unparsed value of `key`, if there is one.
    pub(super) fn take_raw(&mut self, key: &str) -> Option<At<Spanned<DeValue<'i>>>> {
        let place = self.entries.iter().position(|entry| entry.key == key)?;
        let Entry { at, value, .. } = self.entries.swap_remove(place);
        Some(At { at, value })
    }

    /// Takes the value of `key`, if there is one: a `T` that `accept` converts or rejects.
    pub(super) fn take<T: Deserialize<'i>, U>(
        &mut self,
        key: &str,
        accept: impl FnOnce(T) -> Option<U>,
    ) -> Read<Option<At<U>>> {
        self.take_or_explain(key, |value| accept(value).ok_or_else(String::new))
    }

    /// Like [`Self::take`]; the error that `accept` returns is added to the message.
    pub(super) fn take_or_explain<T: Deserialize<'i>, U>(
        &mut self,
        key: &str,
        accept: impl FnOnce(T) -> Result<U, String>,
    ) -> Read<Option<At<U>>> {
        let Some(At { at, value }) = self.take_raw(key) else { return Ok(None) };
        let read = T::deserialize(ValueDeserializer::from(value)).map_err(|_| String::new()).and_then(accept);
        read.map(|value| Some(At { at, value })).map_err(|more| Wrong::new(at, self.must_be(key, &more)))
    }

    /// The message that `key` must have its form, followed by `more`.
    fn must_be(&self, key: &str, more: &str) -> String {
        let form = self.known().find(|known| known.key == key).map_or("", |known| known.form);
        let more = if more.is_empty() { String::new() } else { format!("; {more}") };
        format!("`{key}` must be {form}{more}")
    }

    /// Reports the first unknown key.
    pub(super) fn nothing_left(self) -> Read<()> {
        let Some(first) = self.entries.iter().min_by_key(|entry| entry.at) else { return Ok(()) };
        let start: String = first.key.chars().take(64).collect();
        let near = self.known().map(|known| (strsim::levenshtein(&start, known.key), known.key)).min();
        let remedy = match near {
            Some((1..=2, key)) => format!("did you mean `{key}`?"),
            _ => {
                format!("the settings there are {}", self.known().map(|known| known.key).collect::<Vec<_>>().join(", "))
            }
        };
        let shown: String = first.key.chars().take(40).flat_map(char::escape_debug).collect();
        Err(Wrong::new(first.at, format!("there is no setting `{shown}` in {}; {remedy}", self.name)))
    }
}
