//! A catalog of very many trials: opened, filtered, sorted, scrolled.

use std::time::{Duration, Instant};

use neural_sculpting::catalog::Catalog;
use neural_sculpting::report::numbers::thousands;

use super::session::{Session, folder, sculpt};
use crate::catalog::fixture::fill;
use crate::full::amount;

/// Number of trials by default and with `SCULPT_TEST_FULL=1`; `SCULPT_TEST_TRIALS` overrides both (a multiple of
/// 1,000).
const TRIALS: (u64, u64) = (10_000, 100_000);

/// The rows of trials on a screen of 80x24.
const ROWS: usize = 17;

/// Presses keys and prints how long it takes until a whole screen of trials shows what is expected.
fn timed(session: &mut Session, what: &str, keys: &str, shown: &str) {
    assert!(!session.text().contains(shown), "{shown} is shown before {keys:?}:\n{}", session.text());
    let since = Instant::now();
    session.press(keys);
    session.wait(what, |text| text.contains(shown) && text.matches("✓ finished").count() >= ROWS);
    println!("{:>8.1} ms  {what}", 1e3 * since.elapsed().as_secs_f64());
}

#[test]
fn many_trials_are_browsed() {
    let count = amount("SCULPT_TEST_TRIALS", TRIALS.0, TRIALS.1);
    // Files in memory, where the system has them: of this many, a disk would take minutes.
    let folder = tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| folder());
    let since = Instant::now();
    fill(&Catalog::open(Some(&folder.path().join("catalog"))).unwrap(), count);
    println!("{:>8.1} s   to make {count} trials", since.elapsed().as_secs_f64());

    // The first reading builds the index and shows its progress.
    let since = Instant::now();
    let mut session = Session::open(folder.path(), 80, 24);
    session.wait("its progress", |text| text.contains(&format!("of {}", thousands(count))));
    session.wait("the list", |text| text.contains("✓ finished"));
    println!("{:>8.1} s   to build the index", since.elapsed().as_secs_f64());
    session.quit();
    // Trials that were just made are read again until the clock of the file system has moved on.
    std::thread::sleep(Duration::from_millis(2100));
    sculpt(folder.path(), &["list", "--filter", "density>1"]);

    let since = Instant::now();
    let mut session = Session::open(folder.path(), 80, 24);
    session
        .wait("the first screen", |text| text.matches("✓ finished").count() >= ROWS && text.contains("latest first"));
    println!("{:>8.1} ms  to the first screen from a built index", 1e3 * since.elapsed().as_secs_f64());
    std::thread::sleep(Duration::from_secs(1));

    let of = |from: u64, to: u64, total: u64| format!("{}-{} of {}", thousands(from), thousands(to), thousands(total));
    let at_start = |total| of(1, ROWS as u64, total);
    let at_end = |total| of(total - ROWS as u64 + 1, total, total);
    timed(&mut session, "to the end", "G", &at_end(count));
    timed(
        &mut session,
        "two pages up",
        "\u{1b}[5~\u{1b}[5~",
        &format!("-{} of {}", thousands(count - ROWS as u64 + 1), thousands(count)),
    );
    timed(&mut session, "to the start", "g", &at_start(count));
    // Half of them by density, four in five by modules.
    session.press("/task=4-2-4 density<0.5 modules!=3 depth>=1");
    session.wait_for("depth>=1");
    let some = count * 2 / 5;
    timed(&mut session, "filtered", "\r", &at_start(some));
    timed(&mut session, "to the end of these", "G", &at_end(some));
    session.press("lllll");
    timed(&mut session, "sorted by density", "s", &at_start(some));
    assert!(session.text().contains("0.0000"), "{}", session.text());
    timed(&mut session, "to the end of these", "G", &at_end(some));
    assert!(session.text().contains("0.4990"), "{}", session.text());
    for _ in 0..3 {
        session.press("\u{1b}[5~");
    }
    timed(&mut session, "reversed", "s", &at_start(some));
    assert!(session.text().contains("0.4990"), "{}", session.text());
    timed(&mut session, "to the end of these", "G", &at_end(some));
    timed(&mut session, "all again", "\u{1b}", &at_start(count));
    session.quit();
}
