//! A mistake of Trunkform's own that ends a thread.
//! In: a panic. Out: its place and its words on stderr, with the stack where `RUST_BACKTRACE` asks for it.
//! Words may hold what came from outside: they are made visible.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{self, PanicHookInfo};
use std::thread;

use trunkform::model::visible;

use super::output;

/// Installs a panic hook that prints each panic as an error message.
pub(crate) fn watch_panics() {
    panic::set_hook(Box::new(|crash| {
        output::note(&told(crash));
        let stack = Backtrace::capture();
        if stack.status() == BacktraceStatus::Captured {
            output::note(&stack.to_string());
        }
    }));
}

fn told(crash: &PanicHookInfo<'_>) -> String {
    let payload = crash.payload();
    let words = payload.downcast_ref::<&str>().copied();
    let words =
        words.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    let place = crash.location().map(|place| format!(" at {place}")).unwrap_or_default();
    let thread = thread::current().name().map(|name| format!(" in the thread `{name}`")).unwrap_or_default();
    format!("error: internal error{place}{thread}: {}", visible(words))
}
