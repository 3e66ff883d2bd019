// `dits import github FILE`.
#include "server/cli/commands.hpp"

namespace dits::cli {

Result<void> import_github_file(const CommandLine&, const Config&) { return internal("not yet"); }

}  // namespace dits::cli
