#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wirecopy_fuzz::run("mail", data));
