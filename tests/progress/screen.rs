//! A terminal: a pseudo-terminal, and what it would show after each piece of output.

#![allow(unreachable_pub, reason = "its parent is a test")]

use std::io::Read as _;
use std::process::Command;

use expectrl::Expect as _;
use expectrl::process::unix::WaitStatus;
use expectrl::session::Session;

/// What a program wrote to its terminal.
#[derive(Debug, Default)]
pub struct Shown {
    /// The whole screen, after each piece of output.
    pub moments: Vec<String>,
    /// Everything as it came.
    pub raw: String,
    pub code: i32,
}

impl Shown {
    /// Whether all these stood on one line at some moment.
    pub fn had(&self, parts: &[&str]) -> bool {
        self.lines().any(|line| parts.iter().all(|part| line.contains(part)))
    }

    /// Every line of every moment.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.moments.iter().flat_map(|moment| moment.lines())
    }

    pub fn last(&self) -> &str {
        self.moments.last().map_or("", String::as_str)
    }
}

/// Runs a program on a terminal of so many columns to its end. It gets `key` once `at` stands on the screen.
pub fn run(command: Command, columns: usize, (at, key): (&str, &str)) -> Shown {
    let mut session = Session::spawn(command).unwrap();
    session.get_process_mut().set_window_size(columns as u16, 24).unwrap();
    let (mut shown, mut screen, mut bytes) = (Shown::default(), Screen::new(columns), Vec::new());
    let (mut piece, mut due) = ([0; 4096], !key.is_empty());
    // On Linux a terminal whose program is gone is an error to read from.
    while let Ok(read @ 1..) = session.read(&mut piece) {
        bytes.extend_from_slice(&piece[..read]);
        let whole = String::from_utf8_lossy(&bytes).into_owned();
        screen = Screen::new(columns);
        screen.take(&whole);
        shown.moments.push(screen.text());
        if due && shown.last().contains(at) {
            session.send(key).unwrap();
            due = false;
        }
        shown.raw = whole;
    }
    assert!(!due, "`{at}` was never shown: {shown:?}");
    assert!(screen.cursor_is_shown, "the cursor stays away");
    shown.code = match session.get_process().wait().unwrap() {
        WaitStatus::Exited(_, code) => code,
        other => panic!("{other:?}"),
    };
    shown
}

/// As much of a terminal as a program needs that goes up and writes lines anew.
struct Screen {
    columns: usize,
    rows: Vec<Vec<char>>,
    at: (usize, usize),
    cursor_is_shown: bool,
}

impl Screen {
    fn new(columns: usize) -> Self {
        Self { columns, rows: vec![Vec::new()], at: (0, 0), cursor_is_shown: true }
    }

    fn take(&mut self, text: &str) {
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '\r' => self.at.1 = 0,
                '\n' => self.go(1),
                '\u{1b}' if chars.next() == Some('[') => {
                    let numbers: String = chars.by_ref().take_while(|c| !c.is_ascii_alphabetic()).collect();
                    // `take_while` has eaten the letter: it is what stands before the rest.
                    let rest = chars.as_str();
                    let letter = text[..text.len() - rest.len()].chars().next_back();
                    self.obey(letter.unwrap_or(' '), &numbers);
                }
                c => self.put(c),
            }
        }
    }

    fn obey(&mut self, letter: char, numbers: &str) {
        let number = numbers.parse().unwrap_or(1);
        match letter {
            'A' => self.at.0 = self.at.0.saturating_sub(number),
            'B' => self.go(number),
            'C' => self.at.1 += number,
            'D' => self.at.1 = self.at.1.saturating_sub(number),
            'G' => self.at.1 = number - 1,
            'K' if numbers == "2" => self.rows[self.at.0].clear(),
            'K' => self.rows[self.at.0].truncate(self.at.1),
            'J' => {
                self.rows.truncate(self.at.0 + 1);
                self.rows[self.at.0].truncate(self.at.1);
            }
            'h' | 'l' if numbers == "?25" => self.cursor_is_shown = letter == 'h',
            'm' => {}
            other => panic!("a terminal that knows no `{numbers}{other}`"),
        }
    }

    fn go(&mut self, down: usize) {
        self.at.0 += down;
        self.rows.resize(self.rows.len().max(self.at.0 + 1), Vec::new());
    }

    fn put(&mut self, c: char) {
        if self.at.1 == self.columns {
            self.go(1);
            self.at.1 = 0;
        }
        let row = &mut self.rows[self.at.0];
        row.resize(row.len().max(self.at.1 + 1), ' ');
        row[self.at.1] = c;
        self.at.1 += 1;
    }

    /// What can be seen, without empty lines at the end.
    fn text(&self) -> String {
        let rows = self.rows.iter().map(|row| row.iter().collect::<String>().trim_end().to_owned() + "\n");
        rows.collect::<String>().trim_end().to_owned()
    }
}
