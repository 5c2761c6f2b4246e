//! The crm service alone in a process.
fn main() -> std::process::ExitCode {
    platform::program::main(&[crm::SERVICE])
}
