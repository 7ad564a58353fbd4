//! V3: adoption of 18 technologies in the United States, from the year in which each had reached 30 % of its last
//! published level.
//!
//! The cases: every series that had at least five points by then and has at least eight after it, in a country and
//! once (the second series of refrigerators and one that counts central banks are left out). How the cases are chosen
//! looks at the whole series; the forecasts do not.

use serde::Deserialize;
use std::collections::BTreeMap;
use units::{Problem, Problems};

use super::{
    Freeze, Hindcast, Model, Status, Vintage,
    curves::{FORMS, Form, ensemble, forecast},
    score::{Card, Truth, point, root_mean_square, share},
};

/// The name of the table.
const FILE: &str = "technology_diffusion.csv";
/// The freeze: the first year with this share of the last level.
const FREEZE_AT: f64 = 0.3;
/// The pass mark on the median over technologies of the error [fraction]: the best single form of WORLD E7.
const BEST_SINGLE_FORM: f64 = 0.133;
/// Error of a published share: a sampled survey and its rounding (assumption) [fraction].
const SURVEY_ERROR: f64 = 0.03;
/// The pass mark on the coverage of the 90 % band, fixed before the first run.
const COVERAGE: std::ops::RangeInclusive<f64> = 0.80..=0.98;

#[derive(Deserialize)]
struct Row {
    technology: String,
    year: i32,
    share_fraction: f64,
}

/// The series by technology; source: Comin and Hobijn 2004 and others, by Our World in Data under CC BY 4.0.
pub fn diffusion_series() -> Result<BTreeMap<String, Vec<(i32, f64)>>, Problems> {
    let text = include_str!("../../../../data/technology_diffusion.csv");
    let (mut series, mut problems) = (BTreeMap::<String, Vec<(i32, f64)>>::new(), Problems::default());
    for (index, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<Row>().enumerate() {
        let place = |problem: Problem| problem.file(FILE).line(index as u64 + 2);
        match row {
            Ok(row) if (0.0..=1.0).contains(&row.share_fraction) => {
                series.entry(row.technology).or_default().push((row.year, row.share_fraction));
            }
            Ok(_) => problems.push(place(Problem::new("bad_number", "a share is not between 0 and 1"))),
            Err(error) => problems.push(place(Problem::new("bad_row", error.to_string()))),
        }
    }
    problems.check(series)
}

/// The year of the freeze of a series.
fn freeze(series: &[(i32, f64)]) -> Option<i32> {
    let last = series.last()?.1;
    series.iter().find(|(_, share)| *share >= FREEZE_AT * last).map(|(year, _)| *year)
}

/// The medians of the errors over technologies, by an ensemble of forms.
fn median_error(series: &BTreeMap<String, Vec<(i32, f64)>>, forms: &[Form]) -> f64 {
    let errors: Vec<f64> = series
        .values()
        .filter_map(|each| {
            let mut card = Card::new("fraction");
            score(each, forms, |sample, _, truth, naive| card.add(sample, truth, naive))?;
            card.score().rmse
        })
        .collect();
    explore::statistics::median(&errors).unwrap_or(f64::NAN)
}

/// Forecasts every later point of a series; gives the freeze.
fn score(series: &[(i32, f64)], forms: &[Form], mut add: impl FnMut(&super::Sample, i32, f64, f64)) -> Option<i32> {
    let freeze = freeze(series)?;
    let seen: Vec<(f64, f64)> =
        Vintage::year(freeze).seen(series).into_iter().map(|(year, share)| (f64::from(*year), *share)).collect();
    let members = ensemble(forms, &seen, SURVEY_ERROR);
    let held = seen.last()?.1;
    for (year, truth) in &series[seen.len()..] {
        let sample = forecast(&members, f64::from(year - freeze))?;
        add(&sample, *year, *truth, held);
    }
    Some(freeze)
}

/// Runs V3.
///
/// # Errors
/// Those of the table.
pub fn diffusion() -> Result<Hindcast, Problems> {
    let series = diffusion_series()?;
    let (mut card, mut points, mut errors, mut freezes) = (Card::new("fraction"), Vec::new(), Vec::new(), Vec::new());
    for (technology, each) in &series {
        let (mut misses, mut own) = (Vec::new(), Vec::new());
        let from = score(each, &FORMS, |sample, year, truth, naive| {
            card.add(sample, truth, naive);
            misses.push(sample.quantile(0.5) - truth);
            let of = Truth {
                series: technology.replace('_', " "),
                freeze: String::new(),
                at: year.to_string(),
                unit: "fraction",
                value: truth,
                range: None,
            };
            own.push(point(sample, naive, of));
        });
        let Some(from) = from else { continue };
        for mut each in own {
            each.freeze = from.to_string();
            points.push(each);
        }
        errors.push(root_mean_square(&misses));
        freezes.push(from);
    }
    let median = explore::statistics::median(&errors).unwrap_or(f64::NAN);
    let covered = share(points.iter().map(super::Point::is_covered));
    let passed = median < BEST_SINGLE_FORM && COVERAGE.contains(&covered);
    let alone = FORMS.map(|form| median_error(&series, &[form]));
    Ok(Hindcast {
        id: "V3",
        title: "Adoption of 18 technologies",
        model: Model::Statistical,
        sees_until: Some(Freeze::many(freezes.iter().map(|year| Vintage::year(*year).sees_until))),
        freeze: Freeze::many(freezes),
        n_points: points.len(),
        n_independent: series.len(),
        points,
        score: super::Score { rmse: Some(median), ..card.score() },
        naive: "last share held",
        pass_mark: "median error of the ensemble below 13.3 points (the best single form), 90 % band covers 80 to 98 %",
        status: Status::of(passed),
        placebo: None,
        reason: (!passed)
            .then(|| format!("median error {:.1} points, the band covers {:.0} %", 100.0 * median, 100.0 * covered)),
        notes: vec![format!(
            "one form alone, the same way: Bass {:.1}, logistic {:.1}, Gompertz {:.1} points",
            100.0 * alone[0],
            100.0 * alone[1],
            100.0 * alone[2]
        )],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_are_18_with_enough_before_and_after_the_freeze() {
        let series = diffusion_series().unwrap();
        assert_eq!(series.len(), 18);
        for (technology, each) in &series {
            let freeze = freeze(each).unwrap();
            let seen = Vintage::year(freeze).seen(each).len();
            assert!(seen >= 5 && each.len() - seen >= 8, "{technology}: {seen} of {}", each.len());
            assert!(each.windows(2).all(|pair| pair[0].0 < pair[1].0), "{technology}");
        }
    }

    #[test]
    fn a_forecast_does_not_change_with_what_comes_after_its_freeze() {
        let series = diffusion_series().unwrap();
        let whole = &series["internet"];
        let from = freeze(whole).unwrap();
        let bent: Vec<(i32, f64)> =
            whole.iter().map(|(year, share)| (*year, if *year > from { share.min(0.5) } else { *share })).collect();
        // The same freeze, whatever follows; so that the last level is not touched, only points between are bent.
        let mut bent = bent;
        *bent.last_mut().unwrap() = *whole.last().unwrap();
        let of = |series: &[(i32, f64)]| {
            let mut medians = Vec::new();
            score(series, &FORMS, |sample, year, _, _| medians.push((year, sample.quantile(0.5)))).unwrap();
            medians
        };
        assert_eq!(of(whole), of(&bent));
    }
}
