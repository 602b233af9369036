//! The verbs of a noun, a line each: the arguments of a verb and what runs it.

/// What people call a list.
pub const LIST: &[&str] = &["list", "ls", "all", "index"];
/// What people call a page.
pub const SHOW: &[&str] = &["show", "view", "get", "info", "display", "details", "see"];

/// `verbs! { LineArgs: List(list::ListArgs) => list::run, }` gives `LineArgs` the verb `list`: it defines the enum `Verb`,
/// which clap reads, and `run`, which runs the verb that was typed.
macro_rules! verbs {
    ($noun:ident: $($verb:ident($args:ty) => $run:path,)+) => {
        #[derive(Debug, Clone, clap::Subcommand)]
        enum Verb {
            $($verb($args),)+
        }

        /// Runs the verb that was typed.
        ///
        /// # Errors
        /// See `syncro help exit-codes`.
        pub async fn run(ctx: &Context, args: &$noun) -> Result<()> {
            match &*args.verb {
                $(Verb::$verb(args) => $run(ctx, args).await,)+
            }
        }
    };
}

pub(super) use verbs;
