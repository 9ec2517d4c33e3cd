//! Writes documents with whatever YAML has, in any layout.
//! In: choices. Out: a text, mostly YAML.
//! Nothing in it has to mean anything to us.

use super::mess::Choices;

const SCALARS: [&str; 44] = [
    "a",
    "Office PBX",
    "+15551234567",
    "no",
    "on",
    "5060",
    "1.5",
    "null",
    "~",
    "true",
    "12:30",
    "0644",
    "a:b",
    "a#b",
    "-a",
    "?x",
    ":x",
    "10%",
    "{env: NAME}",
    "[a, b]",
    "\"x\"",
    "'x'",
    "'it''s'",
    "'a\\b'",
    "\"a \\\" b\"",
    "'# no'",
    "\"+1\"",
    "\"\"",
    "''",
    "é — 漢",
    "number.+1800*",
    "[]",
    "{}",
    "[ a,b , ]",
    "{a: 1,b: }",
    "{ ? a : b }",
    "[{a: b},[c]]",
    "{\"a\":1}",
    "*x",
    "!!str 5",
    "!local a",
    "&y z",
    "<<",
    ".inf",
];
const KEYS: [&str; 18] = [
    "a", "b", "name", "number", "trunk", "status", "no", "'q'", "\"d\"", "a b", "<<", "12", "&k c",
    "!!str t", "trunks", "numbers", "*x ", "é",
];
const COMMENTS: [&str; 6] = ["# c", "#c", "#", "# a: b", "## - x", "# é  "];

/// A document out of choices. Not all of them are YAML.
pub(super) struct Author<'c> {
    choices: Choices<'c>,
    out: String,
    eol: &'static str,
    keys: usize,
}

impl Author<'_> {
    pub(super) fn document(choices: &[u8]) -> String {
        let mut author = Author { choices: Choices::new(choices), out: String::new(), eol: "\n", keys: 0 };
        author.eol = author.choices.one(&["\n", "\n", "\r\n"]);
        author.out.push_str(author.choices.one(&[
            "",
            "",
            "",
            "",
            "\u{feff}",
            "%YAML 1.2\n---\n",
            "---\n",
            "--- # d\n",
        ]));
        author.trivia(0);
        // What aliases stand for.
        author.line("top: &x {k: v}");
        let depth = 1 + author.choices.below(4);
        author.map(0, depth, false);
        author.out.push_str(author.choices.one(&["", "", "", "...\n", "\n\n", "# end", "  # end\n"]));
        if author.choices.rarely(6) {
            let bare = author.out.trim_end().len();
            author.out.truncate(bare);
        }
        author.out
    }

    fn end(&mut self) {
        if self.choices.rarely(5) {
            let blanks = self.choices.one(&[" ", "  ", "\t", "      "]);
            let comment = self.choices.one(&COMMENTS);
            self.out.push_str(blanks);
            self.out.push_str(comment);
        } else {
            self.out.push_str(self.choices.one(&["", "", "", " ", "\t"]));
        }
        self.out.push_str(self.eol);
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.end();
    }

    fn indent(&mut self, column: usize) {
        self.out.push_str(&" ".repeat(column));
    }

    /// Empty lines and comments about a column.
    fn trivia(&mut self, column: usize) {
        for _ in 0..[0, 0, 0, 0, 1, 2, 3][self.choices.below(7)] {
            if self.choices.rarely(2) {
                let about = [0, column, column, column, column + 1, column + 2, column + 4, column / 2];
                let at = about[self.choices.below(about.len())];
                self.indent(at);
                let comment = self.choices.one(&COMMENTS);
                self.out.push_str(comment);
            } else {
                self.out.push_str(self.choices.one(&["", "", "  "]));
            }
            self.out.push_str(self.eol);
        }
    }

    /// Keys at a column; the first one where the pen is, if it is `placed`.
    fn map(&mut self, column: usize, depth: usize, mut placed: bool) {
        for _ in 0..=self.choices.below(4) {
            if !placed {
                self.trivia(column);
                self.indent(column);
            }
            placed = false;
            let key = self.choices.one(&KEYS);
            self.keys += 1;
            let blank = self.choices.one(&["", "", "", " "]);
            if self.choices.rarely(12) {
                self.out.push_str(&format!("? {key}{}", " ".repeat(self.choices.below(2))));
                self.end();
                self.indent(column);
                self.out.push(':');
            } else {
                // Keys that are words get a number, so that none is there twice.
                let number = if key.chars().all(|c| c.is_ascii_lowercase()) {
                    self.keys.to_string()
                } else {
                    String::new()
                };
                self.out.push_str(&format!("{key}{number}{blank}:"));
            }
            self.value(column, depth, true);
        }
    }

    fn list(&mut self, column: usize, depth: usize, mut placed: bool) {
        for _ in 0..=self.choices.below(3) {
            if !placed {
                self.trivia(column);
                self.indent(column);
            }
            placed = false;
            self.out.push('-');
            if depth > 0 && self.choices.rarely(2) {
                let blanks = 1 + [0, 0, 1, 3][self.choices.below(4)];
                self.indent(blanks);
                let inner = column + 1 + blanks;
                if self.choices.rarely(4) {
                    self.list(inner, depth - 1, true)
                } else {
                    self.map(inner, depth - 1, true)
                }
            } else {
                self.value(column, depth, false);
            }
        }
    }

    /// What follows a `:` or a `-` in this column.
    fn value(&mut self, column: usize, depth: usize, of_key: bool) {
        let deeper = column + [2, 2, 1, 3, 4, 8][self.choices.below(6)];
        match self.choices.below(if depth > 0 { 12 } else { 6 }) {
            0..=2 => {
                self.out.push_str(self.choices.one(&[" ", " ", "   ", "\t"]));
                let scalar = self.choices.one(&SCALARS);
                self.line(scalar);
            }
            3 => self.several(deeper),
            4 => self.block(deeper, column),
            5 => {
                self.end();
                if self.choices.rarely(3) {
                    self.trivia(deeper);
                    self.indent(deeper);
                    let scalar = self.choices.one(&SCALARS);
                    self.line(scalar);
                }
            }
            6..=8 => {
                let name = self.choices.one(&["", "", "", " &z", " !!map", "  &z !!map"]);
                self.line(name);
                self.map(deeper, depth - 1, false);
            }
            _ => {
                self.out.push_str(self.choices.one(&["", "", "", " &l", " !!seq"]));
                self.end();
                // A list may stand in the column of its key.
                let at = if of_key && self.choices.rarely(2) { column } else { deeper };
                self.list(at, depth - 1, false);
            }
        }
    }

    /// A value on several lines, or brackets that are.
    fn several(&mut self, column: usize) {
        let pieces: &[&[&str]] = &[
            &["one", "two", "", "three"],
            &["\"one", "two \\", "  three", "", " four\\", " five\""],
            &["'one", "", "", "  two''s ", "three'"],
            &["[", "a, # c", "b", "]"],
            &["[a,", "  b, {c: d,", "e: f}", "# own", "  ]"],
            &["{a: b,", "  c: [x,", "y", "], d: \"e", " f\"", "}"],
            &["{", "a: b", ", c : d", "}"],
            &["{ \"a\"", ": b }"],
        ];
        let chosen = pieces[self.choices.below(pieces.len())];
        self.out.push(' ');
        for (at, piece) in chosen.iter().enumerate() {
            if at > 0 {
                self.out.push_str(self.eol);
                let more = self.choices.below(3);
                self.indent(if piece.is_empty() { more } else { column + more });
            }
            self.out.push_str(piece);
        }
        self.end();
    }

    fn block(&mut self, column: usize, parent: usize) {
        let given = self.choices.rarely(4) && column - parent < 10;
        let digit = if given { (column - parent).to_string() } else { String::new() };
        let sign = self.choices.one(&["|", ">"]);
        let chomp = self.choices.one(&["", "-", "+"]);
        self.out.push_str(&format!(" {sign}{chomp}{digit}"));
        self.end();
        for _ in 0..self.choices.below(5) {
            let line = self.choices.one(&["text", "", "  more", "# no comment", " ", "\tx", "a: b ", "    "]);
            if !line.is_empty() {
                self.indent(column);
            }
            self.out.push_str(line);
            self.out.push_str(self.eol);
        }
    }
}
