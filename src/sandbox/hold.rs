//! In: nothing.
//! Out: the two moments of a request at which a test can hold it, and do something else meanwhile.
//! Never changes what a request does.

use std::pin::Pin;
use std::sync::Arc;

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// It has come in, and nothing was done.
    Before,
    /// It was carried out, as far as a fault let it be, and is not answered.
    After,
}

/// Is waited for at both moments of every request, which it is told by its place in the order of arrival, from 0.
pub type OnMoment = Arc<dyn Fn(usize, Moment) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;
