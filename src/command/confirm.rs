//! Whether somebody says yes.
//! In: a terminal. Out: the answer; where there is no terminal, what to write instead.
//! Only the whole word counts.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use trunkform::model::Account;
use trunkform::render;

/// Asks; says first what the plan lacks. Nothing but `yes` is a yes.
pub(super) fn ask(unread: &[Account]) -> impl Future<Output = Result<bool, String>> + Send + use<> {
    let partial = match unread {
        [] => String::new(),
        unread => format!("\nThe plan is partial: {} could not be read.", render::accounts(unread)),
    };
    answer(partial)
}

async fn answer(partial: String) -> Result<bool, String> {
    if !can_ask() {
        return Err(
            "there is no terminal to ask on: look at the plan, then write `trunkform apply --auto-approve`, \
             or save it with `trunkform plan --out FILE` and write `trunkform apply --plan FILE`"
                .into(),
        );
    }
    let answer = tokio::task::spawn_blocking(move || {
        let mut stderr = io::stderr();
        super::output::note(&partial);
        write!(stderr, "Send these requests? Only \"yes\" continues: ")?;
        stderr.flush()?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map(|_| answer)
    });
    match answer.await {
        Ok(Ok(answer)) => Ok(answer.trim() == "yes"),
        Ok(Err(why)) => Err(format!("the answer can't be read: {why}")),
        Err(why) => Err(format!("the question failed: {why}")),
    }
}

fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal() && !super::progress::in_ci()
}
