//! The command `sculpt`: parse and dispatch, nothing else.

fn main() -> std::process::ExitCode {
    neural_sculpting::cli::main()
}
