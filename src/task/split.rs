//! The 80:20 split of real data, drawn from a random stream of its own.

use super::draws::Draws;

/// One in this many rows is for validation.
const VALIDATION_SHARE: usize = 5;

/// Indices of the training rows and of the validation rows, both ascending. `seed` draws a fifth of `count`, rounded
/// down, for validation.
pub(super) fn indices(count: usize, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut draws = stream(seed);
    let mut validation: Vec<usize> = (0..count).collect();
    let chosen = count / VALIDATION_SHARE;
    // A Fisher-Yates shuffle that stops once the validation rows are drawn.
    for index in 0..chosen {
        let from = index + draws.below(count - index);
        validation.swap(index, from);
    }
    let mut training = validation.split_off(chosen);
    validation.sort_unstable();
    training.sort_unstable();
    (training, validation)
}

/// The random stream of this seed. No other stream of a trial has its name.
fn stream(seed: u64) -> Draws {
    let mut name = b"neural-sculpting split 1\0".to_vec();
    name.extend_from_slice(&seed.to_le_bytes());
    Draws::named(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_is_drawn_and_no_row_is_lost() {
        for count in [5, 9, 10, 1000] {
            let (training, validation) = indices(count, 3);
            assert_eq!(validation.len(), count / 5);
            let mut all = [training, validation].concat();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..count));
        }
    }

    #[test]
    fn the_split_of_a_seed_never_changes() {
        assert_eq!(indices(20, 0).1, [4, 6, 7, 11]);
        assert_ne!(indices(20, 1).1, indices(20, 0).1);
    }

    #[test]
    fn every_row_is_drawn_about_equally_often() {
        let mut drawn = [0; 10];
        for seed in 0..2000 {
            indices(10, seed).1.into_iter().for_each(|row| drawn[row] += 1);
        }
        assert!(drawn.iter().all(|&count| (320..480).contains(&count)), "{drawn:?}");
    }
}
