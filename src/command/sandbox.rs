//! `sandbox`: stand-ins of the platforms on this machine.
//! In: where to listen, a state, faults. Out: the environment to set, first and at once; then a line on stderr for each request, until Ctrl-C.

use std::sync::Arc;

use trunkform::engine;
use trunkform::model::variables::{token_variable, url_variable};
use trunkform::model::{Account, visible};
use trunkform::sandbox::{self, Fault, Logged, Options, Sandbox};

use super::exit::{Exit, Failure};
use super::{output, signals};
use crate::cli;

pub(super) fn run(args: &cli::Sandbox) -> Result<Exit, Failure> {
    let (options, listen) = (options(args)?, args.listen);
    signals::run(|mut signals| async move {
        let started = Sandbox::start(options).await;
        let sandbox = started.map_err(|why| Failure(format!("the sandbox can't be started: {why}")))?;
        output::data(environment(&sandbox).as_bytes())?;
        if !listen.ip().is_loopback() {
            output::note(&format!(
                "Warning: other machines can reach the sandbox at {listen}, and it accepts any token."
            ));
        }
        output::note("Serving until Ctrl-C.");
        signals.first().await;
        let stopped = sandbox.stop().await;
        stopped.map_err(|why| Failure(format!("the state can't be kept: {why}")))?;
        Ok(Exit::Done)
    })
}

fn options(args: &cli::Sandbox) -> Result<Options, Failure> {
    args.state.as_deref().map_or(Ok(()), engine::refuse_link).map_err(Failure)?;
    let seed = args.seed.as_deref().map(|path| {
        serde_json::from_str(&engine::read_text(path).map_err(Failure)?)
            .map_err(|why| Failure(format!("`{}` is not JSON: {why}", path.display())))
    });
    let faults = args.fault.iter().map(|spec| spec.parse::<Fault>().map_err(|why| Failure(why.to_string())));
    Ok(Options {
        listen: args.listen,
        state: args.state.clone(),
        seed: seed.transpose()?,
        faults: faults.collect::<Result<_, _>>()?,
        on_request: Some(Arc::new(tell)),
        on_moment: None,
    })
}

fn environment(sandbox: &Sandbox) -> String {
    let lines = sandbox::routes().map(|(platform, mount)| {
        let account = Account::new(platform);
        let (url, token) = (url_variable(platform, &account), token_variable(platform, &account));
        format!("export {url}={}{mount}\nexport {token}=sandbox\n", sandbox.base())
    });
    lines.collect()
}

fn tell(request: &Logged) {
    let status = request.status.map_or("no answer".to_owned(), |status| status.to_string());
    output::note(&format!("{} {} {status}", visible(&request.method), visible(&request.path)));
}
