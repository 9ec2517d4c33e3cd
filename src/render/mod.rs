//! Values become text.
