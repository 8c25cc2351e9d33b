#![no_main]

// The reader catches the panics of the crate that takes columns apart and
// names the rows that are lost; cargo-fuzz would end at them.
libfuzzer_sys::fuzz_target!(
    init: {
        let abort = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !panic.location().is_some_and(|place| place.file().contains("parquet-")) {
                abort(panic);
            }
        }));
    },
    |data: &[u8]| wirecopy_fuzz::run("columns", data)
);
