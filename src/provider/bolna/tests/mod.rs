//! The provider's two questions: `observe` against a server that lists rows in every way, `lower` as tables of requests.

mod deleting;
mod ids;
mod lists;
mod lower;
mod made_up;
mod names;
mod numbers;
mod observe;
