//! How the rows of a task are divided into training and validation rows.

use std::sync::Arc;

use super::Rows;
use super::draws::Draws;

/// One in this many rows is for validation.
const VALIDATION_SHARE: usize = 5;

/// How the rows of a task are divided into training and validation rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Split {
    /// All rows are for both, as suits a function.
    Same,
    /// The seed draws 20% of the rows for validation.
    Seeded,
    /// The seed draws 20% of the rows of each class for validation; the outputs are one-hot.
    Stratified,
    /// The same rows for every seed.
    Fixed {
        /// The validation rows, ascending; all others are for training.
        validation: Arc<[u32]>,
    },
}

impl Split {
    /// The training and the validation rows for a seed.
    pub(super) fn of(&self, rows: &Arc<Rows>, seed: u64) -> (Arc<Rows>, Arc<Rows>) {
        let validation = match self {
            Self::Same => return (Arc::clone(rows), Arc::clone(rows)),
            Self::Seeded => seeded(rows.count, seed),
            Self::Stratified => stratified(rows, seed),
            Self::Fixed { validation } => validation.to_vec(),
        };
        let mut next = validation.iter().peekable();
        let training: Vec<u32> =
            (0..index(rows.count)).filter(|row| next.next_if(|&&validation| validation == *row).is_none()).collect();
        (Arc::new(rows.select(&training)), Arc::new(rows.select(&validation)))
    }
}

/// The names of the random streams. No other streams of a trial are called so.
const SEEDED: &[u8] = b"neural-sculpting split 1\0";
const STRATIFIED: &[u8] = b"neural-sculpting split 2\0";

/// A fifth of all rows, rounded down, ascending.
fn seeded(count: usize, seed: u64) -> Vec<u32> {
    let mut rows = (0..index(count)).collect();
    draw(&mut rows, count / VALIDATION_SHARE, &[SEEDED, &seed.to_le_bytes()].concat());
    rows.sort_unstable();
    rows
}

/// A fifth of the rows of each class, rounded to the nearest number, ascending.
fn stratified(rows: &Rows, seed: u64) -> Vec<u32> {
    let mut classes = vec![Vec::new(); rows.output_width()];
    for row in 0..rows.count {
        if let Some(class) = rows.output(row).iter().position(|&output| output == 1.0) {
            classes[class].push(index(row));
        }
    }
    for (class, rows) in (0_u64..).zip(&mut classes) {
        let count = (rows.len() + VALIDATION_SHARE / 2) / VALIDATION_SHARE;
        draw(rows, count, &[STRATIFIED, &seed.to_le_bytes(), &class.to_le_bytes()].concat());
    }
    let mut validation = classes.concat();
    validation.sort_unstable();
    validation
}

/// Leaves only `count` of the rows, drawn by the random stream called `name`.
fn draw(rows: &mut Vec<u32>, count: usize, name: &[u8]) {
    let mut draws = Draws::named(name);
    // A Fisher-Yates shuffle that stops once the rows are drawn.
    for index in 0..count {
        let from = index + draws.below(rows.len() - index);
        rows.swap(index, from);
    }
    rows.truncate(count);
}

/// As a `u32`: a table has fewer than 2^32 rows.
fn index(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows numbered by their input; row `n` is of class `class(n)` of three.
    fn rows(count: usize, class: impl Fn(usize) -> usize) -> Arc<Rows> {
        let outputs = (0..count).flat_map(|row| (0..3).map(move |at| (row, at)));
        let outputs = outputs.map(|(row, at)| f32::from(u8::from(class(row) == at))).collect();
        Arc::new(Rows::new(1, (0..count).map(|row| row as f32).collect(), outputs))
    }

    #[test]
    fn a_fifth_is_drawn_and_no_row_is_lost() {
        for count in [5, 9, 10, 1000] {
            let all = rows(count, |row| row % 3);
            for split in [Split::Seeded, Split::Stratified, Split::Fixed { validation: [1, 4].into() }] {
                let (training, validation) = split.of(&all, 3);
                match split {
                    Split::Seeded => assert_eq!(validation.count, count / 5),
                    Split::Stratified => assert!(validation.count.abs_diff(count / 5) <= 2),
                    _ => assert_eq!((validation.input(0)[0], validation.input(1)[0], validation.count), (1.0, 4.0, 2)),
                }
                let values = |rows: &Rows| (0..rows.count).map(|row| rows.input(row)[0]).collect::<Vec<f32>>();
                let (training, validation) = (values(&training), values(&validation));
                assert!(training.is_sorted() && validation.is_sorted());
                let mut both = [training, validation].concat();
                both.sort_by(f32::total_cmp);
                assert!(both.into_iter().eq((0..count).map(|row| row as f32)));
            }
        }
    }

    #[test]
    fn a_stratified_split_keeps_the_shares_of_the_classes() {
        // 10 rows of the first class, 50 of the second, 240 of the third.
        let class = |row: usize| usize::from(row >= 10) + usize::from(row >= 60);
        let (_, validation) = Split::Stratified.of(&rows(300, class), 1);
        let count = |class: usize| (0..validation.count).filter(|&row| validation.output(row)[class] == 1.0).count();
        assert_eq!([count(0), count(1), count(2)], [2, 10, 48]);
    }

    #[test]
    fn the_split_of_a_seed_never_changes() {
        assert_eq!(seeded(20, 0), [4, 6, 7, 11]);
        assert_ne!(seeded(20, 1), seeded(20, 0));
    }

    #[test]
    fn every_row_is_drawn_about_equally_often() {
        let mut drawn = [0; 10];
        for seed in 0..2000 {
            for row in seeded(10, seed) {
                drawn[row as usize] += 1;
            }
        }
        assert!(drawn.iter().all(|&count| (320..480).contains(&count)), "{drawn:?}");
    }
}
