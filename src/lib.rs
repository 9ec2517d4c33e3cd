//! Trunkform.
pub mod sandbox;
