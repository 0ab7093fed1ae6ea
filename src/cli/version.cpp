#include "base/version.h"

#include <string>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/version.h"
#include "crossbuild/run/find_toolchain.h"
#include "diag/report.h"
#include "host/files.h"
#include "host/private_folder.h"
#include "platform/toolchain.h"

namespace tenon {
namespace {

Data engine_data(Engine engine, const std::string& cache) {
  const FoundToolchain found = find_toolchain({engine, true, cache}, {});
  Data data = Data::object();
  data.add("engine", engine_name(engine));
  data.add("found", found.toolchain.has_value());
  if (found.toolchain) {
    const Toolchain& tools = *found.toolchain;
    const bool zig = engine == Engine::zig;
    data.add("version", (zig ? tools.zig_version : tools.clang_version).text());
    data.add("path", zig ? tools.zig : tools.clang);
    if (!zig) data.add("linker", tools.lld);
  } else {
    data.add("missing", found.missing);
  }
  return data;
}

}  // namespace

int show_version(const std::vector<std::string>& args) {
  Arguments arguments;
  for (const std::string& arg : args) {
    if (arg == "--json") arguments.values["--json"] = "1";
  }
  Term term(arguments);
  Report report;
  report.command = "version";
  const std::string cache = cache_folder();
  report.text = shown_format("tenon {}", tenon_version());
  if (!tenon_commit().empty()) report.text += shown_format(" ({})", tenon_commit());
  report.text += "\n";
  report.data.add("version", tenon_version());
  report.data.add("commit", tenon_commit());
  report.data.add("cache", cache);
  // Looking for engines may start programs; the plain text does without.
  if (term.json()) {
    Data engines = Data::array();
    for (const Engine engine : {Engine::zig, Engine::clang, Engine::apple}) {
      engines.push(engine_data(engine, private_cache()));
    }
    report.data.add("engines", std::move(engines));
  }
  return term.finish(report, exit_ok);
}

}  // namespace tenon
