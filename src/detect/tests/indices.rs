//! Linkages, distances and indices against SciPy 1.17.1 (`scipy.cluster.hierarchy.linkage` and `fcluster`),
//! scikit-learn 1.9.1 (`silhouette_score` with metric `precomputed`, `calinski_harabasz_score`, `davies_bouldin_score`)
//! and, for the modularity metric, equation 2 in NumPy. These dendrograms have no ties.

use super::super::dendrogram::Dendrogram;
use super::super::distance::Distances;
use super::super::quality::LayerView;
use super::super::testing::rows;
use super::super::{Distance, Linkage, Quality};

/// The features of eight units.
pub(super) const EIGHT_UNITS: [&str; 8] = [
    "00000010000100100000",
    "01101111111101111011",
    "00101000010010001000",
    "11111110101100010011",
    "00010010000010100000",
    "10101100111101110001",
    "10010111111111101111",
    "00000010000010000000",
];

/// A linkage, a distance, and the clusters at k = 3 and k = 4.
type Cuts = (Linkage, Distance, [usize; 8], [usize; 8]);

const CUTS: [Cuts; 10] = [
    (Linkage::Average, Distance::Cosine, [0, 1, 2, 1, 0, 1, 1, 0], [0, 1, 2, 1, 3, 1, 1, 3]),
    (Linkage::Average, Distance::Jaccard, [0, 1, 2, 1, 0, 1, 1, 0], [0, 1, 2, 1, 3, 1, 1, 3]),
    (Linkage::Average, Distance::Euclidean, [0, 1, 0, 1, 0, 1, 2, 0], [0, 1, 0, 2, 0, 1, 3, 0]),
    (Linkage::Complete, Distance::Cosine, [0, 1, 2, 1, 0, 1, 1, 0], [0, 1, 2, 1, 3, 1, 1, 3]),
    (Linkage::Complete, Distance::Jaccard, [0, 1, 2, 1, 0, 1, 1, 0], [0, 1, 2, 1, 3, 1, 1, 3]),
    (Linkage::Complete, Distance::Euclidean, [0, 1, 0, 1, 0, 1, 2, 0], [0, 1, 2, 1, 0, 1, 3, 0]),
    (Linkage::Single, Distance::Cosine, [0, 1, 2, 1, 0, 1, 1, 0], [0, 1, 2, 1, 3, 1, 1, 3]),
    (Linkage::Single, Distance::Jaccard, [0, 1, 2, 1, 0, 1, 1, 0], [0, 1, 2, 1, 3, 1, 1, 3]),
    (Linkage::Single, Distance::Euclidean, [0, 1, 0, 1, 0, 1, 2, 0], [0, 1, 0, 2, 0, 1, 3, 0]),
    (Linkage::Ward, Distance::Euclidean, [0, 1, 0, 1, 0, 1, 2, 0], [0, 1, 2, 1, 0, 1, 3, 0]),
];

#[test]
fn cuts_agree_with_scipy() {
    let rows = rows(&EIGHT_UNITS);
    let rows: Vec<&[u64]> = rows.iter().map(Vec::as_slice).collect();
    for (linkage, distance, three, four) in CUTS {
        let tree = Dendrogram::new(&Distances::new(&rows, distance), linkage);
        assert_eq!(tree.cut(3), three, "{linkage:?} {distance:?}");
        assert_eq!(tree.cut(4), four, "{linkage:?} {distance:?}");
    }
}

/// A linkage, a distance, an index, and its values for k = 2 .. 7.
type Values = (Linkage, Distance, Quality, [f64; 6]);

#[rustfmt::skip]
#[allow(clippy::unreadable_literal)] // as the other programs print them
const VALUES: [Values; 13] = [
    (Linkage::Average, Distance::Cosine, Quality::Modularity,
     [-0.17995407, -0.20246822, -0.18901664, -0.17976167, -0.15955801, -0.13940904]),
    (Linkage::Average, Distance::Cosine, Quality::Silhouette,
     [0.41052641, 0.39771552, 0.36590744, 0.19316094, 0.09165499, 0.04918797]),
    (Linkage::Average, Distance::Cosine, Quality::CalinskiHarabasz,
     [3.4617052, 3.59636872, 2.32704403, 2.80842391, 1.7825, 1.85416667]),
    (Linkage::Average, Distance::Cosine, Quality::DaviesBouldin,
     [1.09976234, 0.76150333, 0.6577427, 0.55458005, 0.48094266, 0.41632502]),
    (Linkage::Complete, Distance::Jaccard, Quality::Modularity,
     [-0.14875332, -0.17475941, -0.16661073, -0.15969634, -0.14769706, -0.13456592]),
    (Linkage::Complete, Distance::Jaccard, Quality::Silhouette,
     [0.31775632, 0.32658514, 0.28784058, 0.13381633, 0.07131633, 0.03571429]),
    (Linkage::Single, Distance::Cosine, Quality::Silhouette,
     [0.18925857, 0.39771552, 0.36590744, 0.25478792, 0.09165499, 0.04918797]),
    (Linkage::Single, Distance::Cosine, Quality::CalinskiHarabasz,
     [1.00802752, 3.59636872, 2.32704403, 1.47704082, 1.7825, 1.85416667]),
    (Linkage::Single, Distance::Cosine, Quality::DaviesBouldin,
     [0.86083171, 0.76150333, 0.6577427, 0.54835908, 0.48094266, 0.41632502]),
    (Linkage::Ward, Distance::Euclidean, Quality::Modularity,
     [-0.16475078, -0.16443326, -0.1639795, -0.15651125, -0.15095478, -0.13657587]),
    (Linkage::Ward, Distance::Euclidean, Quality::Silhouette,
     [0.32255534, 0.26627708, 0.19818014, 0.15473415, 0.13618917, 0.04587585]),
    (Linkage::Ward, Distance::Euclidean, Quality::CalinskiHarabasz,
     [5.33766234, 4.15396341, 3.86309524, 4.06433824, 5.05625, 5.89583333]),
    (Linkage::Ward, Distance::Euclidean, Quality::DaviesBouldin,
     [1.03033701, 0.78497054, 0.62756755, 0.52607813, 0.30752016, 0.28114199]),
];

#[test]
fn indices_agree_with_scikit_learn() {
    let rows = rows(&EIGHT_UNITS);
    let rows: Vec<&[u64]> = rows.iter().map(Vec::as_slice).collect();
    for (linkage, distance, quality, expected) in VALUES {
        let distances = Distances::new(&rows, distance);
        let tree = Dendrogram::new(&distances, linkage);
        let cuts = quality.of_cuts(&LayerView { rows: &rows, distances: &distances, tree: &tree });
        let inner: Vec<f64> = cuts[1..7].iter().map(|cut| cut.m.unwrap()).collect();
        assert_eq!(inner, expected, "{linkage:?} {distance:?} {quality:?}");
        let ends = [cuts[0].m, cuts[7].m];
        if quality == Quality::Modularity {
            assert_eq!(ends[0], Some(0.0));
        } else {
            assert_eq!(ends, [None, None]);
        }
    }
}

#[test]
fn indices_of_vectors_are_undefined_without_scatter() {
    let rows = rows(&["1100", "1100", "0011", "0011"]);
    let rows: Vec<&[u64]> = rows.iter().map(Vec::as_slice).collect();
    let distances = Distances::new(&rows, Distance::Cosine);
    let tree = Dendrogram::new(&distances, Linkage::Average);
    let clustering = LayerView { rows: &rows, distances: &distances, tree: &tree };
    for quality in [Quality::CalinskiHarabasz, Quality::DaviesBouldin] {
        assert!(quality.of_cuts(&clustering).iter().all(|cut| cut.m.is_none()), "{quality:?}");
    }
    let silhouette = Quality::Silhouette.of_cuts(&clustering);
    assert_eq!([silhouette[1].m, silhouette[2].m], [Some(1.0), Some(0.5)]);
}
