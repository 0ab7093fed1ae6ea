// tenon cache: what the cache of compiles and of go's builds holds and did, and go's door to it.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "cache/remote.h"
#include "cache/run/prog.h"
#include "cache/run/remote_store.h"
#include "cache/run/usage_log.h"
#include "cache/usage.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "crossbuild/build_request.h"
#include "crossbuild/run/cache_audit.h"
#include "crossbuild/run/compile_cache.h"
#include "crossbuild/run/file_problem.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/report.h"
#include "fleet/run/door.h"
#include "host/files.h"
#include "host/private_folder.h"
#include "host/process.h"
#include "host/service.h"

namespace tenon {
namespace {

constexpr std::size_t usual_sample = 20;

Shown megabytes(std::uint64_t bytes) {
  return shown_format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

Data data_of(const ToolUsage& usage) {
  Data out = Data::object();
  out.add("hits", number(usage.hits));
  out.add("misses", number(usage.misses));
  out.add("remote_hits", number(usage.remote));
  Data reasons = Data::object();
  for (const auto& [reason, count] : usage.uncached) reasons.add(reason, number(count));
  out.add("uncacheable", std::move(reasons));
  return out;
}

int failed(Term& term, Report& report, const std::string& path, const Error& error) {
  report.ok = false;
  report.findings.push_back(unreadable_input(path, error));
  return term.finish(report, error.code == Errc::interrupted ? exit_interrupted : exit_undecided);
}

Shown text_of(std::string_view name, const ToolUsage& usage) {
  const std::uint64_t asked = usage.hits + usage.misses;
  Shown out = shown_format("{:12} {:8} hits {:8} misses", name, usage.hits, usage.misses);
  if (asked > 0) {
    out += shown_format("  {:.1f} %",
                        100.0 * static_cast<double>(usage.hits) / static_cast<double>(asked));
  }
  if (usage.remote > 0) out += shown_format("  {} from the remote cache", usage.remote);
  out += "\n";
  for (const auto& [reason, count] : usage.uncached) {
    out += shown_format("             {:8} not kept: {}\n", count, reason);
  }
  return out;
}

int stats(Term& term, Report& report, const std::string& folder) {
  const auto lines = read_usage(folder);
  if (!lines) return failed(term, report, folder, lines.error());
  const auto files = stored_files(folder);
  if (!files) return failed(term, report, folder, files.error());
  std::uint64_t bytes = 0;
  for (const StoredFile& file : *files) bytes += file.size;
  const UsageSum sum = sum_usage(*lines);
  report.data = data_of(sum.all);
  report.data.add("bytes", number(bytes));
  report.data.add("entries", number(files->size()));
  report.data.add("quota", number(cache_quota()));
  report.data.add("since", sum.since);
  report.data.add("folder", folder);
  Data tools = Data::object();
  report.text = shown_format("{}\n", folder);
  report.text += shown_format("{} in {} files, at most {}\n", megabytes(bytes), files->size(),
                              megabytes(cache_quota()));
  for (const auto& [name, usage] : sum.tools) {
    tools.add(name, data_of(usage));
    report.text += text_of(name, usage);
  }
  report.data.add("compilers", std::move(tools));
  if (sum.tools.empty()) report.text += "nothing was asked yet\n";
  return term.finish(report, exit_ok);
}

int size(Term& term, Report& report, const std::string& folder) {
  const auto lines = read_usage(folder);
  if (!lines) return failed(term, report, folder, lines.error());
  const HitCurve curve = hit_curve(*lines);
  report.data.add("asked", number(curve.asked));
  report.data.add("largest", number(curve.largest));
  report.data.add("quota", number(cache_quota()));
  Data points = Data::array();
  report.text = shown_format("{} results were requested; the largest has {}\n", curve.asked,
                             megabytes(curve.largest));
  // A point for each doubling is enough for people.
  std::uint64_t next = 0;
  for (const HitPoint& point : curve.points) {
    Data row = Data::object();
    row.add("bytes", number(point.capacity));
    row.add("hits", number(point.hits));
    row.add("exact", point.capacity >= curve.largest);
    points.push(std::move(row));
    if (point.capacity < next && &point != &curve.points.back()) continue;
    next = point.capacity * 2;
    report.text += shown_format(
        "{:>12} {:8} hits{}\n", megabytes(point.capacity).text(), point.hits,
        point.capacity < curve.largest ? "  (not exact: below the largest result)" : "");
  }
  report.data.add("points", std::move(points));
  return term.finish(report, exit_ok);
}

int why(Term& term, Report& report, const std::string& folder, const std::string& name) {
  const auto answers = why_missed(folder, name);
  if (!answers) return failed(term, report, folder, answers.error());
  Data rows = Data::array();
  for (const WhyAnswer& answer : *answers) {
    Data row = Data::object();
    row.add("source", answer.source);
    row.add("kept", answer.kept);
    row.add("known_before", answer.has_older);
    Data changes = Data::array();
    report.text += shown_format("{}\n", answer.source);
    for (const std::string& line : answer.differences) {
      changes.push(line);
      report.text += shown_format("  {}\n", line);
    }
    if (answer.kept && !answer.has_older) {
      report.text += "  compiled for the first time\n";
    } else if (answer.kept && answer.differences.empty()) {
      report.text += "  nothing changed; the object was no longer there\n";
    }
    row.add("changes", std::move(changes));
    Data not_kept = Data::array();
    for (const NotKept& each : answer.not_kept) {
      Data kind = Data::object();
      kind.add("reason", each.reason);
      kind.add("what", each.what);
      kind.add("count", number(each.count));
      not_kept.push(std::move(kind));
      report.text += shown_format("  not kept ({}x): {}{}{}\n", each.count, each.reason,
                                  each.what.empty() ? "" : ": ", each.what);
    }
    row.add("not_kept", std::move(not_kept));
    rows.push(std::move(row));
  }
  report.data.add("sources", std::move(rows));
  if (!answers->empty()) return term.finish(report, exit_ok);
  report.ok = false;
  report.text = shown_format("no compile of {} is known\n", name);
  return term.finish(report, exit_undecided);
}

int audit(Term& term, Report& report, const std::string& folder, std::size_t sample) {
  catch_interrupts();
  term.status(Shown("compiling again"));
  const auto result = audit_cache(folder, sample, [] { return interrupted(); });
  term.clear_status();
  if (!result) return failed(term, report, folder, result.error());
  report.data.add("blobs", number(result->blobs));
  report.data.add("compiled", number(result->compiled));
  report.data.add("skipped", number(result->skipped));
  report.text = shown_format("{} blobs hashed, {} compiles made again, {} could not be\n",
                             result->blobs, result->compiled, result->skipped);
  Data broken = Data::array();
  for (const std::string& digest : result->broken) {
    broken.push(digest);
    report.text += shown_format("broken, taken out: {}\n", digest);
  }
  Data wrong = Data::array();
  for (const std::string& source : result->wrong) {
    wrong.push(source);
    report.text += shown_format("not what the compiler writes: {}\n", source);
  }
  report.data.add("broken", std::move(broken));
  report.data.add("wrong", std::move(wrong));
  report.ok = result->broken.empty() && result->wrong.empty();
  return term.finish(report, report.ok ? exit_ok : exit_no);
}

int clean(Term& term, Report& report, const std::string& folder, bool all) {
  const auto gone = sweep(folder, all ? 0 : cache_quota());
  if (!gone) return failed(term, report, folder, gone.error());
  report.data.add("removed", number(gone->entries));
  report.data.add("bytes", number(gone->bytes));
  report.text = shown_format("{} files removed, {}\n", gone->entries, megabytes(gone->bytes));
  return term.finish(report, exit_ok);
}

// Standard output is go's. What went wrong is on standard error, which go shows.
int prog(const std::string& folder, std::optional<RemoteSetting> remote, bool read_only) {
  if (remote) remote->read_only = remote->read_only || read_only;
  const auto counts = serve_prog(folder, std::move(remote), read_only);
  if (counts) return exit_ok;
  tell(shown_format("tenon cache prog: {}\n", counts.error().what));
  return exit_undecided;
}

// The helper itself, in the foreground: compiles start it when they need it.
int door(Term& term, Report& report, const std::optional<RemoteSetting>& remote,
         std::chrono::seconds idle) {
  if (!remote) return usage(term, report, "door needs TENON_CACHE_REMOTE");
  catch_interrupts();
  catch_drain();
  const fleet::DoorEnd end = fleet::run_door(*remote, idle);
  report.data.add("records", number(end.records));
  report.data.add("blobs", number(end.blobs));
  report.data.add("puts", number(end.puts));
  report.data.add("lost", number(end.lost));
  report.data.add("faults", number(end.faults));
  report.text = shown_format("{} records and {} blobs came, {} records went, {} were given up\n",
                             end.records, end.blobs, end.puts, end.lost);
  if (!end.finding) return term.finish(report, exit_ok);
  report.ok = false;
  report.findings.push_back(*end.finding);
  return term.finish(report, exit_undecided);
}

int flush(Term& term, Report& report, const std::optional<RemoteSetting>& remote) {
  constexpr std::chrono::minutes longest{10};
  report.data.add("remote", remote ? remote->address.host : std::string());
  report.ok = !remote || RemoteStore(*remote).flush(longest);
  report.data.add("stored", report.ok);
  report.text = report.ok ? Shown("everything that was offered is in the remote cache\n")
                          : Shown("something was not stored in the remote cache\n");
  return term.finish(report, report.ok ? exit_ok : exit_no);
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "cache";
  static constexpr std::array<std::string_view, 8> names{"stats", "size", "why",   "audit",
                                                         "clean", "prog", "flush", "door"};
  const std::string name = arguments.positional.empty() ? "stats" : arguments.positional.front();
  if (std::ranges::find(names, name) == names.end()) {
    return usage(term, report,
                 "'" + name + "' is none of stats, size, why, audit, clean, prog, flush and door");
  }
  const bool named = name == "why";
  if (arguments.positional.size() > (named ? 2U : 1U) ||
      (named && arguments.positional.size() < 2)) {
    return usage(
        term, report,
        named ? "why takes the name of a source or of a package" : name + " takes no argument");
  }
  const std::string cache = private_cache();
  if (cache.empty() && name == "prog") {
    tell(shown_format("tenon cache prog: {} is not private or cannot be written: nothing is kept\n",
                      cache_folder()));
    return prog(cache, std::nullopt, true);
  }
  if (cache.empty()) {
    report.ok = false;
    report.findings.push_back(make_finding(
        Code::usage_work_folder_not_writable,
        {{"path", cache_folder()}, {"variable", "TENON_CACHE"}, {"reason", "it is not private"}},
        "the cache"));
    return term.finish(report, exit_undecided);
  }
  const std::string folder = compile_cache_folder(cache);
  std::string wrong;
  auto remote = remote_setting(cache, &wrong);
  // A build goes on without it, and says nothing.
  if (!wrong.empty() && name != "prog") {
    return usage(term, report, "TENON_CACHE_REMOTE: " + wrong);
  }
  if (name == "prog") return prog(folder, std::move(remote), arguments.has("--read-only"));
  if (name == "flush") return flush(term, report, remote);
  if (name == "door") {
    const auto idle = parse_duration(arguments.has("--idle") ? arguments.get("--idle") : "2m");
    if (!idle) return usage(term, report, "--idle takes a time, as 90s or 10m");
    return door(term, report, remote, std::chrono::duration_cast<std::chrono::seconds>(*idle));
  }
  if (name == "size") return size(term, report, folder);
  if (name == "why") return why(term, report, folder, arguments.positional[1]);
  if (name == "clean") return clean(term, report, folder, arguments.has("--all"));
  if (name != "audit") return stats(term, report, folder);
  const auto sample = parse_number(arguments.get("--sample"));
  if (!arguments.get("--sample").empty() && !sample) {
    return usage(term, report, "--sample takes a number");
  }
  return audit(term, report, folder, static_cast<std::size_t>(sample.value_or(usual_sample)));
}

constexpr OptionSpec options[] = {
    {"--all", "", "clean: remove everything, not only what is over the limit"},
    {"--sample", "N", "audit: how many objects to compile again (default 20)"},
    {"--read-only", "", "prog: answer, and keep nothing"},
    {"--idle", "TIME", "door: ends when nobody has asked for so long (default: 2m)"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon cache stats", "hits, misses, and what was not kept and why"},
    {"tenon cache why sqlite3-binding.c", "what changed since its compile before"},
    {"GOCACHEPROG=\"tenon cache prog\" go build ./...", "go's own build cache in the same place"},
    {"tenon cache audit --sample 50", "compile 50 kept objects again and compare"},
};

}  // namespace

extern const CommandSpec command_cache;
const CommandSpec command_cache{
    .name = "cache",
    .summary = "what the cache of C compiles and go builds holds, and why a compile missed",
    .usage = "[stats|size|why NAME|audit|clean|prog|flush|door] [OPTIONS]",
    .description =
        "tenon cc and tenon build keep the object of each C, C++, Objective-C and assembler\n"
        "compile by its content, so that another build of the same source takes it from there.\n"
        "TENON_CACHE names the directory, TENON_CACHE_SIZE the most that it may take (5G).\n"
        "TENON_CACHE_REMOTE=grpc://HOST:PORT is a second home on a store of the Remote Execution\n"
        "API: flush waits until what was kept is there; door is the helper that speaks to it.",
    .options = options,
    .examples = examples,
    .run = run,
    .operands = "=stats,size,why,audit,clean,prog,flush,door"};

}  // namespace tenon
