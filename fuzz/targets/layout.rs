#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| trunkform_fuzz::layouts::any(bytes));
