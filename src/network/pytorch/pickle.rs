//! Pickles as `torch.save` writes them, without running them.
//!
//! A pickle is a program for a small stack machine. Of its instructions those are followed that make numbers, texts,
//! tuples, lists and dictionaries; of the functions it may call those that rebuild tensors. Any other call is kept as
//! the mere name of its function. Objects live in one list, refer to each other by place and are never copied, so that
//! neither nesting nor sharing costs more than the pickle is long: at most a few hundred bytes of memory for each of
//! its own.

use std::collections::HashMap;

/// The index of an object in [`Pickle::objects`].
pub(super) type ObjectIndex = usize;

/// What a pickle makes.
#[derive(Debug)]
pub(super) enum Object {
    /// A number or truth value that is of no interest, or nothing.
    Other,
    Int(i64),
    /// At most [`MAX_TEXT`] bytes; longer texts are of no interest.
    Text(String),
    Tuple(Vec<ObjectIndex>),
    List(Vec<ObjectIndex>),
    Dict(Vec<(ObjectIndex, ObjectIndex)>),
    /// A class or function, `module.name`.
    Global(String),
    /// What calling the class or function at this place would give.
    Made(ObjectIndex),
    Storage(Storage),
    Tensor(TensorView),
}

/// Numbers in an entry of the archive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Storage {
    /// The class that tells their type, such as `torch.FloatStorage`.
    pub class: ObjectIndex,
    /// The entry's name under `data/`.
    pub key: ObjectIndex,
}

/// A view of a storage: number `[i, j]` is number `offset + i * strides[0] + j * strides[1]` of it.
#[derive(Debug)]
pub(super) struct TensorView {
    pub storage: Storage,
    pub offset: usize,
    pub shape: Vec<usize>,
    pub strides: Vec<usize>,
}

/// What a pickle has made, and the last of it.
pub(super) struct Pickle {
    pub objects: Vec<Object>,
    pub root: ObjectIndex,
}

impl Pickle {
    /// The name of the class or function at `place`.
    pub(super) fn global(&self, index: ObjectIndex) -> &str {
        if let Object::Global(name) = &self.objects[index] { name } else { "?" }
    }
}

/// The longest text that is kept, and the longest name of a class or function, in bytes.
const MAX_TEXT: usize = 255;

/// The most dimensions of a tensor.
const MAX_DIMENSIONS: usize = 64;

/// Follows a pickle.
///
/// # Errors
/// A sentence's part: cut short, an instruction that `torch.save` does not write, or one without its operands.
pub(super) fn read(bytes: &[u8]) -> Result<Pickle, String> {
    let mut machine = Machine { rest: bytes, ..Machine::default() };
    loop {
        match machine.step() {
            Ok(None) => {}
            Ok(Some(root)) => return Ok(Pickle { objects: machine.objects, root }),
            Err(Wrong::Torn) => return Err("its data.pkl is torn".to_owned()),
            Err(Wrong::Unsupported(what)) => return Err(what),
        }
    }
}

/// Why a step cannot be made.
enum Wrong {
    /// Bytes or operands are missing, or of the wrong kind.
    Torn,
    Unsupported(String),
}

type Step<T> = Result<T, Wrong>;

#[derive(Default)]
struct Machine<'a> {
    rest: &'a [u8],
    objects: Vec<Object>,
    stack: Vec<ObjectIndex>,
    /// Heights of the stack at the open marks.
    marks: Vec<usize>,
    memo: HashMap<u32, ObjectIndex>,
}

impl Machine<'_> {
    /// One instruction; the root at the end.
    fn step(&mut self) -> Step<Option<ObjectIndex>> {
        let [code] = self.bytes()?;
        match code {
            b'.' => return self.pop().map(Some),
            b'(' => self.marks.push(self.stack.len()),
            0x80 => drop(self.bytes::<1>()?),
            0x95 => drop(self.bytes::<8>()?),
            b'0' => drop(self.pop()?),
            b'q' | b'r' | 0x94 | b'h' | b'j' => self.memoize(code)?,
            b'N' | 0x88 | 0x89 | b'G' | b'K' | b'M' | b'J' | 0x8a => self.number(code)?,
            b'X' | 0x8c | 0x8d | b'c' | 0x93 | b'B' | b'C' => self.text(code)?,
            b')' | b't' | 0x85..=0x87 => self.tuple(code)?,
            b']' | 0x8f | b'}' => self.empty(code),
            b'a' | b'e' | 0x90 | b's' | b'u' => self.fill(code)?,
            b'R' | 0x81 | b'b' | b'Q' => self.call(code)?,
            _ => {
                return Err(Wrong::Unsupported(format!(
                    "its data.pkl has instruction {code:#04x}, which state dicts do not"
                )));
            }
        }
        Ok(None)
    }

    fn bytes<const N: usize>(&mut self) -> Step<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Wrong::Torn)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn take(&mut self, length: u64) -> Step<&[u8]> {
        let length = usize::try_from(length).map_err(|_| Wrong::Torn)?;
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Wrong::Torn)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// The text up to the end of the line.
    fn line(&mut self) -> Step<String> {
        let length = self.rest.iter().take(MAX_TEXT + 1).position(|&byte| byte == b'\n').ok_or(Wrong::Torn)?;
        let line = String::from_utf8_lossy(&self.rest[..length]).into_owned();
        self.rest = &self.rest[length + 1..];
        Ok(line)
    }

    fn push(&mut self, object: Object) {
        self.stack.push(self.objects.len());
        self.objects.push(object);
    }

    /// Takes the top of the stack, which must be above the last mark.
    fn pop(&mut self) -> Step<ObjectIndex> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() > floor { self.stack.pop().ok_or(Wrong::Torn) } else { Err(Wrong::Torn) }
    }

    /// All above the last mark.
    fn pop_to_mark(&mut self) -> Step<Vec<ObjectIndex>> {
        let floor = self.marks.pop().ok_or(Wrong::Torn)?;
        Ok(self.stack.split_off(floor))
    }

    /// Puts the top of the stack into the memo, or pushes what is in there.
    fn memoize(&mut self, code: u8) -> Step<()> {
        let index = match code {
            b'q' | b'h' => u32::from(self.bytes::<1>()?[0]),
            b'r' | b'j' => u32::from_le_bytes(self.bytes()?),
            _ => u32::try_from(self.memo.len()).map_err(|_| Wrong::Torn)?,
        };
        if matches!(code, b'h' | b'j') {
            self.stack.push(*self.memo.get(&index).ok_or(Wrong::Torn)?);
        } else {
            self.memo.insert(index, *self.stack.last().ok_or(Wrong::Torn)?);
        }
        Ok(())
    }

    fn number(&mut self, code: u8) -> Step<()> {
        let object = match code {
            b'K' => Object::Int(i64::from(self.bytes::<1>()?[0])),
            b'M' => Object::Int(i64::from(u16::from_le_bytes(self.bytes()?))),
            b'J' => Object::Int(i64::from(i32::from_le_bytes(self.bytes()?))),
            0x8a => self.long()?,
            b'G' => self.bytes::<8>().map(|_| Object::Other)?,
            _ => Object::Other,
        };
        self.push(object);
        Ok(())
    }

    /// A whole number of up to 255 bytes; those beyond 64 bits are no sizes.
    fn long(&mut self) -> Step<Object> {
        let [length] = self.bytes()?;
        let bytes = self.take(u64::from(length))?;
        if bytes.len() > 8 {
            return Ok(Object::Other);
        }
        let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
        let mut wide = [if negative { 0xff } else { 0 }; 8];
        wide[..bytes.len()].copy_from_slice(bytes);
        Ok(Object::Int(i64::from_le_bytes(wide)))
    }

    fn text(&mut self, code: u8) -> Step<()> {
        let object = match code {
            b'c' => Object::Global(format!("{}.{}", self.line()?, self.line()?)),
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                match (&self.objects[name], &self.objects[module]) {
                    (Object::Text(name), Object::Text(module)) => Object::Global(format!("{module}.{name}")),
                    _ => return Err(Wrong::Torn),
                }
            }
            b'B' | b'C' => {
                let length = self.length(code == b'C', 4)?;
                self.take(length).map(|_| Object::Other)?
            }
            _ => {
                let length = self.length(code == 0x8c, if code == 0x8d { 8 } else { 4 })?;
                let text = self.take(length)?;
                if text.len() > MAX_TEXT {
                    Object::Other
                } else {
                    Object::Text(String::from_utf8_lossy(text).into_owned())
                }
            }
        };
        self.push(object);
        Ok(())
    }

    /// A length of one byte if `short`, else of `width` bytes.
    fn length(&mut self, short: bool, width: usize) -> Step<u64> {
        let mut wide = [0; 8];
        let width = if short { 1 } else { width };
        wide[..width].copy_from_slice(self.take(width as u64)?);
        Ok(u64::from_le_bytes(wide))
    }

    fn tuple(&mut self, code: u8) -> Step<()> {
        let members = match code {
            b')' => Vec::new(),
            b't' => self.pop_to_mark()?,
            _ => {
                let mut members = (0x85..=code).map(|_| self.pop()).collect::<Step<Vec<_>>>()?;
                members.reverse();
                members
            }
        };
        self.push(Object::Tuple(members));
        Ok(())
    }

    fn empty(&mut self, code: u8) {
        self.push(if code == b'}' { Object::Dict(Vec::new()) } else { Object::List(Vec::new()) });
    }

    /// Appends members to a list or set, or entries to a dictionary, that lies under them.
    fn fill(&mut self, code: u8) -> Step<()> {
        let members = match code {
            b'a' => vec![self.pop()?],
            b's' => {
                let value = self.pop()?;
                vec![self.pop()?, value]
            }
            _ => self.pop_to_mark()?,
        };
        let &index = self.stack.last().ok_or(Wrong::Torn)?;
        match (&mut self.objects[index], code) {
            (Object::List(list), b'a' | b'e' | 0x90) => list.extend(members),
            (Object::Dict(entries), b's' | b'u') if members.len().is_multiple_of(2) => {
                entries.extend(members.as_chunks().0.iter().map(|&[key, value]| (key, value)));
            }
            // Entries of an object that is not followed.
            (Object::Made(_), _) => {}
            _ => return Err(Wrong::Torn),
        }
        Ok(())
    }

    /// Calls, states and persistent ids.
    fn call(&mut self, code: u8) -> Step<()> {
        if code == b'b' {
            // The state of a dictionary is what PyTorch notes about modules' versions.
            self.pop()?;
            return Ok(());
        }
        let arguments = self.pop()?;
        let Object::Tuple(members) = &self.objects[arguments] else { return Err(Wrong::Torn) };
        if code == b'Q' {
            let storage = self.storage(members)?;
            self.push(Object::Storage(storage));
            return Ok(());
        }
        let made = self.pop()?;
        let Object::Tuple(members) = &self.objects[arguments] else { return Err(Wrong::Torn) };
        let Object::Global(function) = &self.objects[made] else { return Err(Wrong::Torn) };
        let object = match (function.as_str(), &members[..]) {
            ("torch._utils._rebuild_parameter", &[data, ..]) => {
                self.stack.push(data);
                return Ok(());
            }
            ("torch._utils._rebuild_tensor" | "torch._utils._rebuild_tensor_v2", members) => {
                Object::Tensor(self.tensor(members)?)
            }
            ("collections.OrderedDict", []) => Object::Dict(Vec::new()),
            _ => Object::Made(made),
        };
        self.push(object);
        Ok(())
    }

    /// `("storage", class, key, device, count)`.
    fn storage(&self, id: &[ObjectIndex]) -> Step<Storage> {
        let &[_, class, key, ..] = id else { return Err(Wrong::Torn) };
        match (&self.objects[class], &self.objects[key]) {
            (Object::Global(_), Object::Text(_)) => Ok(Storage { class, key }),
            _ => Err(Wrong::Torn),
        }
    }

    /// `(storage, offset, shape, strides, ..)`.
    fn tensor(&self, arguments: &[ObjectIndex]) -> Step<TensorView> {
        let &[storage, offset, shape, strides, ..] = arguments else { return Err(Wrong::Torn) };
        let Object::Storage(storage) = self.objects[storage] else { return Err(Wrong::Torn) };
        let (shape, strides) = (self.sizes(shape)?, self.sizes(strides)?);
        if shape.len() != strides.len() {
            return Err(Wrong::Torn);
        }
        Ok(TensorView { storage, offset: self.size(offset)?, shape, strides })
    }

    fn sizes(&self, tuple: ObjectIndex) -> Step<Vec<usize>> {
        let Object::Tuple(members) = &self.objects[tuple] else { return Err(Wrong::Torn) };
        if members.len() > MAX_DIMENSIONS {
            return Err(Wrong::Unsupported(format!("a tensor has more than {MAX_DIMENSIONS} dimensions")));
        }
        members.iter().map(|&member| self.size(member)).collect()
    }

    fn size(&self, index: ObjectIndex) -> Step<usize> {
        match self.objects[index] {
            Object::Int(size) => usize::try_from(size).map_err(|_| Wrong::Torn),
            _ => Err(Wrong::Torn),
        }
    }
}
