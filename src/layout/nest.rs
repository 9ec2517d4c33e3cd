//! Which lists and mappings are open, and so where a line begins.
//! In: the marks of a text, one by one. Out: the column for a line that begins with a mark, and for a comment between two of them.
//! Two spaces a level, whatever the columns were; those are kept only to know to which block a comment belongs.

use super::token::{Kind, Token};

/// Spaces a level.
const STEP: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Map,
    List,
    /// A list whose `-` stands in the column of its key: nothing says where it ends.
    Loose,
}

/// What is open.
#[derive(Clone, Debug, Default)]
pub(super) struct Nest {
    /// Lists and mappings in block style, outermost first, with the columns in which they stood.
    blocks: Vec<(Block, usize)>,
    /// Open brackets.
    brackets: usize,
    /// The next mark begins an entry of the innermost block.
    entry: bool,
    /// The next value is a key.
    key: bool,
    /// What was before.
    last: Option<Kind>,
}

impl Nest {
    /// Goes past one mark; the column for a line that begins with it, where it has characters of its own.
    pub(super) fn pass(&mut self, token: Token) -> Option<usize> {
        match token.kind {
            Kind::Map => self.blocks.push((Block::Map, token.column)),
            Kind::List => self.blocks.push((Block::List, token.column)),
            Kind::BlockEnd => {
                self.close_loose();
                self.blocks.pop();
            }
            Kind::Key => {
                self.close_loose();
                (self.entry, self.key) = (true, true);
            }
            _ => return Some(self.mark(token)),
        }
        None
    }

    fn mark(&mut self, token: Token) -> usize {
        let in_block = self.brackets == 0;
        match token.kind {
            Kind::Question | Kind::Colon if in_block => {
                self.close_loose();
                self.entry = true;
            }
            Kind::Dash => {
                if self.blocks.last().is_some_and(|(block, _)| *block == Block::Map) {
                    self.blocks.push((Block::Loose, token.column));
                }
                self.entry = true;
            }
            _ => {}
        }
        let column = match token.kind {
            Kind::Document | Kind::End => 0,
            Kind::Close => self.inside().saturating_sub(STEP).max(self.value()),
            _ if !in_block => self.inside(),
            _ if self.entry => self.value().saturating_sub(STEP),
            // A text that is the whole document may begin like the mark of a new one.
            kind if kind.is_scalar() && self.blocks.is_empty() && token.column > 0 => STEP,
            _ => self.value(),
        };
        match token.kind {
            Kind::Open => self.brackets += 1,
            Kind::Close => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        let names = matches!(token.kind, Kind::Anchor | Kind::Tag);
        self.key = token.kind == Kind::Question || (self.key && names);
        (self.entry, self.last) = (false, Some(token.kind));
        column
    }

    fn close_loose(&mut self) {
        if self.brackets == 0 && self.blocks.last().is_some_and(|(block, _)| *block == Block::Loose) {
            self.blocks.pop();
        }
    }

    /// Whether the next value is a key.
    pub(super) fn at_key(&self) -> bool {
        self.key
    }

    /// The column of a value of the innermost block that begins on a line of its own.
    pub(super) fn value(&self) -> usize {
        STEP * self.blocks.len()
    }

    /// The column in which the innermost block stood.
    pub(super) fn was(&self) -> usize {
        self.blocks.last().map_or(0, |(_, column)| *column)
    }

    /// The column of the further lines of a value.
    pub(super) fn further(&self) -> usize {
        if self.brackets > 0 { self.inside() } else { self.value().max(STEP) }
    }

    /// The column of what is between the innermost brackets.
    fn inside(&self) -> usize {
        let outermost = if self.blocks.is_empty() { STEP } else { 0 };
        self.value() + outermost + STEP * self.brackets.saturating_sub(1)
    }

    /// The column of a comment on a line of its own, after all that was passed and before what stood in one column and will stand in another.
    pub(super) fn comment(&self, column: usize, (was, will_be): (usize, usize)) -> usize {
        if self.brackets > 0 {
            return self.inside();
        }
        let waits = matches!(self.last, Some(Kind::Colon | Kind::Dash | Kind::Question));
        if waits && column > self.was() {
            return self.value();
        }
        // The innermost block that the comment stands in; it belongs there only if what comes next is outside of it.
        match self.blocks.iter().rposition(|(_, left)| *left <= column) {
            Some(level) if self.blocks[level].1 > was && column > was => STEP * level,
            _ => will_be,
        }
    }
}
