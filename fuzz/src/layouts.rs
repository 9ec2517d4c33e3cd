//! Any text laid out, and entries added to it.
//! In: what a file may hold. Out: nothing; a panic where a text that is YAML has no layout or more than one, or would lose something.
//! Whether both texts mean the same is seen to by the layout itself, which then says that it has a bug.

use trunkform::layout::{self, Error};

/// Any bytes.
pub fn any(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match layout::format(text) {
        Ok(laid) => assert_eq!(layout::format(&laid).as_ref(), Ok(&laid), "the second run changes something"),
        Err(Error::Changed { line }) => panic!("line {line} would mean something else"),
        Err(_) => {}
    }
    match layout::append(text, "numbers", "- number: \"+15550000001\"\n  trunk: A\n") {
        Ok(longer) => {
            let mut after = lines(&longer);
            assert!(lines(text).all(|line| after.any(|other| other == line)), "a line was touched");
        }
        Err(Error::Changed { line }) => panic!("an addition would change line {line}"),
        Err(_) => {}
    }
}

/// What stands on the lines of a text; a carriage return breaks one as well, and nobody sees a byte order mark.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim_start_matches('\u{feff}').split(['\n', '\r']).filter(|line| !line.is_empty())
}
