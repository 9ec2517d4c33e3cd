//! The secrets that a plan needs, read before anything is asked or sent.
//! In: a plan, the environment, files. Out: each secret once, or a diagnostic for each that is missing or too short.
//! Never prints a secret, and forgets all of them with itself.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::secret_files::SecretFiles;
use crate::api::{self, ApiError};
use crate::model::{Code, Diagnostic, Kinds, Plan, SecretNames, Step, secret_value};

/// Secrets by placeholder, each wiped with the last of its holders. They stay until the end of the run, not only until they are sent: whatever a platform says
/// may repeat one, also later and about something else, and only who knows it can take it out.
#[derive(Debug, Default)]
pub struct Secrets(BTreeMap<String, SecretString>);

impl Secrets {
    /// Reads every secret that a request of the plan uses. `env` reads a variable if it is `allowed`; `files` reads a file.
    ///
    /// # Errors
    /// SEC009 for each variable that is not allowed, SEC008 for each secret that can't be found or is malformed, SEC002 for each that is shorter than its attribute needs.
    pub fn resolve(
        plan: &Plan,
        kinds_of: &dyn Fn(&str) -> Option<&'static Kinds>,
        allowed: &SecretNames,
        env: &dyn Fn(&str) -> Option<String>,
        files: &SecretFiles,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut found = Self::default();
        let mut complaints = Vec::new();
        for step in &plan.steps {
            for (field, placeholder) in placeholders(step) {
                let secret = match found.0.get(placeholder) {
                    Some(known) => Ok(known.clone()),
                    None => read(placeholder, allowed, env, files),
                };
                match secret.and_then(|secret| long_enough(secret, needed(plan, step, field, kinds_of))) {
                    Ok(secret) => _ = found.0.insert(placeholder.to_owned(), secret),
                    Err(Wrong(code, what, help)) => {
                        let message = format!("`{field}` of `{}`: {what}", step.address);
                        complaints.push(Diagnostic::new(code, message).help(help).about(&step.address));
                    }
                }
            }
        }
        if complaints.is_empty() { Ok(found) } else { Err(complaints) }
    }

    /// The secret that a placeholder stands for.
    pub(super) fn get(&self, placeholder: &str) -> Option<&SecretString> {
        self.0.get(placeholder)
    }

    /// An error without any of the secrets, should the platform have repeated one.
    pub(super) fn hidden(&self, error: ApiError) -> ApiError {
        self.longest_first().into_iter().fold(error, ApiError::without)
    }

    /// A text without any of the secrets.
    pub(super) fn hidden_in(&self, text: String) -> String {
        self.longest_first().into_iter().fold(text, |text, secret| api::hide(&text, secret))
    }

    /// What is part of another secret must not leave the rest of that one behind.
    fn longest_first(&self) -> Vec<&str> {
        let mut secrets: Vec<&str> = self.0.values().map(ExposeSecret::expose_secret).collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets
    }
}

struct Wrong(Code, String, String);

/// The secrets of a step's body, with the field in which each stands.
fn placeholders(step: &Step) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut pending: Vec<(&str, &Json)> = step.request.body.iter().map(|body| ("", body)).collect();
    while let Some((field, value)) = pending.pop() {
        match value {
            Json::Array(items) => pending.extend(items.iter().map(|item| (field, item))),
            Json::Object(parts) => pending.extend(parts.iter().map(|(field, part)| (field.as_str(), part))),
            Json::String(text) if text.starts_with("${env:") || text.starts_with("${file:") => {
                found.push((field, text.as_str()));
            }
            _ => {}
        }
    }
    found
}

fn read(
    placeholder: &str,
    allowed: &SecretNames,
    env: &dyn Fn(&str) -> Option<String>,
    files: &SecretFiles,
) -> Result<SecretString, Wrong> {
    let missing = |what: String, help: String| Wrong(Code::SEC008, what, help);
    let inside =
        placeholder.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(placeholder);
    let text = match inside.split_once(':') {
        Some(("env", name)) => {
            allowed.check(name).map_err(|why| {
                Wrong(Code::SEC009, format!("the environment variable `{name}` {why}"), why.help())
            })?;
            env(name).map(Zeroizing::new).filter(|value| !value.is_empty()).ok_or_else(|| {
                missing(
                    format!("the environment variable `{name}` is not set"),
                    format!("set {name} before applying"),
                )
            })?
        }
        Some(("file", path)) => files.read(path).map_err(|why| {
            missing(
                format!("the file `{path}` can't be read: {why}"),
                "write the path of a readable file".into(),
            )
        })?,
        _ => {
            return Err(missing(
                format!("`{placeholder}` is no secret"),
                "write {env: NAME} or {file: PATH}".into(),
            ));
        }
    };
    let secret = secret_value(&text).map_err(|flaw| {
        let place = inside.strip_prefix("env:").map(|name| format!("the environment variable `{name}`"));
        let place = place.unwrap_or_else(|| format!("the file `{}`", inside.trim_start_matches("file:")));
        missing(
            format!("{place} {flaw}"),
            "store the secret alone there, on one line; one line break at its end is ignored".into(),
        )
    })?;
    // From a text that is wiped: one that is taken over may be copied to fit.
    Ok(secret.into())
}

/// How many characters the attribute that is sent in this field needs.
fn needed(plan: &Plan, step: &Step, field: &str, kinds_of: &dyn Fn(&str) -> Option<&'static Kinds>) -> usize {
    let account = plan.accounts.iter().find(|account| account.account == step.address.account);
    let kind = account.and_then(|account| kinds_of(&account.provider)?.get(step.address.kind));
    let attribute = kind.and_then(|kind| kind.attributes.iter().find(|attribute| attribute.field == field));
    attribute.map_or(0, |attribute| attribute.min_length)
}

fn long_enough(secret: SecretString, needed: usize) -> Result<SecretString, Wrong> {
    if secret.expose_secret().chars().count() >= needed {
        return Ok(secret);
    }
    Err(Wrong(
        Code::SEC002,
        format!("the secret is too short: the platform needs at least {needed} characters"),
        "use a longer one".into(),
    ))
}
