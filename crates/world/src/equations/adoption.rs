//! E7 and E24, adoption by sector: one of three curves towards a ceiling that price and quality open.

use super::DT;

/// The form of the curve; which is right is not known, so it is an input (WORLD E7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `dx = (p + q x/m)(m - x)`.
    Bass,
    /// `dx = k x (1 - x/m)`.
    Logistic,
    /// `dx = k x ln(m/x)`.
    Gompertz,
}

impl Form {
    /// From the input's code: 0, 1, 2.
    pub fn of(code: f64) -> Self {
        match code {
            code if code < 0.5 => Self::Bass,
            code if code < 1.5 => Self::Logistic,
            _ => Self::Gompertz,
        }
    }
}

/// One sector's curve, set so that all forms start at the same speed.
#[derive(Clone, Copy, Debug)]
pub struct Curve {
    form: Form,
    /// p of Bass [1/year].
    innovation: f64,
    /// q of Bass, k of the others [1/year].
    speed: f64,
}

impl Curve {
    /// The curve that grows by `rate` a year at adoption `x` under a ceiling `m`; `innovation` is Bass's p, lowered
    /// where it alone would be faster.
    pub fn through(form: Form, x: f64, m: f64, rate: f64, innovation: f64) -> Self {
        let room = (m - x).max(1e-9);
        let (innovation, speed) = match form {
            Form::Bass => {
                let p = innovation.min(rate / room);
                (p, (rate / room - p) * m / x)
            }
            Form::Logistic => (0.0, rate / (x * room / m)),
            Form::Gompertz => (0.0, rate / (x * (m / x).ln().max(1e-9))),
        };
        Self { form, innovation, speed }
    }

    /// What is added in a quarter at `pace` times its speed, never beyond the ceiling; a ceiling that has fallen
    /// below adoption stops growth and takes nothing back.
    pub fn growth(&self, x: f64, m: f64, pace: f64) -> f64 {
        let room = m - x;
        if room <= 0.0 || x <= 0.0 {
            return 0.0;
        }
        let rate = match self.form {
            Form::Bass => (self.innovation + self.speed * x / m) * room,
            Form::Logistic => self.speed * x * room / m,
            Form::Gompertz => self.speed * x * (m / x).ln(),
        };
        (rate * pace * DT).min(room)
    }
}

/// How far a gate is open: a half where what keeps it shut is one.
pub fn gate(shut: f64) -> f64 {
    1.0 / (1.0 + shut)
}

/// Log-odds slope of a share in the log price, from the elasticity that was measured where a share `at` had adopted:
/// a share G of a logistic has the elasticity `-slope (1 - G)`.
pub fn slope(elasticity: f64, at: f64) -> f64 {
    -elasticity / (1.0 - at)
}

/// What tasks of a sector ask for: how good a model, at what price.
#[derive(Clone, Copy, Debug)]
pub struct Tasks {
    /// Cost of a task of the sector's median quality at the prices of the end of history, over the price at which
    /// half of them pays, to the power of the slope.
    pub price_shut: f64,
    /// `exp(quality that is missing at the end of history / width)`.
    pub quality_shut: f64,
    /// How the cost of a task rises with the odds of its quality: slope x size per compute x width x ln 10 over
    /// points per tenfold.
    pub dearer: f64,
}

/// Share of a sector's tasks for which a model is good enough and cheap enough.
///
/// Tasks ask for qualities that are spread as a logistic; each is done by the smallest model that is good enough, so
/// that better ones cost more at any time; prices at which they pay are spread as a log-logistic. `price` is the
/// price at fixed quality over that of the end of history, to the power of the slope; `quality` is
/// `exp(-(capability above that of the end of history) / width)`. The integral over the qualities within reach is
/// taken at the two points of Gauss and Legendre.
pub fn potential(tasks: Tasks, price: f64, quality: f64) -> f64 {
    const POINTS: [f64; 2] = [0.211_324_865_405_187_1, 0.788_675_134_594_812_9];
    let feasible = gate(tasks.quality_shut * quality);
    let pays = |point: f64| {
        let reached = feasible * point;
        let odds = reached / (1.0 - reached);
        gate(tasks.price_shut * price * (tasks.dearer * odds.ln()).exp())
    };
    feasible * 0.5 * (pays(POINTS[0]) + pays(POINTS[1]))
}

/// What a sector may use of the gain in capability since the end of history, a quarter later: approval follows the
/// best model with a lag of so many quarters, as it did before, when models advanced by `advance` points a quarter.
///
/// In an advance of that pace the gain is approved as it comes; a change of pace reaches the sector with the lag.
pub fn approved(before: f64, above: f64, advance: f64, lag_quarters: f64) -> f64 {
    // What waited for approval at the end of history comes on top of what has been gained since.
    before + (above + advance * lag_quarters - before) / (1.0 + lag_quarters)
}

/// Adoption before the end of history, on the logistic through its end (ceiling 1).
pub fn history(at_end: f64, speed_per_year: f64, years_before: f64) -> f64 {
    let odds = at_end / (1.0 - at_end) * (-speed_per_year * years_before).exp();
    odds / (1.0 + odds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_start_at_the_same_speed() {
        for form in [Form::Bass, Form::Logistic, Form::Gompertz] {
            let curve = Curve::through(form, 0.1, 0.8, 0.04, 0.03);
            assert!((curve.growth(0.1, 0.8, 1.0) - 0.01).abs() < 1e-12, "{form:?}");
        }
    }

    #[test]
    fn no_form_passes_its_ceiling_or_falls() {
        for form in [Form::Bass, Form::Logistic, Form::Gompertz] {
            let curve = Curve::through(form, 0.1, 0.8, 0.4, 0.03);
            let mut x = 0.1;
            for quarter in 0..400 {
                let m = if quarter < 200 { 0.8 } else { 0.5 };
                let added = curve.growth(x, m, 3.0);
                assert!(added >= 0.0);
                x += added;
            }
            assert!(x <= 0.8 && x > 0.79, "{form:?} {x}");
        }
    }

    #[test]
    fn gates_are_half_open_at_the_gate() {
        assert_eq!(gate(1.0), 0.5);
        // A quarter of the gate's price at elasticity -1: four fifths pay.
        assert!((gate(0.25_f64.powf(1.0)) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn an_elasticity_of_minus_one_at_half_adoption_is_a_slope_of_two() {
        assert_eq!(slope(-1.0, 0.5), 2.0);
    }

    #[test]
    fn where_all_qualities_cost_alike_potential_is_the_product_of_both_gates() {
        let tasks = Tasks { price_shut: 0.25, quality_shut: 3.0, dearer: 0.0 };
        // Price 1/1.25 = 0.8; quality 1/(1 + 3 x 1/3) = 0.5.
        assert!((potential(tasks, 1.0, 1.0 / 3.0) - 0.4).abs() < 1e-12);
    }

    #[test]
    fn two_points_are_as_good_as_a_thousand() {
        let tasks = Tasks { price_shut: 0.3, quality_shut: 2.0, dearer: 0.8 };
        for (price, quality) in [(1.0, 1.0), (0.1, 0.2), (3.0, 0.5)] {
            let feasible = gate(tasks.quality_shut * quality);
            let fine: f64 = (0..1000)
                .map(|step| {
                    let reached = feasible * (f64::from(step) + 0.5) / 1000.0;
                    gate(tasks.price_shut * price * (reached / (1.0 - reached)).powf(tasks.dearer))
                })
                .sum::<f64>()
                / 1000.0
                * feasible;
            assert!((potential(tasks, price, quality) - fine).abs() < 0.01, "{price} {quality}");
        }
    }

    #[test]
    fn as_models_get_better_the_price_of_the_best_still_keeps_tasks_out() {
        // At a hundredth of the price and with all but the hardest tasks feasible, some are still too dear.
        let tasks = Tasks { price_shut: 0.3, quality_shut: 2.0, dearer: 1.5 };
        assert!(potential(tasks, 0.01, 0.001) < 0.999 * gate(0.002));
        assert!(potential(tasks, 0.01, 0.001) > 0.9);
    }

    #[test]
    fn in_a_steady_advance_a_lag_of_approval_changes_nothing() {
        let mut approved_so_far = 0.0;
        for quarter in 1..=8 {
            let above = 0.07 * f64::from(quarter);
            approved_so_far = approved(approved_so_far, above, 0.07, 4.0);
            assert!((approved_so_far - above).abs() < 1e-12);
        }
    }

    #[test]
    fn a_leap_of_a_point_is_approved_by_a_fifth_in_the_first_quarter_of_a_lag_of_four() {
        assert!((approved(0.0, 1.0, 0.0, 4.0) - 0.2).abs() < 1e-12);
        assert_eq!(approved(0.0, 1.0, 0.0, 0.0), 1.0);
    }

    #[test]
    fn history_runs_back_on_the_logistic() {
        // Odds 1/9 at 10 %; two years at 0.43: odds 0.0470, 4.49 %.
        assert!((history(0.1, 0.43, 2.0) - 0.0449).abs() < 1e-4);
    }
}
