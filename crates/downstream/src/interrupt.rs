//! Ctrl-C: the first asks the work to stop and clean up, the second ends the process at once.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// A flag that Ctrl-C raises. Only long work asks for it; without it, Ctrl-C simply ends the process.
pub fn flag() -> Arc<AtomicBool> {
    let raised = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&raised);
    let handler = move || {
        if flag.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    };
    // A handler is already there only if this is called twice in one process; the first then serves.
    let _ = ctrlc::set_handler(handler);
    raised
}
