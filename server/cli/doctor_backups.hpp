// What `dits doctor` says about the backups: are there any, is the newest one young and whole, did the last
// one fail? And about the files that hang on issues.
#pragma once

#include "server/base/config.hpp"
#include "server/cli/doctor_report.hpp"
#include "shared/core/time.hpp"

namespace dits::cli {

// Adds its lines to the report; `now` is what ages are told by.
void look_at_backups(const Config& config, Report& report, Timestamp now);

// Reads some of the attachments, others each time, and compares them with their hashes.
void look_at_attachments(const Config& config, Report& report);

}  // namespace dits::cli
