// What the cache of compiles reads: sources, lists of dependencies, its own records, go's requests,
// and command lines.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "cache/prog.h"
#include "cache/remote.h"
#include "cache/usage.h"
#include "crossbuild/cache/compile_call.h"
#include "crossbuild/cache/depfile.h"
#include "crossbuild/cache/includes.h"
#include "crossbuild/cache/key_parts.h"
#include "crossbuild/cache/manifest.h"

namespace {

using namespace tenon;

void check(bool right) {
  if (!right) __builtin_trap();
}

void read_source(std::string_view text) {
  for (const bool assembler : {false, true}) {
    for (const IncludeName& name : scan_includes(text, assembler).names) {
      check(!name.name.empty() && text.contains(name.name));
    }
  }
  check(with_line_paths(text, [](std::string_view path) { return std::string(path); }) == text);
  for (const std::string& path : parse_depfile(text)) check(!path.empty());
}

void read_records(std::string_view text) {
  if (parse_manifest(text)) check(!parse_manifest(text.substr(0, text.size() - 1)));
  if (const auto kept = parse_manifest(with_sum(std::string(text)))) {
    const std::string again = manifest_text(*kept);
    const auto twice = parse_manifest(again);
    check(twice && manifest_text(*twice) == again);
  }
  for (const UsageLine& line : parse_usage(text)) {
    const auto again = parse_usage(usage_text(line));
    check(again.size() == 1 && again[0].bytes == line.bytes && again[0].how == line.how);
  }
  const PartsPair pair = parse_parts(text);
  (void)differences(pair.older, pair.newest);
  if (const auto entry = parse_prog_record(text)) {
    check(parse_prog_record(prog_record(*entry)).has_value());
  }
}

void read_talk(std::string_view text) {
  const auto line_of = [](std::string out) {
    check(out.ends_with('\n'));
    out.pop_back();
    return out;
  };
  for (const std::string_view line : split(text, '\n')) {
    if (const auto request = parse_door_request(line)) {
      check(parse_door_request(line_of(door_text(*request))) == request);
    }
    if (const auto answer = parse_door_answer(line)) {
      check(parse_door_answer(line_of(door_text(*answer))) == answer);
    }
  }
  if (const auto address = parse_remote(text)) check(address->host.contains(':'));
  const std::string key(64, 'a');
  check(read_remote_record(key, remote_record(key, text)) == text);
  if (const auto record = read_remote_record(key, text)) check(text.ends_with(*record));
}

void read_requests(std::string_view text) {
  if (const auto request = parse_prog_request(text)) {
    check(request->command == ProgRequest::Command::close || request->action.size() == 64);
  }
  if (const auto body = parse_prog_body(text, 3)) check(body->size() == 3);
}

// A line is an argument.
void read_arguments(std::string_view text) {
  std::vector<std::string> argv{"cc"};
  for (const std::string_view line : split(text, '\n')) argv.emplace_back(line);
  const auto call = read_compile_call(argv, 1, "/w");
  if (!call) {
    check(!uncached_name(call.error().reason).empty());
    return;
  }
  check(!call->output.empty() && call->source.starts_with('/'));
  for (const PrefixMap& map : call->maps) {
    check(local_path(call->maps, portable_path(call->maps, map.from)) == map.from);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_source(text);
  read_records(text);
  read_requests(text);
  read_talk(text);
  read_arguments(text);
  return 0;
}
