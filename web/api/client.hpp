// Calls of our own server: one request, one answer, errors as the problem documents say.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/error.hpp"
#include "shared/json/value.hpp"
#include "web/platform/platform.hpp"

namespace dits::web {

struct Answer {
  int status = 0;  // 0: the server was not reached
  std::string body;
  std::optional<Error> error;  // set unless the status is 2xx
  bool is_offline() const { return status == 0; }
  bool is_ok() const { return !error; }
};

struct Call {
  std::string method = "GET";
  std::string path;
  std::string body = {};
  std::string idempotency_key = {};
  std::optional<std::int64_t> if_match = {};
  bool is_file = false;  // the body is bytes, and may take minutes
};

class Client {
 public:
  using Done = std::function<void(const Answer&)>;

  explicit Client(Platform& platform) : platform_(platform) {}
  void send(const Call& call, Done done);

 private:
  Platform& platform_;
};

// The member "items" of a list's answer, or the answer itself when it is an array; empty for anything else.
Json items_of(std::string_view body);

}  // namespace dits::web
