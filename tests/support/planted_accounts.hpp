// Two accounts with a row in every table that belongs to users, for tests of who sees what.
#pragma once

#include <string>

#include "server/db/connection.hpp"
#include "tests/support/test_database.hpp"

namespace dits::test {

constexpr const char* planted_owner = "0199c1f2-aaaa-7000-8000-00000000000a";  // whose things are asked for
constexpr const char* planted_stranger = "0199c1f2-bbbb-7000-8000-00000000000b";  // who asks
// Stands in every text of the owner's, and in none of the stranger's.
constexpr const char* planted_word = "zebrafish";

enum class Planted { both, stranger_alone };

// Writes the accounts, with the same times in every database. The connection's role owns the tables, and may
// be bound by row-level security: it speaks for each account in turn, and for nobody afterwards.
void plant_accounts(dits::Connection& connection, Planted planted = Planted::both);

// SQL that digests all rows of an account, in every table, to one text. `superuser` knows the tables.
std::string account_state_sql(dits::Connection& superuser, const std::string& user_id);
std::string account_state_sql(TestDatabase& database, const std::string& user_id);

}  // namespace dits::test
