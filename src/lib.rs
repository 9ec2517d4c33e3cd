//! Trunkform keeps SIP trunks and phone numbers at voice-AI platforms in the state that a reviewed YAML file describes.
//!
//! This page walks one run from the file to the last request. There is no state file: the file says what should be, the platform's API says what
//! is, and every stage in between is a function from values to values.
//!
//! ```text
//!  files ──config::load──▶ desired: State ──┐
//!          (YAML, schema, rules; spans)     ├─scope──▶ World ──diff──▶ Vec<Change> ──planner──▶ Plan ─┬─render──▶ text
//!  platforms ──observe──▶ observed: State ──┘        (both sides)     (what differs)    (requests,    └─apply───▶ Report
//!              (provider, over api)                                                      ordered)                 + journal
//! ```
//!
//! [`engine`] is the one place that puts these stages together: [`engine::plan`], [`engine::apply`], [`engine::drift`], [`engine::undo`], [`engine::export`]. It takes
//! all that is outside as one value, [`engine::Context`]: the table of platforms, the time, the environment, connections, and a reporter of progress. The command line,
//! the tests, the fuzzers and the benchmarks call the engine; nobody else chains two stages.
//!
//! | stage | takes | gives | module |
//! |---|---|---|---|
//! | load | paths, or a Git revision | [`model::Config`] with the place of every attribute, and every complaint at once | [`config`] |
//! | observe | a client for each account | the live [`model::State`], complete or an error | [`provider`], [`api`] |
//! | scope | both states | a [`model::World`]: names resolved, what must stay copied into desired | [`scope`] |
//! | since | what the files said at an earlier revision | what was declared once and is no longer; that revision's world beside this one's | [`since`] |
//! | diff | the world | one [`model::Change`] for each resource that differs | [`diff`] |
//! | plan | worlds and changes | a [`model::Plan`]: literal requests in an order, with reasons, gaps and refusals; and what the plan rests on | [`planner`] |
//! | render | the plan | text or JSON for people and programs | [`render`] |
//! | apply | the same plan | requests sent, a [`model::Report`], a journal | [`apply`] |
//! | export | what is live, and the files beside | a configuration file after which nothing is to do | [`export`] |
//! | undo | a journal and what is live | a world whose desired side is what was live before, in place of load and scope | [`undo`] |
//!
//! # Where things are decided
//!
//! - **What an attribute is** (type, default, whether it refers to something, whether it can be changed in place, whether it is a secret) stands on
//!   the Rust types of a kind, as `provider::kalem::types`, and nowhere else. Their JSON Schema, with our `x-…` annotations, becomes the [`model::Kind`] table that
//!   validation, diff, planner and redaction share, and, without the annotations, the published schema that editors use.
//! - **What must stay** is copied into the desired side by [`scope`], so that the diff knows no exceptions and the planner still sees what a deletion would take along.
//! - **Which requests make a change** is the one thing that a provider knows ([`provider::Provider::lower`]). **In which order they are sent** is decided in `planner/order/` alone, for all platforms.
//! - **Whether a plan may be applied** is decided in `planner/safety.rs`: limits, protection, what would be taken along.
//! - **Whether what was planned still holds** is decided in [`engine::staleness`]: it reads the accounts again and compares them with the fingerprints of the plan.
//! - Nothing is decided at apply. A [`model::Step`] is a literal request; only ids that the plan itself makes (`${kalem.trunk.Backup}`) and secrets (`${env:NAME}`)
//!   are filled in, just before the request is sent. Dry run is not a flag: it is not calling [`apply`].
//!
//! # Where the outside is touched
//!
//! Files are read in [`config`], which also runs `git` where a revision of the files is asked for. Every file that a configuration names is opened by [`folder`]: beneath
//! its folder, whatever links appear. Platforms are read through [`provider`] and written in [`apply`], both over [`api`].
//! The binary's `command` reads the clock, the environment and signals, and hands them to [`engine`].
//! Beside the pipeline stands [`lease`], which keeps two runs of `apply --lock` apart: it reads and writes its own records in a store of the user's, reads the clock, and knows no plan.
//! Beside it stands [`layout`] too: it makes texts of texts, for `fmt` and for what is added to files, and knows what YAML is but no trunk.
//! [`scope`], [`since`], [`diff`], [`planner`], [`render`], [`undo`], [`export`] and [`layout`] touch nothing; `tests/architecture/` holds them to it. Every text that comes from a file or a platform is hostile until
//! [`model::text`] has made it visible.
//!
//! # How it is tested
//!
//! [`sandbox`] is a stand-in for the platforms, written from their documents by another hand than the providers; it imports nothing of the crate. Properties over random worlds
//! run the engine against it over HTTP (`tests/properties.rs`): apply and plan again is empty, any single failed request heals when run again, no number is lost.
//! `tests/faults` goes through every request of many scenarios and every way in which it can go wrong.

pub mod api;
pub mod apply;
pub mod config;
pub mod diff;
pub mod engine;
pub mod explain;
pub mod export;
pub mod folder;
pub mod layout;
pub mod lease;
pub mod model;
pub mod planner;
pub mod provider;
pub mod render;
pub mod sandbox;
pub mod scope;
pub mod since;
pub mod undo;
