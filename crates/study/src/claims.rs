//! The nine claims, one file each; how votes become a verdict; the thresholds fixed before the run.
//!
//! A claim says which world runs it compares ([`Claim::cases`]), casts a vote in each future ([`Claim::judge`]),
//! says what its mechanism is, so that the claim can be run without it ([`Claim::neutral`]), and adds what must stand
//! beside its votes ([`Claim::complete`]).

pub mod c1;
pub mod c2;
pub mod c3;
pub mod c4;
pub mod c5;
pub mod c6;
pub mod c7;
pub mod c8;
pub mod c9;
pub mod settings;
pub mod verdict;

use std::sync::atomic::{AtomicUsize, Ordering};
use units::{Problems, Quarter};
use world::{Switches, Trajectory, Variant};

use crate::findings::{ClaimFinding, ClaimId, Verdict, Votes};
use crate::ground::{Ground, Prepared};
use crate::plan::{CaseId, Plan};
use crate::sampling::Sampler;
use settings::Settings;
use verdict::{Vote, count};

/// What a claim is made from.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Facts, rules, scenario and world.
    pub ground: &'a Ground<'a>,
    /// Thresholds.
    pub settings: &'a Settings,
    /// The blocs of the notation.
    pub roles: Roles,
    /// The default camp's futures; its central draw is "median inputs".
    pub sampler: &'a Sampler,
    /// The quarter at which claims are decided: that of the settings, or the run's last where it ends before.
    pub horizon: Quarter,
    /// World runs of checks so far.
    pub check_runs: &'a AtomicUsize,
}

/// U, T and R of the notation, as indices of blocs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    /// U = `us`.
    pub us: usize,
    /// T = `china`.
    pub china: usize,
    /// R = `rest`.
    pub rest: usize,
}

impl Roles {
    /// The blocs of the notation in a world; what is missing, as needs.
    ///
    /// # Errors
    /// `bloc:NAME` for each bloc that the scenario does not have.
    pub fn of(ground: &Ground<'_>) -> Result<Self, Vec<String>> {
        let found = ["us", "china", "rest"].map(|name| (name, ground.world.bloc(name)));
        match found.map(|(_, bloc)| bloc) {
            [Some(us), Some(china), Some(rest)] => Ok(Self { us, china, rest }),
            _ => Err(found.iter().filter(|(_, bloc)| bloc.is_none()).map(|(name, _)| format!("bloc:{name}")).collect()),
        }
    }
}

impl Context<'_> {
    /// Runs one future outside the ensemble.
    pub fn run(&self, policy: &Prepared, draw: &[f64], variant: &Variant) -> Trajectory {
        let mut run = self.ground.world.trajectory();
        self.run_into(policy, draw, variant, &mut run);
        run
    }

    /// The same into a trajectory that is there already.
    pub fn run_into(&self, policy: &Prepared, draw: &[f64], variant: &Variant, run: &mut Trajectory) {
        self.check_runs.fetch_add(1, Ordering::Relaxed);
        self.ground.world.run(&policy.compiled, draw, variant, run);
    }

    /// Runs median inputs of the default camp.
    pub fn median_run(&self, policy: &Prepared, variant: &Variant) -> Trajectory {
        self.run(policy, &self.sampler.central(), variant)
    }
}

/// The runs of one future.
#[derive(Clone, Copy, Debug)]
pub struct Future<'a> {
    /// The inputs.
    pub draw: &'a [f64],
    /// One a case of the plan; those that were not wanted hold nothing of this future.
    pub runs: &'a [Trajectory],
    /// Which were wanted.
    pub wanted: &'a [bool],
}

impl Future<'_> {
    /// The run of a case that decides.
    pub fn run(&self, case: CaseId) -> &Trajectory {
        debug_assert!(self.wanted[case.0], "a case that decides is wanted in every camp");
        &self.runs[case.0]
    }

    /// The run of a case that is shown beside, where it was made.
    pub fn beside(&self, case: CaseId) -> Option<&Trajectory> {
        self.wanted[case.0].then(|| &self.runs[case.0])
    }
}

/// What one future says of one claim at one horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Ballot {
    /// The vote.
    pub vote: Vote,
    /// The numbers of [`Claim::metrics`], NaN where there is none.
    pub metrics: Vec<f64>,
    /// Numbers that only [`Claim::tally`] reads.
    pub payoffs: Vec<f64>,
}

impl Ballot {
    /// A vote with its numbers.
    pub fn new(vote: Vote, metrics: Vec<f64>) -> Self {
        Self { vote, metrics, payoffs: Vec::new() }
    }
}

/// The votes of one camp.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Counts.
    pub votes: Votes,
    /// Where a camp as a whole has one vote (C9), that vote.
    pub camp_vote: Option<Vote>,
}

/// The mechanism of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Neutral {
    /// Switches with the mechanism off.
    pub switches: Switches,
    /// What is off, as codes.
    pub codes: Vec<String>,
    /// The vote that the absence of the mechanism implies by itself (no effect at all is a vote against C5): the same
    /// verdict in that direction does not show that the claim was built in.
    pub implied: Option<Vote>,
}

/// A claim, ready to be put to every future.
pub trait Claim: Send + Sync {
    /// Which.
    fn id(&self) -> ClaimId;

    /// The runs on which its vote rests.
    fn cases(&self) -> Vec<CaseId>;

    /// Further runs, for numbers beside the vote: made in the default camp only.
    fn cases_beside(&self) -> Vec<CaseId> {
        Vec::new()
    }

    /// Names and units of the numbers of a ballot.
    fn metrics(&self) -> &'static [(&'static str, &'static str)];

    /// Metrics that decide the claim, each with the mechanism that must move it: where one is the same in every
    /// future, that mechanism is a constant and the claim is not yet decidable.
    fn deciding(&self) -> &'static [(&'static str, &'static str)];

    /// The vote of one future at a horizon.
    fn judge(&self, future: &Future<'_>, horizon: Quarter) -> Ballot;

    /// What is missing before it can be decided, as codes.
    fn needs(&self) -> Vec<String> {
        Vec::new()
    }

    /// The votes of a camp.
    fn tally(&self, ballots: &[Ballot]) -> Tally {
        Tally { votes: count(ballots.iter().map(|ballot| ballot.vote)), camp_vote: None }
    }

    /// Whether a single future has a vote of its own.
    fn votes_by_future(&self) -> bool {
        true
    }

    /// The claim without its mechanism; `None` where no world run is behind it.
    fn neutral(&self) -> Option<Neutral>;

    /// Adds counter-case, tables and notes. `ballots` are those of the default camp at the horizon.
    ///
    /// # Errors
    /// Those of reading the policies that it compares.
    fn complete(
        &self,
        context: &Context<'_>,
        plan: &Plan,
        ballots: &[Ballot],
        finding: &mut ClaimFinding,
    ) -> Result<(), Problems>;
}

/// A claim that cannot be put to the test in this scenario.
pub type Missing = Vec<String>;

/// A claim in the study: ready, or what it misses.
pub struct Entry {
    /// Which.
    pub id: ClaimId,
    /// Ready, or what it misses.
    pub claim: Result<Box<dyn Claim>, Missing>,
}

impl Entry {
    /// Leaves the claim undecided in a run that ends before its horizon: the horizon is fixed, and what is seen before
    /// it decides another claim. C8 compares prices of a day and has no horizon.
    pub fn wait_for(&mut self, horizon: Quarter) {
        if self.id != ClaimId::C8 && self.claim.is_ok() {
            self.claim = Err(vec![format!("run:{horizon}")]);
        }
    }
}

/// The nine claims, in order; what two of them compare alike is run once.
///
/// `no_blocs` says which blocs of the notation the scenario lacks; claims that name them cannot be put to the test.
///
/// # Errors
/// Those of reading the policies, prices and scores that the claims compare.
pub fn all(context: &Context<'_>, plan: &mut Plan, no_blocs: Option<&Missing>) -> Result<Vec<Entry>, Problems> {
    /// Makes a claim from its constructor.
    macro_rules! make {
        ($kind:path) => {
            Ok(Box::new(<$kind>::new(context, plan)?) as Box<dyn Claim>)
        };
    }
    let mut entries = Vec::new();
    for id in ClaimId::ALL {
        let claim = match (id, no_blocs) {
            (ClaimId::C1 | ClaimId::C3 | ClaimId::C4 | ClaimId::C7 | ClaimId::C9, Some(missing)) => {
                Err(missing.clone())
            }
            (ClaimId::C1, _) => make!(c1::C1),
            (ClaimId::C2, _) => make!(c2::C2),
            (ClaimId::C3, _) => make!(c3::C3),
            (ClaimId::C4, _) => make!(c4::C4),
            (ClaimId::C5, _) => make!(c5::C5),
            (ClaimId::C6, _) => make!(c6::C6),
            (ClaimId::C7, _) => make!(c7::C7),
            (ClaimId::C8, _) => Ok(Box::new(c8::C8::new(context)?) as Box<dyn Claim>),
            (ClaimId::C9, _) => make!(c9::C9),
        };
        entries.push(Entry { id, claim });
    }
    Ok(entries)
}

/// Which way a verdict points.
pub fn direction(verdict: Verdict) -> Option<Vote> {
    match verdict {
        Verdict::Holds | Verdict::LeansFor => Some(Vote::For),
        Verdict::Fails | Verdict::LeansAgainst => Some(Vote::Against),
        Verdict::Contested => Some(Vote::Neither),
        Verdict::BuiltIn | Verdict::Undefined | Verdict::NotYetDecidable => None,
    }
}
