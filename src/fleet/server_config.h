// What the scheduler of a fleet reads, and how it is told about its database. Pure.
//
// Rules: BuildGrid 0.4.4, settings/schema.yml.
#pragma once

#include <string>
#include <string_view>

namespace tenon::fleet {

struct ServerConfig {
  std::string address;   // "127.0.0.1:50551"
  std::string database;  // directory of the database's socket
  std::string store;     // socket of the store
};

// Of SQLAlchemy, by the socket of PostgreSQL.
[[nodiscard]] std::string database_name(const std::string& folder);

// YAML. Text that YAML reads in another way is quoted.
[[nodiscard]] std::string server_config(const ServerConfig& config);

// The scheduler as a program of Python: `scheduler.py CONFIG DATABASE READY`. It loads what it
// needs while the database is made, waits for the file READY, makes its tables, and serves. bgd
// would load it twice, and check its own schema for three seconds.
[[nodiscard]] std::string_view scheduler_program();

}  // namespace tenon::fleet
