//! Values become text.

pub mod diagnostics;
