//! What the layout promises, on texts made at random and on all that the repository has.

mod pairs;
