//! From votes to a verdict (CLAIMS, "Rules for all nine").

use explore::statistics::{Sorted, wilson_95};

use crate::findings::{Camp, Metric, Share, Shares, Verdict, Votes};

/// One future's vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vote {
    /// The claim's conditions are met.
    For,
    /// Their mirror is met.
    Against,
    /// Neither is.
    Neither,
    /// The comparison has no meaning here.
    Undefined,
}

impl Vote {
    /// The vote of two sets of conditions of which at most one can be met.
    pub fn of(in_favour: bool, against: bool) -> Self {
        match (in_favour, against) {
            (true, false) => Self::For,
            (false, true) => Self::Against,
            _ => Self::Neither,
        }
    }

    /// The name in `runs.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Neither => "neither",
            Self::Undefined => "undefined",
        }
    }
}

/// Counts votes.
pub fn count(votes: impl IntoIterator<Item = Vote>) -> Votes {
    let mut counts = Votes::default();
    for vote in votes {
        match vote {
            Vote::For => counts.in_favour += 1,
            Vote::Against => counts.against += 1,
            Vote::Neither => counts.neither += 1,
            Vote::Undefined => {
                counts.neither += 1;
                counts.undefined += 1;
            }
        }
    }
    counts
}

/// The shares that divide one verdict from another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Least share for `holds` and, mirrored, `fails`.
    pub holds_share: f64,
    /// Least share in the default camp for `leans`.
    pub leans_share: f64,
    /// Share of undefined futures above which the claim is undefined.
    pub undefined_share: f64,
}

impl Rules {
    /// The verdict of all camps, the default first.
    pub fn verdict(&self, camps: &[Votes]) -> Verdict {
        let Some(default) = camps.first().filter(|votes| votes.total() > 0) else {
            return Verdict::Undefined;
        };
        if default.undefined as f64 > self.undefined_share * default.total() as f64 {
            return Verdict::Undefined;
        }
        let mirrored: Vec<Votes> = camps.iter().map(|votes| votes.mirrored()).collect();
        if self.holds(camps) {
            Verdict::Holds
        } else if self.holds(&mirrored) {
            Verdict::Fails
        } else if self.leans(camps) {
            Verdict::LeansFor
        } else if self.leans(&mirrored) {
            Verdict::LeansAgainst
        } else {
            Verdict::Contested
        }
    }

    /// The verdict where each camp as a whole has one vote, the default first (C9).
    pub fn verdict_of_camp_votes(camps: &[Vote]) -> Verdict {
        let all = |vote| camps.iter().all(|camp| *camp == vote);
        let any = |vote| camps.contains(&vote);
        match camps.first() {
            None | Some(Vote::Undefined) => Verdict::Undefined,
            Some(_) if all(Vote::For) => Verdict::Holds,
            Some(_) if all(Vote::Against) => Verdict::Fails,
            Some(Vote::For) if !any(Vote::Against) => Verdict::LeansFor,
            Some(Vote::Against) if !any(Vote::For) => Verdict::LeansAgainst,
            Some(_) => Verdict::Contested,
        }
    }

    fn holds(&self, camps: &[Votes]) -> bool {
        camps.iter().all(|votes| votes.in_favour as f64 >= self.holds_share * votes.total() as f64)
    }

    fn leans(&self, camps: &[Votes]) -> bool {
        camps.iter().all(|votes| votes.in_favour > votes.against)
            && camps.first().is_some_and(|votes| votes.in_favour as f64 >= self.leans_share * votes.total() as f64)
    }

    /// One camp's line.
    pub fn camp(&self, input: Option<&str>, name: Option<&str>, votes: Votes) -> Camp {
        Camp {
            camp: match (input, name) {
                (Some(input), Some(name)) => format!("{input}={name}"),
                _ => "default".into(),
            },
            input: input.map(str::to_string),
            name: name.map(str::to_string),
            votes,
            shares: shares(votes),
            verdict: self.verdict(&[votes]),
        }
    }
}

/// The three shares with their 95 % Wilson intervals.
pub fn shares(votes: Votes) -> Shares {
    let share = |count: usize| {
        let total = votes.total();
        let (lo, hi) = wilson_95(count as u64, total as u64)?;
        Some(Share { share_fraction: count as f64 / total as f64, lo, hi })
    };
    Shares { in_favour: share(votes.in_favour), against: share(votes.against), neither: share(votes.neither) }
}

/// A number over futures: its 5 %, 50 % and 95 % quantiles where it is defined.
pub fn quantiles(unit: &'static str, values: &[f64]) -> Metric {
    let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let n = finite.len();
    let Some(sorted) = Sorted::new(finite) else { return Metric::none(unit) };
    Metric { unit, p5: sorted.quantile(0.05), p50: sorted.quantile(0.5), p95: sorted.quantile(0.95), n }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules { holds_share: 0.75, leans_share: 0.5, undefined_share: 0.5 };

    fn votes(in_favour: usize, against: usize, neither: usize) -> Votes {
        Votes { in_favour, against, neither, undefined: 0 }
    }

    fn mirror(verdict: Verdict) -> Verdict {
        match verdict {
            Verdict::Holds => Verdict::Fails,
            Verdict::Fails => Verdict::Holds,
            Verdict::LeansFor => Verdict::LeansAgainst,
            Verdict::LeansAgainst => Verdict::LeansFor,
            other => other,
        }
    }

    #[test]
    fn the_truth_table_of_verdicts() {
        let table: [(&[Votes], Verdict); 12] = [
            (&[votes(75, 25, 0)], Verdict::Holds),
            (&[votes(74, 0, 26)], Verdict::LeansFor),
            (&[votes(75, 0, 25), votes(74, 26, 0)], Verdict::LeansFor),
            (&[votes(90, 0, 10), votes(40, 39, 21)], Verdict::LeansFor),
            (&[votes(90, 0, 10), votes(40, 40, 20)], Verdict::Contested),
            (&[votes(90, 0, 10), votes(0, 90, 10)], Verdict::Contested),
            (&[votes(49, 0, 51)], Verdict::Contested),
            (&[votes(50, 49, 1)], Verdict::LeansFor),
            (&[votes(0, 0, 100)], Verdict::Contested),
            (&[votes(10, 80, 10), votes(10, 75, 15)], Verdict::Fails),
            (&[votes(10, 60, 30), votes(10, 11, 79)], Verdict::LeansAgainst),
            (&[], Verdict::Undefined),
        ];
        for (camps, wanted) in table {
            assert_eq!(RULES.verdict(camps), wanted, "{camps:?}");
            let mirrored: Vec<Votes> = camps.iter().map(|votes| votes.mirrored()).collect();
            assert_eq!(RULES.verdict(&mirrored), mirror(wanted), "the mirror of {camps:?}");
        }
    }

    #[test]
    fn mostly_undefined_futures_decide_nothing() {
        let undefined = Votes { in_favour: 40, against: 0, neither: 60, undefined: 60 };
        assert_eq!(RULES.verdict(&[undefined]), Verdict::Undefined);
        assert_eq!(count([Vote::For, Vote::Undefined]), Votes { in_favour: 1, against: 0, neither: 1, undefined: 1 });
    }

    #[test]
    fn conditions_that_are_both_met_are_no_vote() {
        assert_eq!(Vote::of(true, true), Vote::Neither);
        assert_eq!(Vote::of(true, false), Vote::For);
        assert_eq!(Vote::of(false, true), Vote::Against);
    }
}
