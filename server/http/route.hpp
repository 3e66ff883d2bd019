// A route is a row of a table: who may call it is part of the row and has no default, so a route without a
// policy does not compile.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "server/http/message.hpp"

namespace dits::http {

enum class Who { anyone, user, admin };

// Limits of one route; the defaults are SECURITY's.
struct Limits {
  std::size_t max_body_bytes = std::size_t{1024} * 1024;
  bool needs_session = false;     // a token may not: making tokens and sessions, changing the password
  bool is_heavy = false;          // counted against the rate limit of expensive calls
  bool keeps_idempotency = true;  // of what writes: honours Idempotency-Key
  bool takes_file = false;        // the body is application/octet-stream and comes through read_body
  std::string_view setting = {};  // the flag that says how large a body may be, if one does
};

// For the OpenAPI document: names of schemas in shared/api ("A|B": one of them), empty when there is no body.
struct RouteDoc {
  std::string_view summary;
  std::string_view request_schema = {};
  std::string_view response_schema = {};
  std::string_view query_params = {};   // "q,fields,limit,cursor,sort": names known to openapi.cpp
  std::string_view response_type = {};  // media types of an answer without a schema, with commas between
  std::string_view header_params = {};  // "Time-Zone": names known to openapi.cpp, with commas between
};

using Handler = std::function<Result<Response>(const Request&)>;

struct Route {
  Route(Method method_,
        std::string_view path_,
        Who who_,
        Scope scope_,
        Handler handler_,
        RouteDoc doc_,
        Limits limits_ = {})
      : method(method_),
        path(path_),
        who(who_),
        scope(scope_),
        handler(std::move(handler_)),
        doc(doc_),
        limits(limits_) {}

  Method method;
  std::string_view path;  // "/api/v1/issues/{id}": literal and parameter segments only
  Who who;
  Scope
      scope;  // what a token needs; sessions carry their user's full scope. Scope::none only with Who::anyone
  Handler handler;
  RouteDoc doc;
  Limits limits;
};

}  // namespace dits::http
