//! Splits the text of a Rust file into tokens.
//! In: text. Out: words, literals and signs with their lines; comments are dropped.
//! Never fails: what it does not know becomes a sign of one character.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    Literal,
    Sign,
}

/// One token. Its text is never freed: the process ends with the tests.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: Kind,
    pub text: &'static str,
    pub line: usize,
}

impl Token {
    pub fn is(&self, text: &str) -> bool {
        self.kind != Kind::Literal && self.text == text
    }

    pub fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }
}

/// Every token of a file, in order.
pub fn tokens(text: &'static str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, line: 1 };
    let mut found = Vec::new();
    while let Some(token) = lexer.next() {
        found.push(token);
    }
    found
}

struct Lexer {
    text: &'static str,
    at: usize,
    line: usize,
}

impl Lexer {
    fn next(&mut self) -> Option<Token> {
        loop {
            let rest = self.rest();
            let first = rest.chars().next()?;
            let length = if first.is_whitespace() {
                rest.len() - rest.trim_start().len()
            } else if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                block_comment(rest)
            } else {
                let (kind, length) = measure(rest);
                return Some(self.take(kind, length));
            };
            self.skip(length);
        }
    }

    fn rest(&self) -> &'static str {
        &self.text[self.at..]
    }

    fn skip(&mut self, length: usize) {
        self.line += self.rest()[..length].bytes().filter(|byte| *byte == b'\n').count();
        self.at += length;
    }

    fn take(&mut self, kind: Kind, length: usize) -> Token {
        let token = Token { kind, text: &self.rest()[..length], line: self.line };
        self.skip(length);
        // `r#type` is the word `type`.
        Token {
            text: if kind == Kind::Word { token.text.trim_start_matches("r#") } else { token.text },
            ..token
        }
    }
}

/// Kind and length of the token that a text begins with.
fn measure(rest: &str) -> (Kind, usize) {
    let word = word_length(rest);
    let after = &rest[word..];
    match &rest[..word] {
        "r" | "br" | "cr" if raw_string(after).is_some() => {
            (Kind::Literal, word + raw_string(after).unwrap())
        }
        "r" if after.starts_with('#') => (Kind::Word, word + 1 + word_length(&after[1..])),
        "b" | "c" | "" if after.starts_with('"') => (Kind::Literal, word + quoted(after, '"')),
        "b" | "" if after.starts_with('\'') => (Kind::Literal, word + character_or_lifetime(after)),
        "" => (Kind::Sign, sign(rest)),
        _ if rest.starts_with(|c: char| c.is_ascii_digit()) => (Kind::Literal, number(rest, word)),
        _ => (Kind::Word, word),
    }
}

fn word_length(rest: &str) -> usize {
    let is_sign = |byte: u8| byte.is_ascii() && !byte.is_ascii_alphanumeric() && byte != b'_';
    rest.bytes().position(is_sign).unwrap_or(rest.len())
}

fn sign(rest: &str) -> usize {
    let double = ["::", "->", "=>"].iter().any(|sign| rest.starts_with(sign));
    if double { 2 } else { rest.chars().next().map_or(1, char::len_utf8) }
}

fn number(rest: &str, word: usize) -> usize {
    let fraction = rest[word..].strip_prefix('.').filter(|f| f.starts_with(|c: char| c.is_ascii_digit()));
    word + fraction.map_or(0, |f| 1 + word_length(f))
}

/// The length of `#…"…"#…`, if a raw string begins here.
fn raw_string(rest: &str) -> Option<usize> {
    let hashes = rest.find(|c| c != '#')?;
    rest[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", &rest[..hashes]);
    rest[hashes + 1..].find(&end).map(|at| hashes + 1 + at + end.len())
}

/// The length of a literal with escapes, from its opening mark to its closing one.
fn quoted(rest: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == mark && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

fn character_or_lifetime(rest: &str) -> usize {
    let mut following = rest.chars().skip(1);
    match (following.next(), following.next()) {
        (Some('\\'), _) | (_, Some('\'')) => quoted(rest, '\''),
        _ => 1 + word_length(&rest[1..]),
    }
}

/// The length of a block comment; such comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let step = &rest.as_bytes()[at..];
        if step.starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if step.starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += 1;
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The place after the bracket that closes the one at `open`, whatever their kind.
pub fn after_brackets(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if ["(", "[", "{"].iter().any(|sign| token.is(sign)) {
            depth += 1;
        } else if [")", "]", "}"].iter().any(|sign| token.is(sign)) {
            depth -= 1;
            if depth == 0 {
                return at + 1;
            }
        }
    }
    tokens.len()
}

#[test]
fn comments_and_literals_hide_no_code() {
    let text = "/* a /* b */ c */ r#\"\"} x\"# 'y' '\\'' &'a z // d\n b\"\\\"\" r#type 1.5 0..2 e::f";
    let words: Vec<_> = tokens(text).into_iter().filter(Token::is_word).map(|t| (t.text, t.line)).collect();
    assert_eq!(words, [("z", 1), ("type", 2), ("e", 2), ("f", 2)]);
}
