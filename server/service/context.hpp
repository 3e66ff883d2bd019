// What every service call needs from the outside world. Wired once in server/app.cpp.
#pragma once

#include <memory>

#include "server/base/clock.hpp"
#include "server/base/viewer.hpp"
#include "server/cache/event_bus.hpp"
#include "server/cache/names_memory.hpp"
#include "server/cache/stats_cache.hpp"
#include "server/cache/time_zone_memory.hpp"
#include "server/db/database.hpp"
#include "server/service/write_groups.hpp"

namespace dits {

class AttachmentFiles;
class BackupDesk;  // see backups.hpp
class WordKeeper;

struct ServiceContext {
  Database& database;
  Clock& clock;                            // now() and random bits: the only source of both
  EventBus& event_bus;                     // told after each commit: (user_id, last change_id)
  StatsCache* stats = nullptr;             // null: figures are counted each time
  BackupDesk* backups = nullptr;           // null: nobody writes any
  const AttachmentFiles* files = nullptr;  // the bytes of attachments; null: none are taken or given
  NamesMemory* names = nullptr;            // null: what a query can name is asked each time
  WordKeeper* words = nullptr;             // null: a search for text looks through all texts
  std::shared_ptr<WriteGroups> write_groups = std::make_shared<WriteGroups>();
  std::shared_ptr<TimeZoneMemory> time_zones = std::make_shared<TimeZoneMemory>(time_zone_limits);
};

}  // namespace dits
