//! Candidates: numbers of the search as policies with a switch.

use std::sync::Arc;

use explore::statistics::quantile;
use rayon::prelude::*;
use units::{Problem, Problems, Quarter, nearest};
use world::{CompiledPolicy, Dimension, Trajectory, Variable, Variant, policy::Signpost};

use super::{Request, SwitchFound, side};
use crate::ground::Ground;

/// Most quarters in a row that a trigger waits for.
const LONGEST_WAIT: u32 = 4;
/// Signposts that are watched where none is named.
const DEFAULT: [&str; 5] = [
    "share:fleet_byte_per_s@china",
    "share:fleet_flop_per_s@china",
    "share:tokens_served_per_s@china",
    "adoption_fraction@us",
    "service_price_usd_per_mtok@rest",
];

/// What may be watched.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Post {
    name: String,
    variable: Variable,
    bloc: String,
    share: bool,
}

/// The signposts that were asked for.
pub(super) fn signposts(ground: &Ground<'_>, request: &Request, like: &Trajectory) -> Result<Vec<Post>, Problems> {
    let names: Vec<String> =
        if request.signposts.is_empty() { DEFAULT.map(String::from).to_vec() } else { request.signposts.clone() };
    let watched: Vec<&str> =
        Variable::ALL.into_iter().filter(|variable| Signpost::can_watch(*variable)).map(Variable::name).collect();
    let mut problems = Problems::default();
    let mut posts = Vec::new();
    for name in names {
        let (share, rest) = name.strip_prefix("share:").map_or((false, name.as_str()), |rest| (true, rest));
        let Some((variable, bloc)) = rest.split_once('@') else {
            let message = format!("'{name}' is no signpost; write VARIABLE@BLOC or share:VARIABLE@BLOC");
            problems.push(Problem::new("bad_signpost", message).key("--signpost"));
            continue;
        };
        let found = Variable::ALL.into_iter().find(|known| known.name() == variable && Signpost::can_watch(*known));
        let known_bloc = bloc == "world" || ground.world.bloc(bloc).is_some();
        match found {
            Some(variable) if known_bloc => posts.push(Post { name: name.clone(), variable, bloc: bloc.into(), share }),
            Some(_) => {
                let near = nearest(bloc, like.blocs()).into_iter().next();
                let message = format!("'{name}': there is no bloc '{bloc}'");
                problems.push(Problem::new("unknown_bloc", message).key("--signpost").suggest(near));
            }
            None => {
                let near = nearest(variable, &watched).into_iter().next();
                let message = format!("'{name}': '{variable}' is no variable by bloc that could be watched");
                problems.push(Problem::new("unknown_variable", message).key("--signpost").suggest(near));
            }
        }
    }
    problems.check(posts)
}

/// A signpost and where its readings lie in the futures of the search, policies without a switch: 5 % to 95 %.
pub(super) struct Watched {
    post: Post,
    range: (f64, f64),
}

impl Watched {
    pub(super) fn measure(
        ground: &Ground<'_>,
        policies: &[Arc<CompiledPolicy>],
        posts: &[Post],
        futures: &[Vec<f64>],
    ) -> Vec<Self> {
        // Enough of them to know a range.
        const FUTURES: usize = 40;
        let start = ground.scenario.run.policy_start;
        let by_policy: Vec<Vec<Vec<f64>>> = policies
            .par_iter()
            .map(|policy| {
                let mut run = ground.world.trajectory();
                let mut readings = vec![Vec::new(); posts.len()];
                let first = run.at(start).unwrap_or(0);
                for draw in futures.iter().take(FUTURES) {
                    ground.world.run(policy, draw, &Variant::default(), &mut run);
                    for (readings, post) in readings.iter_mut().zip(posts) {
                        readings.extend((first..run.quarters().len()).map(|at| post.reading(ground, &run, at)));
                    }
                }
                readings
            })
            .collect();
        posts
            .iter()
            .enumerate()
            .map(|(place, post)| {
                let all: Vec<f64> = by_policy
                    .iter()
                    .flat_map(|readings| &readings[place])
                    .copied()
                    .filter(|value| value.is_finite())
                    .collect();
                let at = |share| quantile(&all, share).unwrap_or(0.0);
                Self { post: post.clone(), range: (at(0.05), at(0.95)) }
            })
            .collect()
    }
}

impl Post {
    fn reading(&self, ground: &Ground<'_>, run: &Trajectory, at: usize) -> f64 {
        let series = |bloc: usize| match self.variable.dimension() {
            Dimension::BlocSector => run.sector(self.variable, bloc, run.sectors().len())[at],
            _ => run.get(self.variable, bloc)[at],
        };
        let own = series(ground.world.bloc(&self.bloc).unwrap_or(run.world()));
        if self.share { own / series(run.world()) } else { own }
    }
}

/// One candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub start: usize,
    to: usize,
    post: usize,
    above: bool,
    threshold: f64,
    quarters: u32,
    from: Quarter,
}

/// What the search's numbers mean.
pub(super) struct Space<'a> {
    pub ground: &'a Ground<'a>,
    pub policies: &'a [Arc<CompiledPolicy>],
    pub watched: &'a [Watched],
}

impl Space<'_> {
    /// Start, target, signpost, side, threshold within its range, quarters in a row, first quarter.
    pub(super) fn bounds(&self) -> Vec<(f64, f64)> {
        let choice = |of: usize| (0.0, of as f64);
        let run = &self.ground.scenario.run;
        let last = Quarter::new(2030, 4).min(run.until).since(run.policy_start) - 1;
        vec![
            choice(self.policies.len()),
            choice(self.policies.len()),
            choice(self.watched.len()),
            choice(2),
            (0.0, 1.0),
            (1.0, f64::from(LONGEST_WAIT) + 1.0),
            (0.0, f64::from(last.max(1))),
        ]
    }

    /// `None` where it would switch to the policy that it begins with.
    pub(super) fn candidate(&self, variables: &[f64]) -> Option<Candidate> {
        let [start, to, post, above, threshold, quarters, from] = variables else { return None };
        let choice = |value: f64, of: usize| (value as usize).min(of.saturating_sub(1));
        let (start, to) = (choice(*start, self.policies.len()), choice(*to, self.policies.len()));
        let post = choice(*post, self.watched.len());
        let (low, high) = self.watched[post].range;
        (start != to).then(|| Candidate {
            start,
            to,
            post,
            above: *above < 1.0,
            // As many digits as somebody would write into a file.
            threshold: explore::store::rounded(low + threshold * (high - low), 3),
            quarters: (*quarters as u32).clamp(1, LONGEST_WAIT),
            from: self.ground.scenario.run.policy_start + *from as i32,
        })
    }

    /// The policy of a candidate, ready to run.
    pub(super) fn compile(&self, candidate: &Candidate) -> Option<CompiledPolicy> {
        let post = &self.watched[candidate.post].post;
        let when = Signpost {
            variable: post.variable,
            bloc: post.bloc.clone(),
            share_of_world: post.share,
            side: side(candidate.above),
            threshold: candidate.threshold,
            quarters: candidate.quarters,
            from: Some(candidate.from),
        };
        let switch = self.ground.world.switch(&when, &self.policies[candidate.to]).ok()?;
        Some(self.policies[candidate.start].switching(vec![switch]))
    }

    /// A candidate's switch, as it is told.
    pub(super) fn switch(&self, candidate: &Candidate) -> SwitchFound {
        let post = &self.watched[candidate.post].post;
        SwitchFound {
            to: self.ground.policies[candidate.to].policy.id.clone(),
            signpost: post.name.clone(),
            unit: if post.share { "fraction".into() } else { post.variable.unit().into() },
            above: candidate.above,
            threshold: candidate.threshold,
            quarters: candidate.quarters,
            from: candidate.from,
        }
    }
}
