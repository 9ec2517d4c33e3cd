//! A plan becomes requests that are sent.
