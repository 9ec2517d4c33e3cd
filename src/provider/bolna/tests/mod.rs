//! The provider's two questions.
