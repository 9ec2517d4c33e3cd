//! Reads what a file declares and which paths it mentions.
//! In: the tokens of a file. Out: for the file and each inline module its items, child modules, `use`s and paths.
//! Never follows a path: that takes the whole tree (`modules`).

use super::test_items::{after_attributes, is_test_attribute};
use super::token::{Kind, Token, after_brackets};

/// A path as it is written, with what it is there for.
#[derive(Clone, Debug)]
pub struct Path {
    pub segments: Vec<&'static str>,
    pub line: usize,
    pub role: Role,
}

/// Why a path is mentioned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// `use a::b as name;` brings the name in; `pub use` passes it on.
    Use { name: &'static str, public: bool },
    /// `use a::*;`
    Glob { public: bool },
    /// Anywhere else: an expression, a type, a pattern, an attribute. `called`: `(` or `!` follows.
    Mention { called: bool },
}

/// A child module as its parent declares it.
#[derive(Clone, Debug)]
pub struct Child {
    pub name: &'static str,
    /// What `#[path = "…"]` names.
    pub path: Option<&'static str>,
    pub test: bool,
    /// Its scope, if it is inline.
    pub scope: Option<usize>,
}

/// What one module says: a file, or an inline module of it.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub items: Vec<&'static str>,
    pub children: Vec<Child>,
    /// What `use` brings in.
    pub uses: Vec<Path>,
    /// The paths anywhere else.
    pub mentions: Vec<Path>,
}

/// The scopes of the tokens that `without_tests` leaves; the first is the file itself.
pub fn scopes(tokens: &[Token]) -> Vec<Scope> {
    let mut reader = Reader { scopes: vec![Scope::default()], open: vec![(0, 0)], depth: 0, path: None };
    let mut at = 0;
    while at < tokens.len() {
        at = reader.step(tokens, at);
    }
    reader.scopes
}

struct Reader {
    scopes: Vec<Scope>,
    /// The scopes that are open, each with the depth of braces at which its items stand.
    open: Vec<(usize, usize)>,
    depth: usize,
    /// The `#[path]` right before.
    path: Option<&'static str>,
}

impl Reader {
    fn scope(&mut self) -> &mut Scope {
        let scope = self.open.last().map_or(0, |open| open.0);
        &mut self.scopes[scope]
    }

    fn is_item_level(&self) -> bool {
        self.open.last().is_some_and(|open| open.1 == self.depth)
    }

    /// Reads what begins at a token; gives where the next thing begins.
    fn step(&mut self, tokens: &[Token], at: usize) -> usize {
        let token = &tokens[at];
        let following = tokens.get(at + 1);
        match token.text {
            _ if token.kind == Kind::Literal => at + 1,
            "#" if is_test_attribute(tokens, at) => self.module(tokens, after_attributes(tokens, at), true),
            "#" if following.is_some_and(|t| t.is("[") || t.is("!")) => self.attribute(tokens, at),
            "{" => {
                self.depth += 1;
                at + 1
            }
            "}" => {
                if self.open.len() > 1 && self.is_item_level() {
                    self.open.pop();
                }
                self.depth = self.depth.saturating_sub(1);
                at + 1
            }
            "use" if !following.is_some_and(|t| t.is("<")) => self.import(tokens, at),
            "mod" if following.is_some_and(Token::is_word) => self.module(tokens, at, false),
            _ if token.is_word() => self.word(tokens, at),
            _ => at + 1,
        }
    }

    /// A declaration's keyword, or the begin of a path.
    fn word(&mut self, tokens: &[Token], at: usize) -> usize {
        let named = match tokens[at].text {
            "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" | "union" => tokens.get(at + 1),
            "macro_rules" => tokens.get(at + 2),
            _ => return self.mention(tokens, at),
        };
        // What follows `const` may be `fn`.
        let Some(name) = named.filter(|t| t.is_word() && !t.is("fn")) else { return at + 1 };
        if self.is_item_level() {
            self.scope().items.push(name.text);
        }
        at + 2
    }

    fn mention(&mut self, tokens: &[Token], at: usize) -> usize {
        let (segments, end) = straight_path(tokens, at);
        let called = tokens.get(end).is_some_and(|t| t.is("(") || t.is("!"));
        if !is_tail(tokens, at) {
            let line = tokens[at].line;
            self.scope().mentions.push(Path { segments, line, role: Role::Mention { called } });
        }
        end
    }

    fn module(&mut self, tokens: &[Token], at: usize, test: bool) -> usize {
        let (name, path) = (tokens[at + 1].text, self.path.take());
        let inline = tokens.get(at + 2).is_some_and(|t| t.is("{"));
        let scope = inline.then_some(self.scopes.len());
        self.scope().children.push(Child { name, path, test, scope });
        if let Some(scope) = scope {
            self.depth += 1;
            self.scopes.push(Scope::default());
            self.open.push((scope, self.depth));
        }
        at + 3
    }

    /// Paths stand in attributes as well, also in texts: `#[serde(with = "super::moment")]`.
    fn attribute(&mut self, tokens: &[Token], at: usize) -> usize {
        let open = at + if tokens[at + 1].is("!") { 2 } else { 1 };
        let end = after_brackets(tokens, open);
        let mut inside = open + 1;
        while inside < end {
            let token = &tokens[inside];
            let text = token.text.trim_matches('"');
            let is_path =
                text.contains("::") && text.chars().all(|c| c.is_alphanumeric() || "_:".contains(c));
            if token.is("path") && tokens[inside + 1].is("=") {
                self.path = Some(tokens[inside + 2].text.trim_matches('"'));
            }
            if token.kind == Kind::Literal && is_path {
                let (segments, role) = (text.split("::").collect(), Role::Mention { called: true });
                self.scope().mentions.push(Path { segments, line: token.line, role });
            }
            inside = if token.is_word() { self.mention(tokens, inside) } else { inside + 1 };
        }
        end
    }

    fn import(&mut self, tokens: &[Token], at: usize) -> usize {
        let public = at > 0 && (tokens[at - 1].is("pub") || is_limited_pub(tokens, at - 1));
        let mut leaves = Vec::new();
        let end = use_tree(tokens, at + 1, &[], &mut leaves);
        for (mut segments, alias, line) in leaves {
            let role = match segments.last() {
                Some(&"*") => {
                    segments.pop();
                    Role::Glob { public }
                }
                Some(&last) => Role::Use { name: alias.unwrap_or(last), public },
                None => continue,
            };
            self.scope().uses.push(Path { segments, line, role });
        }
        end + 1
    }
}

/// `pub(…)`, of which `at` is the closing bracket.
fn is_limited_pub(tokens: &[Token], at: usize) -> bool {
    let open = (0..at).rev().find(|before| tokens[*before].is("("));
    tokens[at].is(")") && open.is_some_and(|open| open > 0 && tokens[open - 1].is("pub"))
}

type Leaf = (Vec<&'static str>, Option<&'static str>, usize);

/// Reads one tree of a `use`, as `a::{b, c::{self, d as e}}`; gives the place of the `,`, `}` or `;` after it.
fn use_tree(tokens: &[Token], mut at: usize, before: &[&'static str], leaves: &mut Vec<Leaf>) -> usize {
    let mut segments = before.to_vec();
    let (line, mut alias) = (tokens.get(at).map_or(0, |t| t.line), None);
    while let Some(token) = tokens.get(at).filter(|t| ![",", "}", ";"].iter().any(|end| t.is(end))) {
        if token.is("{") {
            at += 1;
            while tokens.get(at).is_some_and(|t| !t.is("}")) {
                at = use_tree(tokens, at, &segments, leaves);
                at += usize::from(tokens.get(at).is_some_and(|t| t.is(",")));
            }
            return at + 1;
        }
        if token.is("as") {
            alias = tokens.get(at + 1).map(|t| t.text);
            at += 1;
        } else if !token.is("::") && (!token.is("self") || segments.is_empty()) {
            segments.push(token.text);
        }
        at += 1;
    }
    leaves.push((segments, alias, line));
    at
}

/// The segments of `a::b::c` from a token on, and the place after them. Ends before `::<`.
fn straight_path(tokens: &[Token], start: usize) -> (Vec<&'static str>, usize) {
    let (mut segments, mut at) = (vec![tokens[start].text], start + 1);
    while tokens.get(at).is_some_and(|t| t.is("::")) && tokens.get(at + 1).is_some_and(Token::is_word) {
        segments.push(tokens[at + 1].text);
        at += 2;
    }
    (segments, at)
}

/// Whether the word at a place goes on what stands before it, as in `a.b` and `a::<T>::b`, but not in `..b` and `::b`.
fn is_tail(tokens: &[Token], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map(|at| &tokens[at]);
    let is = |n: usize, sign: &str| before(n).is_some_and(|t| t.is(sign));
    (is(1, ".") && !is(2, ".")) || (is(1, "::") && (is(2, ">") || before(2).is_some_and(Token::is_word)))
}

#[test]
fn only_the_item_under_cfg_test_is_passed_over() {
    let text = "mod a; #[cfg(test)] pub(crate) mod tests; use a::{b::{self, c as d}, e::*}; #[cfg(test)] mod t { fn x() { y::z() } }
        #[cfg(test)] const fn f() -> [u8; 2] { g::h } #[serde(with = \"i::j\")] struct K; fn l() { ..m::n().o }";
    let scope = &scopes(&super::test_items::without_tests(&super::token::tokens(text)))[0];
    let children: Vec<_> = scope.children.iter().map(|child| (child.name, child.test)).collect();
    let paths: Vec<_> =
        scope.uses.iter().chain(&scope.mentions).map(|path| path.segments.join("::")).collect();
    assert_eq!(children, [("a", false), ("tests", true)]);
    assert_eq!(scope.items, ["K", "l"]);
    assert_eq!(paths, ["a::b", "a::b::c", "a::e", "serde", "with", "i::j", "m::n"]);
}
