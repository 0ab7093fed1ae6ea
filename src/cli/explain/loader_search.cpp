#include "cli/explain/loader_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "cli/explain/file_here.h"
#include "cli/load/place.h"
#include "cli/load/shared_cache.h"
#include "diag/finding.h"
#include "diagnose/answer.h"
#include "diagnose/failures/start_failure.h"
#include "diagnose/search.h"
#include "format/elf/elf.h"
#include "host/environment.h"
#include "loader/elf/start.h"
#include "loader/files.h"
#include "loader/floor.h"
#include "loader/macho/dyld.h"
#include "loader/macho/report.h"
#include "loader/macho/rooted_mac.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace tenon::explain {
namespace {

constexpr std::size_t most_looked = 12;

struct Predicted {
  loader::Verdict verdict;
  loader::Subject subject;
};

// Variables that loaders read: those of this process for a command, and of `env` before it.
std::vector<std::string> loader_environment(const StartedProgram& started) {
  std::vector<std::string> out;
  if (started.program.empty()) return out;
  for (const auto& [name, value] : environment_entries()) {
    if (name.starts_with("LD_") || name.starts_with("DYLD_"))
      out.push_back(fmt::format("{}={}", name, value));
  }
  out.insert(out.end(), started.environment.begin(), started.environment.end());
  return out;
}

std::optional<Predicted> predict(const PlaceRequest& where, const std::string& argv0,
                                 std::vector<std::string> environment) {
  const bool macos = is_for_macos(where);
  auto place = macos ? find_macos_place(where) : find_place(where);
  if (!place) return std::nullopt;
  loader::Files files(*place->root, place->outside.get(), place->outside_at);
  if (!macos) {
    loader::Request request;
    request.program = place->subject.in_root;
    request.argv0 = argv0;
    request.environment = std::move(environment);
    request.secure = place->gains_rights;
    return Predicted{loader::predict_elf(request, files, place->machine),
                     std::move(place->subject)};
  }
  const auto cache = shared_cache({}, *place->platform);
  if (!cache) return std::nullopt;
  dyld::Request request;
  request.program = place->subject.in_root;
  request.environment = std::move(environment);
  request.set_user_id = place->gains_rights;
  dyld::RootedMac mac(files);
  return Predicted{loader::verdict_of(dyld::predict(request, mac, *cache), mac),
                   std::move(place->subject)};
}

bool same_leaf(std::string_view a, std::string_view b) {
  return !a.empty() && base_name(a) == base_name(b);
}

bool agrees(const StartFailure& said, const loader::Failure& found) {
  using loader::Cause;
  if (!said.symbol.empty()) return said.symbol == found.symbol;
  if (!said.version.empty()) return said.version == found.version;
  if (!said.library.empty()) return same_leaf(said.library, found.library);
  return found.cause == Cause::missing_interpreter || found.cause == Cause::bad_interpreter ||
         found.cause == Cause::cannot_execute;
}

void add_looked(Search& search, std::string where, std::string text) {
  if (search.looked.size() >= most_looked) {
    ++search.more;
    return;
  }
  search.looked.push_back({Evidence::Kind::file, std::move(where), std::move(text)});
}

// Where the symbol or version should have come from.
void add_definers(const loader::Verdict& verdict, const loader::Failure& failure, Search& search) {
  if (!failure.version.empty() && failure.symbol.empty()) {
    std::string text = "does not define version " + failure.version;
    if (verdict.glibc.have != elf::GlibcVersion{} && failure.version.starts_with("GLIBC_"))
      text += "; it is glibc " + loader::version_text(verdict.glibc.have);
    add_looked(search, failure.path.empty() ? failure.library : failure.path, std::move(text));
    return;
  }
  const std::string text = "does not define " + failure.symbol +
                           (failure.version.empty() ? "" : " of version " + failure.version);
  if (verdict.loader == loader::LoaderKind::dyld) {
    if (!failure.library.empty()) add_looked(search, failure.library, text);
    return;
  }
  for (const loader::ImageInfo& image : verdict.images) add_looked(search, image.path, text);
}

void add_evidence(const loader::Verdict& verdict, const loader::Failure& failure, Search& search) {
  using loader::Cause;
  if (failure.cause == Cause::missing_interpreter || failure.cause == Cause::bad_interpreter) {
    add_looked(search, failure.file, failure.why);
    for (const std::string& other : verdict.other_loaders)
      add_looked(search, other, "is there, and is another loader");
    return;
  }
  if (!failure.symbol.empty() || !failure.version.empty())
    return add_definers(verdict, failure, search);
  for (const loader::Tried& one : verdict.tried) {
    if (one.name == failure.library && (one.by.empty() || one.by == failure.by))
      add_looked(search, one.path, loader::tried_reason(one));
  }
}

Search search_of(const StartFailure& said, const Predicted& predicted) {
  const loader::Verdict& verdict = predicted.verdict;
  Search out;
  out.subject = predicted.subject.file;
  out.by = "tenon load " + predicted.subject.file;
  if (predicted.subject.root != "/") out.by += " --root " + predicted.subject.root;
  // A function that is bound when it is called fails in a program that has started.
  const auto late = std::ranges::find(verdict.late, said.symbol, &loader::LateSymbol::symbol);
  if (verdict.failures.empty() && late != verdict.late.end()) {
    loader::Failure failure;
    failure.symbol = late->symbol;
    failure.version = late->version;
    out.agrees = true;
    add_definers(verdict, failure, out);
    out.result = late->path + " calls " + late->symbol + ", which no library defines";
    return out;
  }
  if (verdict.failures.empty()) {
    out.result = verdict.loads.value_or(false)
                     ? predicted.subject.file + " loads with the files that are here now"
                     : predicted.subject.file + ": not decided: " + verdict.undecided;
    return out;
  }
  const loader::Failure& failure = verdict.failures.front();
  out.agrees = agrees(said, failure);
  add_evidence(verdict, failure, out);
  auto findings = loader::verdict_findings(verdict, predicted.subject);
  if (!findings.empty()) out.finding = std::move(findings.front());
  return out;
}

}  // namespace

void search_as_loader(Answer& answer, const std::vector<std::string>& command,
                      const std::string& root) {
  const auto said = start_failure(answer.log);
  if (!said) return;
  const StartedProgram started = started_program(command);
  const std::string& where = root.empty() ? started.root : root;
  std::optional<Search> best;
  for (const std::string& file : files_here(*said, started, where)) {
    const std::string argv0 = said->names_program ? said->files.front() : std::string();
    const auto predicted = predict({file, where, {}}, argv0, loader_environment(started));
    if (!predicted) continue;
    Search search = search_of(*said, *predicted);
    // A shell that started the program loads; the file that the log names does not.
    if (search.agrees || !best || best->looked.empty()) best = std::move(search);
    if (best->agrees) break;
  }
  if (best) answer.searches.push_back(*std::move(best));
}

}  // namespace tenon::explain
