//! A model that is a program of its own: a line of JSON in, a line of JSON out.
//!
//! The program is started once for each thread and then asked run after run:
//! ```text
//! {"run":12,"seed":6032437713,"depth":2.25,"price":0.11}          to its standard input
//! {"run":12,"cost":41.5,"reliability":0.97}                       from its standard output
//! ```
//! `seed` is a whole number below 2^53, the same whenever this run is run, for models that draw random numbers. A program
//! that could not work a run may say why: `{"run":12,"error":"did not converge"}`. It must write each answer at once
//! (flush) and end when its input ends. One that ends well after an answer is started anew for the next run.
//!
//! What goes wrong with a run (no answer in time, a crash, an answer that is not JSON, is of another run, or lacks an
//! output) is an outcome of that run and of no other: the program is then ended, with all that it started, and begun
//! anew.

mod answer;
mod worker;

use std::{
    collections::BTreeSet,
    fmt::Write,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::Draws;
use answer::Answer;
use worker::{Said, Worker};

/// Names that a line of JSON uses for itself, so that no input or output can have them.
pub const RESERVED: [&str; 3] = ["run", "seed", "error"];

/// A program to be asked.
#[derive(Clone, Debug)]
pub struct Program {
    /// The command, for the shell.
    pub command: String,
    /// The longest that a run may take. Time during which everything was paused does not count.
    pub time_limit: Duration,
    /// Names of the inputs.
    pub inputs: Vec<String>,
    /// Names of the outputs that every answer must give.
    pub outputs: Vec<String>,
    /// From which each run's seed is drawn.
    pub draws: Draws,
}

/// How a run of a program ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Its outputs, in the order of their names.
    Answered(Vec<f64>),
    /// Why it failed.
    Failed(String),
    /// The whole was cancelled before it ended.
    Cancelled,
    /// The command itself cannot be run: no run will succeed.
    Hopeless(String),
}

/// As many processes of a program as threads ask it.
///
/// # Examples
/// ```
/// # #[cfg(unix)] {
/// use explore::{Draws, process::{Outcome, Pool, Program}};
/// use std::{sync::atomic::AtomicBool, time::Duration};
///
/// let program = Program {
///     command: r#"while read -r line; do echo "$line" | sed 's/"x"/"y"/'; done"#.into(),
///     time_limit: Duration::from_secs(5),
///     inputs: vec!["x".into()],
///     outputs: vec!["y".into()],
///     draws: Draws::new(1, 1),
/// };
/// let cancel = AtomicBool::new(false);
/// let pool = Pool::new(&program, &cancel);
/// assert_eq!(pool.run(0, &[2.5]), Outcome::Answered(vec![2.5]));
/// # }
/// ```
#[derive(Debug)]
pub struct Pool<'a> {
    program: &'a Program,
    cancel: &'a AtomicBool,
    idle: Mutex<Vec<Worker>>,
    ignored: Mutex<BTreeSet<String>>,
}

impl<'a> Pool<'a> {
    /// A pool without processes: they are started when they are asked.
    pub fn new(program: &'a Program, cancel: &'a AtomicBool) -> Self {
        Self { program, cancel, idle: Mutex::new(Vec::new()), ignored: Mutex::new(BTreeSet::new()) }
    }

    /// Keys of answers that are no output, of which nothing was kept.
    pub fn ignored(&self) -> Vec<String> {
        self.ignored.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Asks an idle process, or a new one, and waits for its answer.
    pub fn run(&self, run: u64, inputs: &[f64]) -> Outcome {
        let question = self.question(run, inputs);
        let used = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(worker) = used {
            // Unless it has ended of itself since its last answer: then the run is a new process's.
            if let Some(outcome) = self.ask(worker, run, &question) {
                return outcome;
            }
        }
        match Worker::start(&self.program.command) {
            Ok(worker) => self
                .ask(worker, run, &question)
                .unwrap_or_else(|| Outcome::Failed("crashed: ended without an answer".into())),
            Err(error) => Outcome::Hopeless(format!("the shell cannot be started: {error}")),
        }
    }

    fn question(&self, run: u64, inputs: &[f64]) -> String {
        let mut text = format!("{{\"run\":{run},\"seed\":{}", self.program.draws.bits(run, 0) >> 11);
        for (name, value) in self.program.inputs.iter().zip(inputs) {
            // A name as JSON has it, quotes and all; a finite number is written as JSON has it too.
            let name = serde_json::Value::from(name.as_str());
            let _ = write!(text, ",{name}:{}", serde_json::Value::from(*value));
        }
        text.push_str("}\n");
        text
    }

    /// `None` where the process had ended of itself, and well, before it saw the question.
    fn ask(&self, mut worker: Worker, run: u64, question: &str) -> Option<Outcome> {
        let fresh = worker.answered == 0;
        let said = match worker.ask(question) {
            Ok(()) => worker.wait(self.program.time_limit, self.cancel),
            Err(_) => Said::End,
        };
        match said {
            Said::Line(line) => {
                let Answer { outcome, ignored, in_step } = answer::read(&line, run, &self.program.outputs);
                if !ignored.is_empty() {
                    self.ignored.lock().unwrap_or_else(PoisonError::into_inner).extend(ignored);
                }
                if in_step {
                    worker.answered += 1;
                    self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
                } else {
                    worker.kill();
                }
                Some(outcome.map_or_else(Outcome::Failed, Outcome::Answered))
            }
            Said::End => {
                let end = worker.end();
                if self.cancel.load(Ordering::SeqCst) {
                    return Some(Outcome::Cancelled);
                }
                if !fresh && end.well {
                    return None;
                }
                Some(if end.not_a_command {
                    Outcome::Hopeless(end.words)
                } else {
                    Outcome::Failed(format!("crashed: {}", end.words))
                })
            }
            Said::Nothing => {
                worker.kill();
                Some(Outcome::Failed(format!("timeout: no answer within {:?}", self.program.time_limit)))
            }
            Said::Cancelled => {
                worker.kill();
                Some(Outcome::Cancelled)
            }
        }
    }
}

impl Drop for Pool<'_> {
    fn drop(&mut self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for worker in idle {
            worker.dismiss();
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
