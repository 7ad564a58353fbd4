//! Why a command did not answer, and with which exit code it ends.

use units::{Problem, Problems};

/// Why a command did not answer.
#[derive(Debug)]
pub enum Failure {
    /// The user's input: exit code 2.
    Input(Problems),
    /// Our own failure: exit code 1.
    Ours(String),
    /// Ctrl-C: exit code 130; whatever was being written is gone.
    Interrupted,
    /// `--strict` turned an answer into a failure: exit code 1, nothing more to say.
    Strict,
    /// Whoever read our output has stopped reading: not an error.
    ClosedPipe,
}

impl Failure {
    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Input(_) => 2,
            Self::Ours(_) | Self::Strict => 1,
            Self::Interrupted => 130,
            Self::ClosedPipe => 0,
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Input(problem.into())
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Input(problems)
    }
}
