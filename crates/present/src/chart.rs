//! Charts as SVG: our own small module, since no library gives bands, direct labels, dark mode, print and
//! accessibility together.
//!
//! A chart is drawn for a narrow column ([`WIDTH`] user units, about the pixels of a phone) and repeated side by
//! side where there is room, so that its letters stay readable everywhere. It holds no colour of its own: a mark
//! carries a [`Tone`], and the page's style sheet says what the tone looks like on a light screen, on a dark one
//! and on paper. A value that is not finite is no mark; a chart without marks says "no data".
//!
//! | chart | shows |
//! |---|---|
//! | [`lines`] | quantities over quarters, with quantile bands, observed points and labels at the lines' ends |
//! | [`panels`] | the same for many policies, one small panel each, on one scale |
//! | [`gauges`] | what was measured against the thresholds of a test, one scale a row |
//! | [`intervals`] | a dot and its interval a row, on a common axis |
//! | [`bars`] | one horizontal bar a row |
//! | [`votes`] | how the futures voted, one stacked bar a row |
//! | [`comparison`] | predictions against measurements, with their intervals and the band of those that are close |
//! | [`heat`] | a table of shares as a map |
//! | [`parallel`] | things with many values each, a line through all axes |
//! | [`plane`] | things with two values each, plain or logarithmic, labelled where there is room; or steps |

pub mod axis;
pub mod bars;
pub mod comparison;
pub mod figure;
pub mod gauges;
pub mod heat;
pub mod intervals;
pub mod labels;
pub mod lines;
pub mod panels;
pub mod parallel;
pub mod plane;
pub mod scale;
pub mod svg;
pub mod tone;
pub mod votes;

pub use figure::{Figure, Table};
pub use scale::{Scale, Shape};
pub use tone::Tone;

/// Width of a chart for one column [user units, about CSS pixels].
pub const WIDTH: f64 = 340.0;
/// Height of the letters of labels [user units].
pub const LETTER: f64 = 11.0;
