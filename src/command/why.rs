//! `why`: why a plan touches a resource, or why it leaves it alone.
//! In: an address, and files with the live accounts, or a saved plan. Out: the explanation.
//! Has no means to write to a platform.

use trunkform::model::{Plan, Sources};
use trunkform::render::why;

use super::asked::{self, Asked};
use super::exit::{Exit, Failure};
use super::pipeline::Wishes;
use super::{output, plan, saved, signals};
use crate::cli::{self, Format};

pub(super) fn run(args: &cli::Why) -> Result<Exit, Failure> {
    if let Some(file) = &args.plan {
        let (_, plan) = saved::open(file)?;
        return tell(&plan, asked::saved(&args.address, &plan), &Sources::default());
    }
    let work = async {
        let wishes = Wishes { why: Some(args.address.clone()), ..Wishes::default() };
        let made = plan::make(&args.files, &args.live, wishes).await;
        output::complaints(&made);
        match made.asked {
            Some(asked) if !made.plan.has_errors() => tell(&made.plan, asked, &made.sources),
            _ => Ok(Exit::Error),
        }
    };
    signals::until_stopped(work, || output::interrupted(Format::Human))
}

fn tell(plan: &Plan, asked: Asked, sources: &Sources) -> Result<Exit, Failure> {
    let subject = asked.map_err(Failure)?;
    output::text(&why::why(plan, &subject, sources))?;
    Ok(Exit::Done)
}
