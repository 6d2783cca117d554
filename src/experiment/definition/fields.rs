//! A table of the file, taken apart key by key, so that whatever is wrong has its line.

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

/// Something wrong, and the byte of the file that it is at.
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

/// A key of the file, and what must stand behind it.
pub(super) struct Form {
    pub(super) key: &'static str,
    pub(super) form: &'static str,
}

/// The keys of a table that nobody has taken yet.
pub(super) struct Fields<'i> {
    entries: Vec<Entry<'i>>,
    forms: &'static [&'static [Form]],
    /// What the table is called in messages.
    name: &'static str,
    /// The byte that the table begins at.
    pub(super) at: usize,
}

struct Entry<'i> {
    key: String,
    at: usize,
    value: Spanned<DeValue<'i>>,
}

/// A value and the byte of its key.
#[derive(Debug)]
pub(super) struct At<T> {
    pub(super) at: usize,
    pub(super) value: T,
}

impl<'i> Fields<'i> {
    /// The keys of `table`, which begins at byte `at` and may have those of `forms`.
    pub(super) fn new(table: DeTable<'i>, at: usize, name: &'static str, forms: &'static [&'static [Form]]) -> Self {
        let entry = |(key, value): (Spanned<DeString<'i>>, _)| Entry {
            at: key.span().start,
            key: key.into_inner().into_owned(),
            value,
        };
        Self { entries: table.into_iter().map(entry).collect(), forms, name, at }
    }

    /// Keys may be written with hyphens, as options of the command are.
    pub(super) fn hyphens_are_underscores(&mut self) {
        self.entries.iter_mut().for_each(|entry| entry.key = entry.key.replace('-', "_"));
    }

    fn known(&self) -> impl Iterator<Item = &'static Form> + use<> {
        let forms = self.forms;
        forms.iter().copied().flatten()
    }

    /// Takes the value of `key` as it stands.
    pub(super) fn take_raw(&mut self, key: &str) -> Option<At<Spanned<DeValue<'i>>>> {
        let place = self.entries.iter().position(|entry| entry.key == key)?;
        let Entry { at, value, .. } = self.entries.swap_remove(place);
        Some(At { at, value })
    }

    /// Takes the value of `key`, if there is one, as a `T` that `accept` makes something of.
    pub(super) fn take<T: Deserialize<'i>, U>(
        &mut self,
        key: &str,
        accept: impl FnOnce(T) -> Option<U>,
    ) -> Read<Option<At<U>>> {
        self.take_or_tell(key, |value| accept(value).ok_or_else(String::new))
    }

    /// As [`Self::take`]; what `accept` says is wrong is told after the form that the value must have.
    pub(super) fn take_or_tell<T: Deserialize<'i>, U>(
        &mut self,
        key: &str,
        accept: impl FnOnce(T) -> Result<U, String>,
    ) -> Read<Option<At<U>>> {
        let Some(At { at, value }) = self.take_raw(key) else { return Ok(None) };
        let read = T::deserialize(ValueDeserializer::from(value)).map_err(|_| String::new()).and_then(accept);
        read.map(|value| Some(At { at, value })).map_err(|more| Wrong::new(at, self.must_be(key, &more)))
    }

    /// `key` must have this form.
    fn must_be(&self, key: &str, more: &str) -> String {
        let form = self.known().find(|known| known.key == key).map_or("", |known| known.form);
        let more = if more.is_empty() { String::new() } else { format!("; {more}") };
        format!("`{key}` must be {form}{more}")
    }

    /// The first key of the file that nobody has taken is none that there is.
    pub(super) fn nothing_left(self) -> Read<()> {
        let Some(first) = self.entries.iter().min_by_key(|entry| entry.at) else { return Ok(()) };
        let start: String = first.key.chars().take(64).collect();
        let near = self.known().map(|known| (strsim::levenshtein(&start, known.key), known.key)).min();
        let remedy = match near {
            Some((1..=2, key)) => format!("did you mean `{key}`?"),
            _ => format!("it may have {}", self.known().map(|known| known.key).collect::<Vec<_>>().join(", ")),
        };
        let told: String = first.key.chars().take(40).flat_map(char::escape_debug).collect();
        Err(Wrong::new(first.at, format!("there is no setting `{told}` in {}; {remedy}", self.name)))
    }
}
