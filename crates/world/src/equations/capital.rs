//! E17, money: AI capital follows a trend, and in part what serving earns; public capital comes on top, revenue
//! that vendors forgo comes off.

/// What moves a bloc's AI capital.
#[derive(Clone, Copy, Debug)]
pub struct Flows {
    /// The trend [USD/year].
    pub trend_usd_per_year: f64,
    /// AI capital that revenue calls for: revenue times capital over revenue at the end of history [USD/year].
    pub revenue_pull_usd_per_year: f64,
    /// Weight of revenue.
    pub feedback: f64,
    /// AI capital that public money adds [USD/year].
    pub public_usd_per_year: f64,
    /// AI capital lost with vendors' revenue [USD/year].
    pub foregone_usd_per_year: f64,
}

/// What a bloc whose buyers are controlled would spend on AI were they not: the share `s` of the world's chips that
/// it would buy, from what the others spend, `s / (1 - s) x others`; at least what it did spend [USD/year].
pub fn uncontrolled_usd_per_year(spent: f64, others: f64, share: f64) -> f64 {
    spent.max(share / (1.0 - share) * others)
}

/// A quarter's AI capital, as a yearly rate [USD/year]; never below zero.
pub fn usd_per_year(flows: Flows) -> f64 {
    let private = (1.0 - flows.feedback) * flows.trend_usd_per_year + flows.feedback * flows.revenue_pull_usd_per_year;
    (private + flows.public_usd_per_year - flows.foregone_usd_per_year).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_of_the_world_is_a_quarter_of_what_the_others_spend() {
        assert_eq!(uncontrolled_usd_per_year(70e9, 400e9, 0.2), 100e9);
        assert_eq!(uncontrolled_usd_per_year(120e9, 400e9, 0.2), 120e9);
    }

    #[test]
    fn revenue_above_its_trend_pulls_capital_up() {
        let flows = Flows {
            trend_usd_per_year: 400e9,
            revenue_pull_usd_per_year: 500e9,
            feedback: 0.2,
            public_usd_per_year: 40e9,
            foregone_usd_per_year: 2e9,
        };
        assert!((usd_per_year(flows) - 458e9).abs() < 1.0);
    }
}
