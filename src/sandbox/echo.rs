//! How an error repeats the request: the nouns of the fault `echo`.
//! In: the name of a form. Out: the form, with the status of the error and where it is cut.
//! Writes no error.

use std::str::FromStr;

/// An error that repeats the request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Echo {
    pub(super) status: u16,
    pub(super) form: Form,
    /// How many bytes of the answer reach the client; all unless set.
    pub(super) cut: Option<usize>,
}

/// How an error writes what it repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As a text in the platform's own error.
    Json,
    /// The same, percent-encoded but for letters and digits.
    Percent,
    /// The same, each character but letters and digits as an HTML entity.
    Html,
    /// As it is, and nothing around it.
    Raw,
}

const FORMS: &[(&str, Form)] =
    &[("json", Form::Json), ("percent", Form::Percent), ("html", Form::Html), ("raw", Form::Raw)];

impl FromStr for Form {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let form = FORMS.iter().find(|(known, _)| *known == name).map(|(_, form)| *form);
        form.ok_or_else(|| {
            let known: Vec<_> = FORMS.iter().map(|(known, _)| *known).collect();
            format!("`echo={name}`: {}", known.join(", "))
        })
    }
}

impl Echo {
    /// An error 422 that arrives whole.
    pub(super) fn in_form(form: &str) -> Result<Self, String> {
        Ok(Self { status: 422, form: form.parse()?, cut: None })
    }
}
