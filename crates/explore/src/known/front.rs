//! Functions of several objectives whose best sets are known; each objective is to be small.

use std::f64::consts::PI;

/// ZDT1 of numbers of the unit interval (Zitzler, Deb and Thiele, Evol. Comput. 8, 2000). Where all but the first are 0 the
/// front is f2 = 1 - sqrt(f1).
///
/// # Examples
/// ```
/// assert_eq!(explore::known::zdt1(&[0.25, 0.0, 0.0]), [0.25, 0.5]);
/// ```
pub fn zdt1(point: &[f64]) -> [f64; 2] {
    let [first, others @ ..] = point else { return [f64::NAN; 2] };
    let g = 1.0 + 9.0 * others.iter().sum::<f64>() / others.len().max(1) as f64;
    [*first, g * (1.0 - (first / g).sqrt())]
}

/// DTLZ2 with three objectives of numbers of the unit interval (Deb, Thiele, Laumanns and Zitzler 2002). Where all but the
/// first two are 1/2 the front is the octant of the unit sphere.
///
/// # Examples
/// ```
/// let f = explore::known::dtlz2(&[0.3, 0.7, 0.5, 0.5]);
/// assert!((f.iter().map(|f| f * f).sum::<f64>() - 1.0).abs() < 1e-12);
/// ```
pub fn dtlz2(point: &[f64]) -> [f64; 3] {
    let [first, second, others @ ..] = point else { return [f64::NAN; 3] };
    let radius = 1.0 + others.iter().map(|x| (x - 0.5).powi(2)).sum::<f64>();
    let (a, b) = (first * PI / 2.0, second * PI / 2.0);
    [radius * a.cos() * b.cos(), radius * a.cos() * b.sin(), radius * a.sin()]
}
