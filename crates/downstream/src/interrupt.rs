//! Ctrl-C: the first asks the work to stop and clean up, the second ends the process at once.

use std::sync::{
    Once,
    atomic::{AtomicBool, Ordering},
};

/// A flag that Ctrl-C raises, one for the process. Only long work asks for it; without it, Ctrl-C simply ends the process.
pub fn flag() -> &'static AtomicBool {
    static RAISED: AtomicBool = AtomicBool::new(false);
    static LISTEN: Once = Once::new();
    LISTEN.call_once(|| {
        // A process in which no handler can be set is ended by Ctrl-C as ever.
        let _ = ctrlc::set_handler(|| {
            if RAISED.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        });
    });
    &RAISED
}
