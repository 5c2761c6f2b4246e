//! The program `yewu`: everything is in the library, so that tests reach it.

/// The C library's keeps what a flood of requests has taken, and locks between threads (README, Speed).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    suite::commands::main()
}
