//! What the columns of an inventory mean, and what its cells say.
//! In: the header and the cells. Out: for each column what it is, for each cell a value of the type that its attribute has.
//! A column that is not known is complained about once, and its cells go no further.

use std::borrow::Cow;
use std::sync::Arc;

use super::table::Cell;
use crate::config::wording::{clean, shown, similar, unknown_key};
use crate::config::yaml::Content;
use crate::model::{Attribute, Code, Diagnostic, Kind, Span};

/// The settings that may be columns.
const SETTINGS: [&str; 2] = ["id", "protect"];

/// What one column is.
#[derive(Clone, Copy)]
pub(super) enum Column {
    /// The cells of an attribute.
    Attribute(&'static Attribute),
    /// `id`.
    Id,
    /// `protect`.
    Protect,
    /// Nothing that could be told, or a secret: nobody is shown its cells.
    Private,
}

impl Column {
    /// Its name, where it has one.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Attribute(attribute) => Some(attribute.name),
            Self::Id => Some(SETTINGS[0]),
            Self::Protect => Some(SETTINGS[1]),
            Self::Private => None,
        }
    }

    fn of(name: &str, kind: &'static Kind) -> Option<Self> {
        match name {
            "id" => Some(Self::Id),
            "protect" => Some(Self::Protect),
            name => kind.attribute(name).map(Self::Attribute),
        }
    }

    /// What a cell says: an empty one nothing, `null` that there is to be nothing.
    pub(super) fn content<'t>(self, text: Cow<'t, str>) -> Option<Content<'t>> {
        let truth = || ["false", "true"].iter().position(|word| word.eq_ignore_ascii_case(&text));
        let whole = || text.parse::<i64>().ok();
        Some(match (self, &*text) {
            (_, "") => return None,
            (_, "null") => Content::Null,
            (Self::Attribute(Attribute { integer: true, .. }) | Self::Id, _) => {
                whole().map_or(Content::Text(text), Content::Int)
            }
            (Self::Attribute(Attribute { boolean: true, .. }) | Self::Protect, _) => {
                truth().map_or(Content::Text(text), |at| Content::Bool(at == 1))
            }
            _ => Content::Text(text),
        })
    }
}

/// What the header says, with what is wrong with it. Nothing can be read where there is no column for the number.
pub(super) fn of_header(
    (file, row): (&Arc<str>, Span),
    header: &[Cell<'_>],
    kind: &'static Kind,
    found: &mut Vec<Diagnostic>,
) -> Option<Vec<Column>> {
    let known: Vec<_> = kind.attributes.iter().filter(|a| fits(a)).map(|a| a.name).chain(SETTINGS).collect();
    let column = |cell: &Cell<'_>| Column::of(&cell.text, kind);
    if !header.iter().any(|cell| column(cell).is_some() || similar(&cell.text, &known).is_some()) {
        found.push(
            Diagnostic::new(Code::CFG015, "the first line does not name the columns").at(file, row, "").help(
                format!("begin with a line such as `{}`: known here: {}", kind.identity, known.join(", ")),
            ),
        );
        return None;
    }
    let before = found.len();
    let mut columns = Vec::with_capacity(header.len());
    for (at, cell) in header.iter().enumerate() {
        let earlier = header[..at].iter().find(|earlier| earlier.text == cell.text);
        let complaint = match (column(cell), earlier) {
            _ if cell.text.is_empty() => Some(nameless()),
            (Some(_), Some(earlier)) => Some(twice(cell).at(file, cell.span, "a second time here").at(
                file,
                earlier.span,
                "first here",
            )),
            (None, _) => Some(unknown(cell, &known)),
            (Some(Column::Attribute(attribute)), _) if !fits(attribute) => Some(unfit(attribute)),
            _ => None,
        };
        columns.push(column(cell).filter(|_| complaint.is_none()).unwrap_or(Column::Private));
        let place = if cell.text.is_empty() { row } else { cell.span };
        found.extend(complaint.map(|c| if c.labels.is_empty() { c.at(file, place, "") } else { c }));
    }
    let names_numbers = columns.iter().any(|column| column.name() == Some(kind.identity));
    if !names_numbers && !header.iter().any(|cell| similar(&cell.text, &[kind.identity]).is_some()) {
        found.push(
            Diagnostic::new(Code::CFG006, format!("the column `{}` is missing", kind.identity))
                .at(file, row, "")
                .help(format!("name the column of the numbers `{}`", kind.identity)),
        );
    }
    (names_numbers || found.len() == before).then_some(columns)
}

/// Whether one cell can say it.
fn fits(attribute: &Attribute) -> bool {
    !attribute.secret && !attribute.set && attribute.parts.is_empty()
}

fn nameless() -> Diagnostic {
    Diagnostic::new(Code::CFG015, "a column has no name")
        .help("name each column in the first line, or take the column out")
}

fn twice(cell: &Cell<'_>) -> Diagnostic {
    Diagnostic::new(Code::CFG003, format!("the column {} stands twice", shown(&cell.text)))
        .help("keep one of them")
}

fn unknown(cell: &Cell<'_>, known: &[&str]) -> Diagnostic {
    let (message, help) = unknown_key(&cell.text, known);
    let complaint = Diagnostic::new(Code::CFG005, message.replacen("the key", "the column", 1));
    Diagnostic { help, ..complaint }
}

fn unfit(attribute: &Attribute) -> Diagnostic {
    let what = if attribute.secret { "a secret" } else { "a list" };
    Diagnostic::new(Code::CFG008, format!("`{}` is {what}: it can't stand in a table", attribute.name))
        .help("write such a number as an entry of `numbers`")
}

/// What a spreadsheet has made of a number, where it can be told; and what to do about it.
pub(super) fn damage(text: &str) -> Option<(String, String)> {
    if is_scientific(text) {
        let message =
            format!("{} is a number of which a spreadsheet has dropped the last digits", shown(text));
        let help = "give the column the format \"Text\" in the spreadsheet, then fill in the numbers anew: the digits are lost";
        return Some((message, help.to_owned()));
    }
    let bare = text.strip_prefix('\'').or_else(|| text.strip_prefix('='))?;
    let inner = bare.trim_matches(['"', '\'', ' ']);
    let message = format!("{} is written for a spreadsheet: nothing else reads it as a number", shown(text));
    let help = match inner.strip_prefix('+').unwrap_or(inner).bytes().all(|b| b.is_ascii_digit())
        && !inner.is_empty()
    {
        true => format!("write `{}`", clean(inner)),
        false => "write `+`, the country code and the number, and nothing around it".to_owned(),
    };
    Some((message, help))
}

/// `1.55512E+10`, also with a comma.
fn is_scientific(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    digits(&mantissa.replacen(['.', ','], "", 1)) && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider;

    #[test]
    fn what_spreadsheets_do_to_numbers_is_known() {
        for damaged in ["1.55512E+10", "1,55512E+10", "+1.5e10", "2E9"] {
            assert!(damage(damaged).unwrap().1.contains("Text"), "{damaged}");
        }
        for (guarded, plain) in [
            ("'+15551234567", "+15551234567"),
            ("=\"+15551234567\"", "+15551234567"),
            ("'15551234567", "15551234567"),
        ] {
            assert_eq!(damage(guarded).unwrap().1, format!("write `{plain}`"));
        }
        assert!(damage("=A1+1").unwrap().1.contains("country code"));
        for fine in ["+15551234567", "15551234567", "+1..+2", "EE", "E5", ""] {
            assert_eq!(damage(fine), None, "{fine}");
        }
    }

    #[test]
    fn the_numbers_of_all_platforms_fit_into_tables() {
        for provider in provider::ALL {
            assert!(provider.kinds().number.attributes.iter().all(fits), "{}", provider.name());
            let trunk = &provider.kinds().trunk;
            assert!(!trunk.attributes.iter().all(fits), "secrets do not");
        }
    }
}
