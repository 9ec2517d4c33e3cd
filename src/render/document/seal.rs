//! Whether a saved plan is as it was saved.
//! In: a document. Out: a digest of all that it says, and whether the one that it carries is that.
//! Finds what was edited, not what was forged: no key is in it.

use std::io;

use sha2::{Digest, Sha256};

use super::Document;

/// What is written is digested.
struct Digesting(Sha256);

impl io::Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Document {
    /// The same with its seal.
    pub fn sealed(mut self) -> Self {
        self.trunkform.seal = String::new();
        self.trunkform.seal = self.digest();
        self
    }

    /// Whether nothing was changed since it was made; where its white space stands does not matter.
    ///
    /// # Errors
    /// A phrase that says what to do.
    pub fn unbroken(&self) -> Result<(), String> {
        let mut open = self.clone();
        let seal = std::mem::take(&mut open.trunkform.seal);
        if seal == open.digest() {
            return Ok(());
        }
        Err("it is not as it was saved (its `seal` does not match): nothing of it can be trusted; plan again"
            .into())
    }

    fn digest(&self) -> String {
        let mut digesting = Digesting(Sha256::new());
        serde_json::to_writer(&mut digesting, self).expect("the documents have text keys only");
        digesting.0.finalize().iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
    }
}
