#include "fleet/server_config.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "fleet/properties.h"

namespace tenon::fleet {
namespace {

// A scalar in double quotes (YAML 1.2, 7.3.1).
std::string quoted(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::string database_name(const std::string& folder) {
  std::string escaped;
  for (const char c : folder) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/._-").contains(c);
    escaped += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return "postgresql+psycopg2://tenon@/postgres?host=" + escaped;
}

// Failed actions are not kept: one that failed for a reason of its worker would fail for everybody.
// The defaults of the assigner cost a second an action.
std::string server_config(const ServerConfig& config) {
  std::string keys;
  for (const std::string_view key : matched_keys) {
    keys += keys.empty() ? "" : ", ";
    keys += key;
  }
  return fmt::format(R"(# Written by tenon fleet up.
server:
  - !channel
    address: {}
    insecure-mode: true
thread-pool-size: 200
authorization: {{ method: none }}
connections:
  - !sql-connection &sql
    connection-string: {}
    pool-size: 10
    max-overflow: 30
storages:
  - !remote-storage &store
    url: {}
    instance-name: ""
caches:
  - !lru-action-cache &results
    storage: *store
    max-cached-refs: 100000
    allow-updates: true
    cache-failed-actions: false
schedulers:
  - !sql-scheduler &queue
    sql: *sql
    storage: *store
    action-cache: *results
    poll-interval: 0.05
    max-job-attempts: 5
    bot-session-keepalive-timeout: 15
    session-expiry-timer-interval: 1
    property-set:
      !dynamic-property-set
      match-property-keys: [{}]
    assigners:
      - !priority-age-assigner
        count: 1
        interval: 0.02
        jitter-factor: 0.1
        failure-backoff: 1.0
instances:
  - name: ""
    services:
      - !action-cache
        cache: *results
      - !execution
        scheduler: *queue
      - !cas
        storage: *store
      - !bytestream
        storage: *store
      - !introspection
        scheduler: *queue
)",
                     quoted(config.address), quoted(database_name(config.database)),
                     quoted("unix:" + config.store), keys);
}

std::string_view scheduler_program() {
  return R"(# Written by tenon fleet up.
import datetime
import os
import sys
import time

import jsonschema.validators

import buildgrid.server.app.commands.cmd_migrate
import buildgrid.server.app.commands.cmd_server
from buildgrid._protos.google.rpc import code_pb2, status_pb2
from buildgrid.server.app import cli
from buildgrid.server.scheduler.impl import Scheduler

# The configuration is held against the schema; the schema itself against nothing: it is that of the package.
for name in ("Draft7Validator", "Draft202012Validator"):
    setattr(getattr(jsonschema.validators, name), "check_schema", classmethod(lambda *_, **__: None))

# An action that a worker gives back begins five times (the default: the package reads max-job-attempts and does not
# hand it on). One under which three workers fell silent is stopped, and names them.
most_lost = 3
lost = {}


def close(self, session, bots, usual=Scheduler._close_bot_sessions):
    now = datetime.datetime.utcnow()
    for bot in (bot for bot in bots if bot.expiry_time < now):
        for job in self._get_incomplete_jobs_for_bot(bot.bot_id, session, with_for_update=True):
            workers = lost.setdefault(job.name, {})
            workers[bot.name] = bot.bot_id.partition(" ")[0]
            if len(workers) >= most_lost:
                text = "each of these workers fell silent while it ran: " + ", ".join(workers.values())
                self._complete_job(session, job, status_pb2.Status(code=code_pb2.ABORTED, message=text))
                self._notify_job_updated(job.name, session)
    usual(self, session, bots)


Scheduler._close_bot_sessions = close

config, database, ready = sys.argv[1:]
while not os.path.exists(ready):
    if os.getppid() == 1:
        sys.exit("tenon fleet up has ended")
    time.sleep(0.01)
cli(["migrate", "apply", database], standalone_mode=False)
cli(["server", "start", config])
)";
}

}  // namespace tenon::fleet
