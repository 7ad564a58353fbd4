//! A progress bar on a terminal, nothing in a pipe.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use study::ensemble::Watch;

use crate::{context::Context, interrupt};

/// Does long work under a bar that Ctrl-C ends: the work is watched, and the bar is gone before anything is printed.
pub fn watched<T>(what: &'static str, context: &Context, work: impl FnOnce(Watch<'_>) -> T) -> T {
    let bar = bar(1, what, context.global.quiet);
    let advance = |done: u64, all: u64| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let done = work(Watch { progress: &advance, cancel: interrupt::flag() });
    bar.finish_and_clear();
    done
}

/// A bar of `total` steps on stderr, hidden where stderr is no terminal or `--quiet` was given.
pub fn bar(total: u64, what: &'static str, quiet: bool) -> ProgressBar {
    let target = if quiet || !std::io::stderr().is_terminal() {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let bar = ProgressBar::with_draw_target(Some(total), target).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {percent:>3} %  {eta} left") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}
