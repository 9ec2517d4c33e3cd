//! Before and after, for people to read.
