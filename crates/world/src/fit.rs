//! The model beside history, 2022 to 2025 (E23): each published figure with what the model says of it.

use units::Quarter;

/// One published figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The series, such as `china_sales_byte_per_s`.
    pub series: String,
    /// The bloc; `None` = the world.
    pub bloc: Option<String>,
    /// The unit.
    pub unit: String,
    /// Where it is from.
    pub source: String,
    /// Whose view it is, where sources disagree.
    pub camp: Option<String>,
    /// When.
    pub quarter: Quarter,
    /// The figure.
    pub observed: f64,
    /// Its low end, where one was published.
    pub low: Option<f64>,
    /// Its high end.
    pub high: Option<f64>,
    /// Whether the model was anchored on it, so that it is no test.
    pub anchor: bool,
}
