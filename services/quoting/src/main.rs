//! Quoting alone in a process.
fn main() -> std::process::ExitCode {
    platform::program::main(&[quoting::SERVICE])
}
