//! What a reader sees: charts, the brief, tables for the terminal, in English and Chinese.
//!
//! This room reads results and never calls a model. The brief is composed from the findings of a run: no
//! sentence in it is written as if a result were known. Four doors:
//!
//! - [`brief::page`] makes the self-contained HTML file, from [`study::findings`];
//! - [`terminal`] makes the tables that people read, each a function of a result and a [`Style`];
//! - [`hindcast::page`] makes the page of plots of the hindcasts;
//! - [`chart`] draws the SVG that the first of them shows.

pub mod accuracy;
pub mod brief;
pub mod chart;
pub mod explore;
pub mod hindcast;
pub mod language;
pub mod quantity;
pub mod style;
pub mod terminal;

pub use language::Language;
pub use style::Style;
