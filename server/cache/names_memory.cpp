#include "server/cache/names_memory.hpp"

namespace dits {
namespace {

std::size_t bytes_of(const query::Names& names) {
  const auto sum = [](const auto& list) {
    std::size_t bytes = list.capacity() * sizeof list.front();
    for (const auto& one : list) bytes += one.name.capacity();
    return bytes;
  };
  return sizeof names + sum(names.statuses) + sum(names.projects) + sum(names.areas) + sum(names.labels);
}

}  // namespace

NamesMemory::Names NamesMemory::get(UserId user_id) {
  if (!is_current_()) return nullptr;
  return memory_.get(user_id).value_or(nullptr);
}

void NamesMemory::set(UserId user_id, Names names, Memory::Moment moment) {
  const std::size_t bytes = bytes_of(*names) + 128;
  memory_.set(user_id, std::move(names), bytes, moment);
}

}  // namespace dits
