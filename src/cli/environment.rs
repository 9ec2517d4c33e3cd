//! The variables that commands read, as their help lists them.
//! In: nothing. Out: one text.
//! Nothing is read here.

/// The end of the help of each command that reads a configuration or an account.
pub(super) const ENVIRONMENT: &str = "\
Environment:
  TRUNKFORM_TOKEN_<PLATFORM>
          API token of the account that is named like its platform
  TRUNKFORM_TOKEN_<PLATFORM>__<ACCOUNT>
          API token of any other account; names in upper case, `-` as `_`: account `prod-eu` is …__PROD_EU
  TRUNKFORM_URL_<PLATFORM>, TRUNKFORM_URL_<PLATFORM>__<ACCOUNT>
          Base URL in place of the platform's own; `http:` only to this machine
  TRUNKFORM_ENV_FILE
          File of NAME=value lines, for these variables and for those of secrets that are not set
  TRUNKFORM_SECRET_ENV
          Patterns of the variables that `{env: NAME}` may name, such as `CARRIER_* SIP_*`; empty allows none
  TRUNKFORM_LOG
          What to log on stderr, such as `info`; with `json` every line is a JSON object
  NO_COLOR, CLICOLOR_FORCE, CI
          Colours as usual; `CI` also means no prompt and plain lines of progress";
