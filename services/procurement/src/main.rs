//! The procurement service alone in a process.
fn main() -> std::process::ExitCode {
    platform::program::main(&[procurement::SERVICE])
}
