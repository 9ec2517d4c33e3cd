#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| trunkform_fuzz::folders::any(bytes));
