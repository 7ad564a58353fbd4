//! One process of a program.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

/// How often a wait looks up: for Ctrl-C, and so that time in which this process was stopped is not held against a run.
const TICK: Duration = Duration::from_millis(50);
/// Longest answer [bytes]; a longer one is cut and will not be JSON.
const LONGEST_LINE: u64 = 1 << 20;
/// How much of its last words is kept [bytes].
const LAST_WORDS: usize = 500;
/// How long a process may take to end once its input has ended.
const GRACE: Duration = Duration::from_secs(1);

/// What a process said.
#[derive(Debug)]
pub(super) enum Said {
    /// A line.
    Line(String),
    /// It has ended, or closed its output.
    End,
    /// Nothing in time.
    Nothing,
    /// The whole was cancelled.
    Cancelled,
}

/// How a process ended.
pub(super) struct End {
    /// With exit code 0.
    pub well: bool,
    /// The shell found no such command.
    pub not_a_command: bool,
    /// For people.
    pub words: String,
}

#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    errors: Arc<Mutex<Vec<u8>>>,
    listener: Option<thread::JoinHandle<()>>,
    /// Runs that it has answered.
    pub answered: u64,
}

impl Worker {
    /// Starts a process, by the shell.
    pub fn start(command: &str) -> io::Result<Self> {
        let mut shell = shell(command);
        let mut child = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let input = child.stdin.take();
        // A program that floods its output waits here, and is out of step soon enough.
        let (sender, lines) = sync_channel(16);
        if let Some(output) = child.stdout.take() {
            thread::spawn(move || listen(output, &sender));
        }
        let errors = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&errors);
        let listener = child.stderr.take().map(|output| thread::spawn(move || keep_last(output, &kept)));
        Ok(Self { child, input, lines, errors, listener, answered: 0 })
    }

    pub fn ask(&mut self, question: &str) -> io::Result<()> {
        let input = self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        input.write_all(question.as_bytes())?;
        input.flush()
    }

    pub fn wait(&self, limit: Duration, cancel: &AtomicBool) -> Said {
        let mut waited = Duration::ZERO;
        loop {
            if cancel.load(Ordering::SeqCst) {
                return Said::Cancelled;
            }
            let tick = TICK.min(limit.saturating_sub(waited));
            let asked = Instant::now();
            match self.lines.recv_timeout(tick) {
                Ok(line) if line.trim().is_empty() => {}
                Ok(line) => return Said::Line(line),
                Err(RecvTimeoutError::Disconnected) => return Said::End,
                Err(RecvTimeoutError::Timeout) => {}
            }
            // After a pause (Ctrl-Z) a tick has taken minutes: it counts as one tick.
            waited += asked.elapsed().min(2 * TICK);
            if waited >= limit {
                return Said::Nothing;
            }
        }
    }

    /// Waits for the end of a process that has closed its output, and says how it ended.
    pub fn end(mut self) -> End {
        drop(self.input.take());
        let status = self.reap(GRACE);
        if let Some(listener) = self.listener.take().filter(|_| status.is_some()) {
            // What it started may live on and hold the pipe: its words are not waited for.
            let begun = Instant::now();
            while !listener.is_finished() && begun.elapsed() < TICK {
                thread::sleep(Duration::from_millis(1));
            }
        }
        let errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        let last = String::from_utf8_lossy(&errors).trim().lines().last().unwrap_or_default().trim().to_string();
        drop(errors);
        let how = match status {
            Some(status) => status.to_string(),
            None => "closed its output and went on".into(),
        };
        let code = status.and_then(|status| status.code());
        // What the shell says of a command that is not there, or is no program (POSIX, 2.8.2).
        let not_a_command = self.answered == 0 && matches!(code, Some(126 | 127));
        let words = if last.is_empty() { how } else { format!("{how}: {last}") };
        kill_all(&mut self.child);
        End { well: code == Some(0), not_a_command, words }
    }

    /// Ends it now, with all that it started.
    pub fn kill(mut self) {
        drop(self.input.take());
        kill_all(&mut self.child);
    }

    /// Lets it end by itself, but not for long.
    pub fn dismiss(mut self) {
        drop(self.input.take());
        self.reap(GRACE);
        kill_all(&mut self.child);
    }

    /// The exit status, as soon as there is one.
    fn reap(&mut self, patience: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if begun.elapsed() < patience => thread::sleep(Duration::from_millis(2)),
                Ok(None) | Err(_) => return None,
            }
        }
    }
}

/// Hands on lines until the output ends or nobody listens.
fn listen(output: impl Read, lines: &SyncSender<String>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        match (&mut output).take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(read) if read > 0 => {
                if lines.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
            }
            _ => return,
        }
    }
}

/// Reads all of it, so that the program never waits, and keeps the end.
fn keep_last(mut output: impl Read, kept: &Mutex<Vec<u8>>) {
    let mut some = [0; 4096];
    while let Ok(read) = output.read(&mut some) {
        if read == 0 {
            return;
        }
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&some[..read]);
        let surplus = kept.len().saturating_sub(LAST_WORDS);
        kept.drain(..surplus);
    }
}

/// A group of its own: Ctrl-C is ours to handle, and what the program started ends with it.
#[cfg(unix)]
fn shell(command: &str) -> Command {
    use std::os::unix::process::CommandExt;
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).process_group(0);
    shell
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.arg("/C").arg(command);
    shell
}

#[cfg(unix)]
fn kill_all(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // The group lives as long as one of its processes; if there is none, there is nothing to end.
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait();
}

#[cfg(not(unix))]
fn kill_all(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
