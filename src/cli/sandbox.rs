//! The arguments of `sandbox`.
//! In: arguments. Out: where it listens, what it starts with, and what goes wrong.
//! Nothing is done here.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// Serve local stand-ins of the platforms; any bearer token is good. Prints the environment to set.
#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Keep the state in this file; what is in it wins over the seed.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// What is there at the start, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
    /// What goes wrong, such as `status=500,method=POST,nth=2`; may repeat.
    ///
    /// KIND[=VALUE][,KEY=VALUE…], with the kinds latency=20ms, status=503, 429, reset-before, reset-after, truncate, malformed, html, redirect, hang,
    /// echo=json|percent|html|raw (the error repeats the request; with status=422, cut=BYTES),
    /// shift-page, short-page, and the switches bare, flat-paginator, no-agents, created-inactive, delete-204. Which requests it hits: method=POST,
    /// path=/trunks*, platform=NAME, request=K (from 0), nth=N (from 1), after=N, times=N. Further: retry-after=2|date|none, effect=before|after.
    #[arg(long, value_name = "SPEC")]
    pub(crate) fault: Vec<String>,
}
