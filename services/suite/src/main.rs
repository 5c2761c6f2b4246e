//! The program `yewu`: everything is in the library, so that tests reach it.
fn main() -> std::process::ExitCode {
    suite::commands::main()
}
