//! A local stand-in for the platforms.
