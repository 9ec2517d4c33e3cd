//! Trunkform.
pub mod api;
pub mod apply;
pub mod config;
pub mod diff;
pub mod explain;
pub mod model;
pub mod observe;
pub mod planner;
pub mod provider;
pub mod render;
pub mod sandbox;
pub mod scope;
