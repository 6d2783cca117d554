//! Pickles as `torch.save` writes them, interpreted without running any code.
//!
//! A pickle is a program for a small stack machine. The instructions that build numbers, texts, tuples, lists and
//! dictionaries are supported, and calls of the functions that rebuild tensors. Of any other call only the name of the
//! function is kept. Objects are in one list and refer to each other by index; they are never copied, so memory is
//! proportional to the length of the pickle (a few hundred bytes per byte at most), however objects are nested or
//! shared.

use std::collections::HashMap;

/// The index of an object in [`Pickle::objects`].
pub(super) type ObjectIndex = usize;

/// An object that a pickle builds.
#[derive(Debug)]
pub(super) enum Object {
    /// `None`, a truth value, or another value that is not needed.
    Other,
    Int(i64),
    /// At most [`MAX_TEXT`] bytes; longer texts are not needed.
    Text(String),
    Tuple(Vec<ObjectIndex>),
    List(Vec<ObjectIndex>),
    Dict(Vec<(ObjectIndex, ObjectIndex)>),
    /// A class or function, `module.name`.
    Global(String),
    /// The result of calling the class or function at this index.
    Made(ObjectIndex),
    Storage(Storage),
    Tensor(TensorView),
}

/// Numbers in an entry of the archive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Storage {
    /// The class, which gives the number type, such as `torch.FloatStorage`.
    pub class: ObjectIndex,
    /// The entry's name under `data/`.
    pub key: ObjectIndex,
}

/// A view of a storage: its number `[i, j]` is number `offset + i * strides[0] + j * strides[1]` of the storage.
#[derive(Debug)]
pub(super) struct TensorView {
    pub storage: Storage,
    pub offset: usize,
    pub shape: Vec<usize>,
    pub strides: Vec<usize>,
}

/// All objects of a pickle, and the index of its result.
pub(super) struct Pickle {
    pub objects: Vec<Object>,
    pub root: ObjectIndex,
}

impl Pickle {
    /// The name of the class or function at `index`.
    pub(super) fn global(&self, index: ObjectIndex) -> &str {
        if let Object::Global(name) = &self.objects[index] { name } else { "?" }
    }
}

/// The longest text that is kept and the longest name of a class or function, in bytes.
const MAX_TEXT: usize = 255;

/// The most dimensions of a tensor.
const MAX_DIMENSIONS: usize = 64;

/// Interprets a pickle.
///
/// # Errors
/// A clause for a message: incomplete, an instruction that `torch.save` does not write, or missing operands.
pub(super) fn read(bytes: &[u8]) -> Result<Pickle, String> {
    let mut machine = Machine { rest: bytes, ..Machine::default() };
    loop {
        match machine.step() {
            Ok(None) => {}
            Ok(Some(root)) => return Ok(Pickle { objects: machine.objects, root }),
            Err(Wrong::Damaged) => return Err("its data.pkl is damaged".to_owned()),
            Err(Wrong::Unsupported(what)) => return Err(what),
        }
    }
}

/// Why an instruction cannot be carried out.
enum Wrong {
    /// Bytes or operands are missing or have the wrong type.
    Damaged,
    /// A clause for a message.
    Unsupported(String),
}

type Step<T> = Result<T, Wrong>;

#[derive(Default)]
struct Machine<'a> {
    rest: &'a [u8],
    objects: Vec<Object>,
    stack: Vec<ObjectIndex>,
    /// The height of the stack at each open mark.
    marks: Vec<usize>,
    memo: HashMap<u32, ObjectIndex>,
}

impl Machine<'_> {
    /// Carries out one instruction; the last one returns the result.
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
                return Err(Wrong::Unsupported(format!("its data.pkl has the unsupported instruction {code:#04x}")));
            }
        }
        Ok(None)
    }

    fn bytes<const N: usize>(&mut self) -> Step<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Wrong::Damaged)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn take(&mut self, length: u64) -> Step<&[u8]> {
        let length = usize::try_from(length).map_err(|_| Wrong::Damaged)?;
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Wrong::Damaged)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// The text up to the end of its line.
    fn line(&mut self) -> Step<String> {
        let length = self.rest.iter().take(MAX_TEXT + 1).position(|&byte| byte == b'\n').ok_or(Wrong::Damaged)?;
        let line = String::from_utf8_lossy(&self.rest[..length]).into_owned();
        self.rest = &self.rest[length + 1..];
        Ok(line)
    }

    fn push(&mut self, object: Object) {
        self.stack.push(self.objects.len());
        self.objects.push(object);
    }

    /// Pops the top of the stack, which must be above the last mark.
    fn pop(&mut self) -> Step<ObjectIndex> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() > floor { self.stack.pop().ok_or(Wrong::Damaged) } else { Err(Wrong::Damaged) }
    }

    /// Pops everything above the last mark.
    fn pop_to_mark(&mut self) -> Step<Vec<ObjectIndex>> {
        let floor = self.marks.pop().ok_or(Wrong::Damaged)?;
        Ok(self.stack.split_off(floor))
    }

    /// Stores the top of the stack in the memo, or pushes an object from there.
    fn memoize(&mut self, code: u8) -> Step<()> {
        let index = match code {
            b'q' | b'h' => u32::from(self.bytes::<1>()?[0]),
            b'r' | b'j' => u32::from_le_bytes(self.bytes()?),
            _ => u32::try_from(self.memo.len()).map_err(|_| Wrong::Damaged)?,
        };
        if matches!(code, b'h' | b'j') {
            self.stack.push(*self.memo.get(&index).ok_or(Wrong::Damaged)?);
        } else {
            self.memo.insert(index, *self.stack.last().ok_or(Wrong::Damaged)?);
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

    /// An integer of up to 255 bytes. Those of more than 64 bits cannot be sizes.
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
                    _ => return Err(Wrong::Damaged),
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

    /// A length, written in one byte if `short`, otherwise in `width` bytes.
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

    /// Appends members to the list or set, or entries to the dictionary, below them on the stack.
    fn fill(&mut self, code: u8) -> Step<()> {
        let members = match code {
            b'a' => vec![self.pop()?],
            b's' => {
                let value = self.pop()?;
                vec![self.pop()?, value]
            }
            _ => self.pop_to_mark()?,
        };
        let &index = self.stack.last().ok_or(Wrong::Damaged)?;
        match (&mut self.objects[index], code) {
            (Object::List(list), b'a' | b'e' | 0x90) => list.extend(members),
            (Object::Dict(entries), b's' | b'u') if members.len().is_multiple_of(2) => {
                entries.extend(members.as_chunks().0.iter().map(|&[key, value]| (key, value)));
            }
            // An object whose contents are not needed.
            (Object::Made(_), _) => {}
            _ => return Err(Wrong::Damaged),
        }
        Ok(())
    }

    /// Calls, object states and persistent ids.
    fn call(&mut self, code: u8) -> Step<()> {
        if code == b'b' {
            // The state of a state dict holds only the versions of PyTorch's modules.
            self.pop()?;
            return Ok(());
        }
        let arguments = self.pop()?;
        let Object::Tuple(members) = &self.objects[arguments] else { return Err(Wrong::Damaged) };
        if code == b'Q' {
            let storage = self.storage(members)?;
            self.push(Object::Storage(storage));
            return Ok(());
        }
        let made = self.pop()?;
        let Object::Tuple(members) = &self.objects[arguments] else { return Err(Wrong::Damaged) };
        let Object::Global(function) = &self.objects[made] else { return Err(Wrong::Damaged) };
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
        let &[_, class, key, ..] = id else { return Err(Wrong::Damaged) };
        match (&self.objects[class], &self.objects[key]) {
            (Object::Global(_), Object::Text(_)) => Ok(Storage { class, key }),
            _ => Err(Wrong::Damaged),
        }
    }

    /// `(storage, offset, shape, strides, ..)`.
    fn tensor(&self, arguments: &[ObjectIndex]) -> Step<TensorView> {
        let &[storage, offset, shape, strides, ..] = arguments else { return Err(Wrong::Damaged) };
        let Object::Storage(storage) = self.objects[storage] else { return Err(Wrong::Damaged) };
        let (shape, strides) = (self.sizes(shape)?, self.sizes(strides)?);
        if shape.len() != strides.len() {
            return Err(Wrong::Damaged);
        }
        Ok(TensorView { storage, offset: self.size(offset)?, shape, strides })
    }

    fn sizes(&self, tuple: ObjectIndex) -> Step<Vec<usize>> {
        let Object::Tuple(members) = &self.objects[tuple] else { return Err(Wrong::Damaged) };
        if members.len() > MAX_DIMENSIONS {
            return Err(Wrong::Unsupported(format!("a tensor has more than {MAX_DIMENSIONS} dimensions")));
        }
        members.iter().map(|&member| self.size(member)).collect()
    }

    fn size(&self, index: ObjectIndex) -> Step<usize> {
        match self.objects[index] {
            Object::Int(size) => usize::try_from(size).map_err(|_| Wrong::Damaged),
            _ => Err(Wrong::Damaged),
        }
    }
}
