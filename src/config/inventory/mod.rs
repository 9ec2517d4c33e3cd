//! Inventories: tables whose rows stand for numbers.
//! In: what a file has under `numbers_from`, and the tables themselves. Out: the same as if the rows were entries of `numbers`, every complaint at its row.
//! Keeps a few rows at a time; shows nothing of columns that are not known.

mod columns;
mod faults;
mod named;
mod table;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use super::decode::Reader;
use super::defaults::{self, Pair};
use super::files::{self, File};
use super::paths::straight;
use super::range::MOST;
use super::wording::{clean, shown};
use super::yaml::{Content, Key, Node};
use super::{Loading, text};
use crate::folder::{FolderPath, stays_beneath};
use crate::model::{Account, Address, Code, Diagnostic, Kind, KindName, Span};
use crate::provider::Provider;
use columns::Column;
use faults::Faults;
pub(super) use faults::few;
pub(super) use named::Inventories;
use named::Named;
use table::{Row, Table};

/// So many rows are a tree at a time.
const CHUNK: usize = 1000;

/// Whose numbers they are.
type Whose<'a> = (&'a Account, &'static dyn Provider);

/// Reads what a file names under `numbers_from`.
pub(super) fn read(
    loading: &mut Loading<'_>,
    (file, folder): (&Arc<str>, Option<&FolderPath>),
    root: &Node<'_>,
    whose: Whose<'_>,
) {
    let Some(from) = root.get("numbers_from") else { return };
    let listed = match &from.content {
        Content::List(items) => items,
        _ => std::slice::from_ref(from),
    };
    for entry in listed {
        let Some(node) = entry.get("csv") else { continue };
        let Some(path) = node.text().filter(|path| !path.is_empty()) else { continue };
        let place = (file, node.span);
        match opened(loading, (folder, path), place) {
            Ok(csv) => {
                named(loading, (place, &csv), |kind, span| defaults::of_rows(root, entry, kind, span), whose)
            }
            Err(why) => loading.found.extend(
                why.into_iter()
                    .map(|complaint| Diagnostic { labels: Vec::new(), ..complaint }.at(file, node.span, "")),
            ),
        }
    }
}

/// The file of an inventory, or why it is none.
fn opened(
    loading: &Loading<'_>,
    (folder, path): (Option<&FolderPath>, &str),
    place: (&Arc<str>, Span),
) -> Result<File, Vec<Diagnostic>> {
    let refuse = |message: String, help: &str| Err(vec![Diagnostic::new(Code::CFG008, message).help(help)]);
    let written = Path::new(path);
    let Some(folder) = folder else {
        let message = "the configuration comes through a pipe and has no folder, so it names no file";
        return refuse(message.to_owned(), "list the numbers, or give the configuration as a file");
    };
    if !stays_beneath(written) {
        return refuse("the path of an inventory leads out of the file's folder".to_owned(), files::INSIDE);
    }
    if files::is_configuration(written) {
        let help = "name a CSV file: configuration files are given to the command, one beside the other";
        return refuse(format!("{} is no table", shown(path)), help);
    }
    let csv = (loading.beside)(folder, &straight(written))?;
    // It would be shown without its secrets' masks.
    if loading.sources.get(&csv.name).is_some() && !loading.inventories.has(&csv.name) {
        return refuse(
            format!("{} is a configuration file of this run: {}", shown(path), clean(place.0)),
            "name a CSV file",
        );
    }
    Ok(csv)
}

/// Reads an inventory once; where it is named again, its numbers stand twice.
fn named<'d>(
    loading: &mut Loading<'_>,
    (place, csv): ((&Arc<str>, Span), &File),
    defaults: impl Fn(&'static Kind, Span) -> Vec<Pair<'d>>,
    whose: Whose<'_>,
) {
    if let Some(complaint) = loading.inventories.again(whose.0, &csv.name, place) {
        loading.found.push(complaint);
        return;
    }
    let (text, unclean) = text::decode(&csv.name, &csv.bytes);
    if loading.sources.get(&csv.name).is_none() {
        loading.sources.insert(&csv.name, &text);
    }
    let mut named = Named { file: place.0.clone(), span: place.1, rows: 0, first: None };
    let mut reading = Reading {
        file: &csv.name,
        whose,
        kind: &whose.1.kinds().number,
        hidden: Vec::new(),
        faults: Faults::default(),
    };
    match unclean {
        Some(complaint) => {
            reading.hide(Table::new(&text));
            loading.found.push(complaint);
        }
        None => reading.rows(loading, &text, defaults, &mut named),
    }
    let Reading { hidden, faults, .. } = reading;
    loading.found.extend(faults.finish());
    if !hidden.is_empty() {
        loading.sources.mask(&csv.name, &hidden);
    }
    loading.inventories.add(whose.0, &csv.name, named);
}

/// One inventory while it is read.
struct Reading<'a> {
    file: &'a Arc<str>,
    whose: Whose<'a>,
    kind: &'static Kind,
    /// What nobody is shown.
    hidden: Vec<Span>,
    faults: Faults,
}

impl Reading<'_> {
    fn rows<'t, 'd: 't>(
        &mut self,
        loading: &mut Loading<'_>,
        text: &'t str,
        defaults: impl Fn(&'static Kind, Span) -> Vec<Pair<'d>>,
        named: &mut Named,
    ) {
        let mut table = Table::new(text);
        let Some(header) = table.next() else {
            loading.found.push(
                Diagnostic::new(Code::CFG015, "the inventory is empty")
                    .at(self.file, Span::default(), "")
                    .help(format!(
                        "begin with a line that names the columns: `{}`, and other attributes",
                        self.kind.identity
                    )),
            );
            return;
        };
        let columns = match &header.cells {
            Ok(cells) => columns::of_header((self.file, header.span), cells, self.kind, &mut loading.found),
            Err(fault) => {
                self.faults.quotes(self.file, *fault);
                None
            }
        };
        let Some(columns) = columns else { return self.hide(Table::new(text)) };
        let shared: Vec<Pair<'t>> = defaults(self.kind, header.span);
        let mut rows = Vec::with_capacity(CHUNK);
        loop {
            let row = table.next();
            let last = row.is_none();
            let node = row.and_then(|row| self.row(row, (&columns, &shared), table.separator()));
            rows.extend(node);
            if rows.len() == CHUNK || last {
                self.chunk(loading, std::mem::take(&mut rows), named);
            }
            if last {
                return;
            }
            if self.too_many(loading, header.span) {
                return self.hide(Table::new(text));
            }
        }
    }

    /// A row as an entry of `numbers`.
    fn row<'t>(
        &mut self,
        row: Row<'t>,
        (columns, shared): (&[Column], &[Pair<'t>]),
        separator: char,
    ) -> Option<Node<'t>> {
        let private = columns.iter().any(|column| column.name().is_none());
        let cells = match row.cells {
            Ok(cells) if cells.len() == columns.len() => cells,
            Ok(cells) => {
                self.hidden
                    .extend(cells.iter().skip(if private { 0 } else { columns.len() }).map(|cell| cell.span));
                self.faults.length((self.file, row.span), (cells.len(), columns.len()), separator);
                return None;
            }
            Err(fault) => {
                self.hidden.extend(private.then_some(row.span));
                self.faults.quotes(self.file, fault);
                return None;
            }
        };
        let hidden = cells.iter().zip(columns).filter(|(_, column)| private && column.name().is_none());
        self.hidden.extend(hidden.map(|(cell, _)| cell.span));
        let mut pairs = Vec::with_capacity(columns.len() + shared.len());
        for (cell, column) in cells.into_iter().zip(columns) {
            let Some(name) = column.name() else { continue };
            if name == self.kind.identity
                && let Some(damage) = columns::damage(&cell.text)
            {
                self.faults.damaged((self.file, cell.span), damage);
                return None;
            }
            if let Some(content) = column.content(cell.text) {
                let key = Key { text: Cow::Borrowed(name), span: row.span };
                pairs.push((key, Node { span: cell.span, plain: false, content }));
            }
        }
        defaults::add(&mut pairs, shared);
        Some(Node { span: row.span, plain: true, content: Content::Map(pairs) })
    }

    /// Whether the account has more resources than one may have; said once.
    fn too_many(&self, loading: &mut Loading<'_>, place: Span) -> bool {
        let too_many = loading.accounts.count(self.whose.0) as u64 > MOST;
        loading.found.extend(too_many.then(|| {
            Diagnostic::new(
                Code::CFG004,
                format!("the account has more than {MOST} resources with this inventory"),
            )
            .at(self.file, place, "")
            .help("split it over several accounts")
        }));
        too_many
    }

    /// Checks and adds some rows as if they were a file of their own.
    fn chunk(&self, loading: &mut Loading<'_>, rows: Vec<Node<'_>>, named: &mut Named) {
        let (account, provider) = self.whose;
        let number = |row: &Node<'_>| {
            Some(Address::new(account, KindName::Number, row.get(self.kind.identity)?.text()?))
        };
        named.first = named.first.take().or_else(|| rows.iter().find_map(number));
        named.rows += rows.len();
        let node = |content| Node { span: Span::default(), plain: false, content };
        let key = |text| Key { text: Cow::Borrowed(text), span: Span::default() };
        let root = node(Content::Map(vec![
            (key("provider"), node(Content::Text(provider.name().into()))),
            (key("numbers"), node(Content::List(rows))),
        ]));
        let Loading { policy, accounts, shapes, sources, found, .. } = loading;
        shapes.check(self.file, &root, self.whose, found);
        if let Some(source) = sources.get(self.file) {
            let reader = Reader::new((self.file, None), source, account, &policy.secret_names);
            accounts.add(&reader, &root, provider, found);
        }
    }

    /// Hides every cell that could be private, of a table that is not read further: all but the header where it names a column, and the known columns.
    fn hide(&mut self, mut table: Table<'_>) {
        let header = table.next();
        let cells = header.as_ref().and_then(|row| row.cells.as_ref().ok());
        let known = |name: &str| {
            self.kind.attribute(name).is_some_and(|a| !a.secret) || ["id", "protect"].contains(&name)
        };
        let known: Vec<bool> = cells.into_iter().flatten().map(|cell| known(&cell.text)).collect();
        if !known.contains(&true) {
            self.hidden.extend(header.map(|row| row.span));
        }
        for row in table {
            match row.cells {
                Ok(cells) if cells.len() == known.len() => {
                    let private = cells.iter().zip(&known).filter(|(_, known)| !**known);
                    self.hidden.extend(private.map(|(cell, _)| cell.span));
                }
                _ => self.hidden.push(row.span),
            }
        }
    }
}
