//! The terminal: taken over, drawn on, and restored, whatever happens.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use ratatui::crossterm::terminal::{
    self, BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
};
use ratatui::crossterm::{cursor, execute, queue};
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use rustix::process::{Signal, getpid, kill_current_process_group, kill_process};

/// Is the terminal taken over?
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Is the mouse captured too?
static MOUSE: AtomicBool = AtomicBool::new(false);

/// A terminal taken over; it is restored on drop and on a panic.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// Standard input or output is not a terminal, or the terminal cannot be set up.
    pub fn take(mouse: bool) -> anyhow::Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            anyhow::bail!(
                "the dashboard needs a terminal; `sculpt run`, `sculpt list` and `sculpt show` work without one"
            );
        }
        restore_on_panic(thread::current().id());
        MOUSE.store(mouse, Ordering::SeqCst);
        enter()?;
        let out = BufWriter::with_capacity(1 << 16, io::stdout());
        match Terminal::new(CrosstermBackend::new(out)) {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                leave();
                Err(error.into())
            }
        }
    }

    /// The number of columns and rows.
    ///
    /// # Errors
    /// The terminal's size is unknown.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Draws what changed; the terminal shows all of it at once.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(draw)?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        self.terminal.backend_mut().flush()
    }

    /// Forgets what is on the terminal, so that the next frame is drawn in full.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn clear(&mut self) -> io::Result<()> {
        // `Terminal::clear` asks for the cursor's position, which not every terminal reports.
        let (width, height) = self.size()?;
        self.terminal.resize(Rect { x: 0, y: 0, width, height })
    }

    /// Copies `text` to the clipboard of the machine that the terminal runs on (OSC 52).
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        write!(out, "\x1b]52;c;{}\x07", base64(text.as_bytes()))?;
        out.flush()
    }

    /// Rings the bell and shows `text` as a notification (OSC 9).
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn ring(&mut self, text: &str) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        write!(out, "\x1b]9;{text}\x07\x07")?;
        out.flush()
    }

    /// Restores the terminal, suspends the process, and takes the terminal over again once continued. Without a shell
    /// that could continue it, the process does not stop.
    ///
    /// # Errors
    /// The terminal cannot be set up.
    pub fn suspend(&mut self) -> io::Result<()> {
        leave();
        // Like the terminal's own ctrl-z, this stops the whole process group.
        kill_current_process_group(Signal::TSTP)?;
        // `Alarm` handles that signal in this process. SIGTTOU has its default action, so it stops the process, and the
        // system ignores it if no shell would notice.
        kill_process(getpid(), Signal::TTOU)?;
        self.resume()
    }

    /// Takes the terminal over again after the process was stopped.
    ///
    /// # Errors
    /// The terminal cannot be set up.
    pub fn resume(&mut self) -> io::Result<()> {
        // After an unexpected stop nothing was restored, and a shell may have changed the terminal's modes.
        let _ = terminal::disable_raw_mode();
        enter()?;
        self.clear()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

fn enter() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    terminal::enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
    if MOUSE.load(Ordering::SeqCst) {
        execute!(io::stdout(), EnableMouseCapture)?;
    }
    Ok(())
}

/// Restores the terminal. Errors are ignored: a terminal that is gone needs no restoring.
fn leave() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        if MOUSE.load(Ordering::SeqCst) {
            let _ = execute!(io::stdout(), DisableMouseCapture);
        }
        let _ =
            execute!(io::stdout(), EndSynchronizedUpdate, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
        let _ = terminal::disable_raw_mode();
    }
}

/// Restores the terminal before the message of a panic of thread `dashboard` is printed. Panics of other threads are
/// reported in other ways, and their messages would only garble the screen.
fn restore_on_panic(dashboard: ThreadId) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if thread::current().id() == dashboard {
                leave();
            }
            if !TAKEN.load(Ordering::SeqCst) {
                before(info);
            }
        }));
    });
}

/// `bytes` in base 64, with padding (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |bytes: &[u8]| -> [char; 4] {
        let part = |index: usize| u32::from(bytes.get(index).copied().unwrap_or(0));
        let bits = part(0) << 16 | part(1) << 8 | part(2);
        std::array::from_fn(|digit| {
            let value = (bits >> (18 - 6 * digit)) as usize & 63;
            if digit <= bytes.len() { char::from(DIGITS[value]) } else { '=' }
        })
    };
    bytes.chunks(3).flat_map(group).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    use super::*;

    /// What the next test runs in a terminal.
    #[test]
    fn child_panics() {
        if std::env::var_os("SCULPT_TEST_PANIC").is_some() {
            let mut screen = Screen::take(false).unwrap();
            screen.draw(|frame| frame.render_widget("drawn", frame.area())).unwrap();
            assert!(thread::spawn(|| panic!("of another thread")).join().is_err());
            panic!("on purpose");
        }
    }

    #[test]
    fn a_panic_restores_the_terminal_before_its_message() {
        let pty = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(["--exact", "tui::terminal::tests::child_panics", "--nocapture"]);
        command.env("SCULPT_TEST_PANIC", "1");
        let mut child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let (mut out, mut said, mut bytes) = (pty.master.try_clone_reader().unwrap(), Vec::new(), [0; 4096]);
        while let Ok(count @ 1..) = out.read(&mut bytes) {
            said.extend_from_slice(&bytes[..count]);
        }
        child.wait().unwrap();
        let said = String::from_utf8_lossy(&said);
        let at = |what: &str| said.find(what).unwrap_or_else(|| panic!("no {what:?} in {said:?}"));
        // Taken over, drawn on, and restored (screen, paste, cursor); then the message.
        let order = ["\x1b[?1049h", "drawn", "\x1b[?2004l", "\x1b[?1049l", "\x1b[?25h", "on purpose"].map(at);
        assert!(order.is_sorted(), "{said:?}");
        // The screen reports what happens to other threads.
        assert!(!said.contains("of another thread"), "{said:?}");
    }

    #[test]
    fn the_examples_of_rfc_4648() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let coded = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        assert_eq!(texts.map(|text| base64(text.as_bytes())), coded);
    }
}
