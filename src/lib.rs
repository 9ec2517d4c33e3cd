//! Trunkform.
pub mod model;
pub mod sandbox;
