#include "fleet/server_config.h"

#include <doctest/doctest.h>

#include <string>

using namespace tenon::fleet;

TEST_CASE("a path with signs of a URL or of YAML changes no other setting") {
  CHECK(database_name("/var/tmp/a b&c") ==
        "postgresql+psycopg2://tenon@/postgres?host=/var/tmp/a%20b%26c");
  const std::string text = server_config({"127.0.0.1:1", "/d", "/x\"y\\z"});
  CHECK(text.contains("url: \"unix:/x\\\"y\\\\z\"\n"));
}

TEST_CASE("a failed action is not kept, and a worker is given up after 15 s") {
  const std::string text = server_config({"127.0.0.1:50551", "/d", "/s"});
  CHECK(text.contains("cache-failed-actions: false"));
  CHECK(text.contains("bot-session-keepalive-timeout: 15"));
  CHECK(text.contains("max-job-attempts: 5"));
  CHECK(
      text.contains("match-property-keys: [tenon, go, zig, tenon-at, tenon-cache, zig-at, "
                    "zig-cache, OSFamily, ISA]"));
}
