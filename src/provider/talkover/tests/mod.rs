//! The provider's two questions: `observe` against a server of canned answers, `lower` and `lower_all` as tables of requests, and the sets of random plans.

mod calling;
mod envelopes;
mod ids;
mod lower;
mod observe;
mod random;
mod server;
mod world;
