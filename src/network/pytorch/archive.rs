//! Zip archives as PyTorch writes them, with entries that are stored, not compressed.
//!
//! The file is in memory and each entry is a slice of it. A stated size that reaches past the end of the file is an
//! error, so memory is bounded by the file.

use std::collections::BTreeMap;

/// The most entries that are read; a state dict has one per tensor.
const MAX_ENTRIES: usize = 10_000;

/// The longest end of an archive, in bytes: its last record and a comment.
const MAX_TAIL: usize = u16::MAX as usize + END;

/// Lengths of the records in bytes, without names, extra fields and comments.
const END: usize = 22;
const END_64: usize = 56;
const LOCATOR: usize = 20;
const CENTRAL: usize = 46;
const LOCAL: usize = 30;

/// The entries of an archive by name.
pub(super) type Entries<'a> = BTreeMap<String, &'a [u8]>;

/// The entries of an archive.
///
/// # Errors
/// A clause for a message: not a zip archive, incomplete, compressed or encrypted entries, more than 10,000 entries.
pub(super) fn entries(file: &[u8]) -> Result<Entries<'_>, String> {
    let (count, mut at) = directory(file).ok_or("its end with the directory is missing")?;
    if count > MAX_ENTRIES as u64 {
        return Err(format!("it has more than {MAX_ENTRIES} entries"));
    }
    let mut entries = Entries::new();
    for _ in 0..count {
        let header = record(file, at, b"PK\x01\x02", CENTRAL).ok_or("its directory is damaged")?;
        let lengths = [28, 30, 32].map(|field| usize::from(u16_at(header, field)));
        let name = piece(file, at + CENTRAL, lengths[0]).ok_or("its directory is damaged")?;
        let name = String::from_utf8_lossy(name).into_owned();
        let extra = piece(file, at + CENTRAL + lengths[0], lengths[1]).ok_or("its directory is damaged")?;
        if u16_at(header, 10) != 0 || u16_at(header, 8) & 1 != 0 {
            return Err("an entry is compressed or encrypted, unlike those of torch.save".to_owned());
        }
        let data = data(file, header, extra).ok_or_else(|| format!("entry {name:?} is damaged"))?;
        entries.insert(name, data);
        at += CENTRAL + lengths.iter().sum::<usize>();
    }
    Ok(entries)
}

/// The number of entries and the offset of their directory.
fn directory(file: &[u8]) -> Option<(u64, usize)> {
    let first = file.len().checked_sub(END)?;
    let ends = (file.len().saturating_sub(MAX_TAIL)..=first).rev();
    let is_end = |&at: &usize| {
        let end = record(file, at, b"PK\x05\x06", END);
        end.is_some_and(|end| at + END + usize::from(u16_at(end, 20)) == file.len())
    };
    let at = ends.into_iter().find(is_end)?;
    let end = record(file, at, b"PK\x05\x06", END)?;
    let locator = at.checked_sub(LOCATOR).and_then(|at| record(file, at, b"PK\x06\x07", LOCATOR));
    if let Some(locator) = locator {
        let end = record(file, usize::try_from(u64_at(locator, 8)).ok()?, b"PK\x06\x06", END_64)?;
        return Some((u64_at(end, 32), usize::try_from(u64_at(end, 48)).ok()?));
    }
    Some((u64::from(u16_at(end, 10)), usize::try_from(u32_at(end, 16)).ok()?))
}

/// The bytes of an entry, given its directory record and the extra field of that record.
fn data<'a>(file: &'a [u8], header: &[u8], extra: &[u8]) -> Option<&'a [u8]> {
    // Values that do not fit into 32 bits are in the extra field, in this order and only if needed.
    let mut wide = wide_fields(extra);
    let mut field = |at| match u32_at(header, at) {
        u32::MAX => wide.next(),
        narrow => Some(u64::from(narrow)),
    };
    let (size, stored, start) = (field(24)?, field(20)?, field(42)?);
    let (size, start) = (usize::try_from(size).ok()?, usize::try_from(start).ok()?);
    let local = record(file, start, b"PK\x03\x04", LOCAL)?;
    let names = [26, 28].map(|field| usize::from(u16_at(local, field)));
    (stored == size as u64).then(|| piece(file, start + LOCAL + names[0] + names[1], size)).flatten()
}

/// The 64-bit values of an extra field.
fn wide_fields(mut extra: &[u8]) -> impl Iterator<Item = u64> + '_ {
    let mut wide: &[u8] = &[];
    while extra.len() >= 4 && wide.is_empty() {
        let (tag, length) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        let Some(field) = piece(extra, 4, length) else { break };
        if tag == 1 {
            wide = field;
        }
        extra = &extra[4 + length..];
    }
    wide.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The record of `length` bytes at `at`, if it is within the file and starts with `signature`.
fn record<'a>(file: &'a [u8], at: usize, signature: &[u8], length: usize) -> Option<&'a [u8]> {
    piece(file, at, length).filter(|record| record.starts_with(signature))
}

fn piece(file: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    file.get(at..at.checked_add(length)?)
}

/// The number at `at`; the record must be long enough.
fn u16_at(record: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([record[at], record[at + 1]])
}

fn u32_at(record: &[u8], at: usize) -> u32 {
    u32::from(u16_at(record, at)) | u32::from(u16_at(record, at + 2)) << 16
}

fn u64_at(record: &[u8], at: usize) -> u64 {
    u64::from(u32_at(record, at)) | u64::from(u32_at(record, at + 4)) << 32
}
