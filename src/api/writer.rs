//! The way to write to an account; what only reads is never given one.
//! In: a client. Out: the same with [`Writer::send`].
//! `tests/architecture/` says who may make one: `command/apply` alone.

use std::ops::Deref;
use std::sync::Arc;

use reqwest::Method;

use super::{Answer, Api, ApiError, Body, Problem};

/// A client that writes as well. A plain [`Api`] has no means to:
///
/// ```compile_fail
/// async fn observe(api: &trunkform::api::Api) {
///     let _ = api.send("DELETE", "/trunks/1", None, false).await;
/// }
/// ```
#[derive(Debug)]
pub struct Writer(Arc<Api>);

impl Writer {
    /// A writer over a client, which others may go on reading with.
    pub fn over(api: Arc<Api>) -> Self {
        Self(api)
    }

    /// Sends one write; tried again only where it can't take effect twice: PUT, PATCH, DELETE and what `repeats` as a read is,
    /// any other POST only where nothing can have happened (429, no connection).
    ///
    /// ```
    /// async fn apply(api: &trunkform::api::Writer) {
    ///     let _ = api.send("DELETE", "/trunks/1", None, false).await;
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Api::get`]; [`ApiError::is_uncertain`] says whether the write may have taken effect all the same.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&Body>,
        repeats: bool,
    ) -> Result<Answer, ApiError> {
        let writes = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        let Some(method) = writes.into_iter().find(|write| write.as_str() == method) else {
            let why = format!("`{method}` is not POST, PUT, PATCH or DELETE");
            return Err(ApiError::new(self.line(&Method::POST, &self.base), Problem::Setup { why }));
        };
        let url = self.url(&method, path, &[])?;
        let repeats = repeats || method != Method::POST;
        self.run(&method, &url, body, repeats).await
    }
}

impl Deref for Writer {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.0
    }
}
