#include "loader/macho/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "loader/macho/dyld.h"
#include "loader/macho/image.h"
#include "loader/macho/mac.h"
#include "loader/macho/search.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace tenon::loader {
namespace {

FoundBy found_by(dyld::Way way, bool in_cache) {
  if (in_cache) return FoundBy::shared_cache;
  switch (way) {
    case dyld::Way::variable:
    case dyld::Way::suffix: return FoundBy::environment;
    case dyld::Way::cryptex: return FoundBy::cryptex;
    case dyld::Way::loader_path:
    case dyld::Way::program_path: return FoundBy::loader_path;
    case dyld::Way::rpath: return FoundBy::rpath;
    case dyld::Way::own_fallback:
    case dyld::Way::fallback: return FoundBy::fallback;
    case dyld::Way::disk:
    case dyld::Way::name: break;
  }
  return FoundBy::given_path;
}

Cause cause_of(dyld::Fault fault) {
  switch (fault) {
    case dyld::Fault::architecture: return Cause::wrong_architecture;
    case dyld::Fault::platform: return Cause::wrong_platform;
    case dyld::Fault::no_uuid:
    case dyld::Fault::data_const: return Cause::refused_header;
    case dyld::Fault::signature: return Cause::bad_signature;
    case dyld::Fault::team: return Cause::library_validation;
    case dyld::Fault::empty_file:
    case dyld::Fault::not_macho:
    case dyld::Fault::file_type:
    case dyld::Fault::structure: break;
  }
  return Cause::damaged_library;
}

Cause cause_of(const dyld::Failure& failure) {
  switch (failure.kind) {
    case dyld::Kind::program_refused: return Cause::refused_header;
    case dyld::Kind::program_killed: return Cause::killed;
    case dyld::Kind::symbol_missing: return Cause::missing_symbol;
    case dyld::Kind::library_missing:
    case dyld::Kind::library_refused:
    case dyld::Kind::inserted_missing: break;
  }
  for (const dyld::Tried& one : failure.tried) {
    if (one.fault) return cause_of(*one.fault);
  }
  return Cause::missing_library;
}

Failure failure_of(const dyld::Failure& failure) {
  Failure out;
  out.file = failure.file;
  out.cause = cause_of(failure);
  out.text = failure.text;
  out.status = 134;  // SIGABRT, as shells show it
  if (failure.kind == dyld::Kind::program_killed) out.status = 137;
  out.by = failure.wanted_by;
  (failure.kind == dyld::Kind::symbol_missing ? out.symbol : out.library) = failure.name;
  if (failure.kind == dyld::Kind::symbol_missing) out.library = failure.file;
  for (const dyld::Tried& one : failure.tried) {
    if (!one.fault) continue;
    out.path = one.path;
    out.why = one.why.empty() ? "the file is empty" : one.why;
    break;
  }
  return out;
}

// Where people keep libraries that a program does not find.
std::vector<std::string> places_for(const dyld::Failure& failure, const std::string& program) {
  const std::string own(folder_of(failure.wanted_by));
  const std::string home(folder_of(program));
  return {own,
          own + "/../lib",
          home,
          home + "/../lib",
          home + "/../Frameworks",
          home + "/lib",
          "/opt/homebrew/lib",
          "/usr/local/lib",
          "/opt/local/lib"};
}

void look_elsewhere(const dyld::Failure& failure, const std::string& program, dyld::Mac& mac,
                    Verdict& out) {
  const std::string leaf(base_name(failure.name));
  for (const std::string& folder : places_for(failure, program)) {
    const std::string path = join_path(folder, leaf);
    const dyld::Found found = mac.look(path);
    if (found.kind != dyld::Found::Kind::file) continue;
    const std::string& real = found.real_path.empty() ? path : found.real_path;
    if (std::ranges::find(out.elsewhere, real) == out.elsewhere.end())
      out.elsewhere.push_back(real);
  }
}

void add_images(const dyld::Prediction& prediction, Verdict& out) {
  std::map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < prediction.images.size(); ++i)
    index.emplace(prediction.images[i].path, i);
  for (const dyld::LoadedImage& image : prediction.images) {
    ImageInfo& one = out.images.emplace_back();
    one.path = image.path;
    one.real_path = image.in_cache ? std::string() : image.path;
    one.name = image.name;
    one.by = image.by;
    one.found = image.by.empty() && !image.in_cache ? FoundBy::program
                                                    : found_by(image.way, image.in_cache);
    one.needed = image.needs;
    for (const std::string& need : image.needs) {
      const auto found = index.find(need);
      if (found != index.end()) one.children.push_back(found->second);
    }
  }
}

void add_tried(const dyld::Failure& failure, Verdict& out) {
  constexpr std::size_t most = 4096;
  for (const dyld::Tried& one : failure.tried) {
    if (out.tried.size() >= most) {
      out.tried_cut = true;
      return;
    }
    Tried& to = out.tried.emplace_back();
    to.name = failure.name;
    to.by = failure.wanted_by;
    to.path = one.path;
    to.rule = found_by(one.way, false);
    to.owner = one.origin;
    to.result = TryResult::refused;
    to.note = one.why;
  }
}

std::string here(const Subject& subject, const std::string& path) {
  if (path == subject.in_root) return subject.file;
  return subject.root == "/" ? path : subject.root + path;
}

// "@loader_path/../lib" for a folder beside or below what the file's own folder is in.
std::string from_loader(const std::string& file, const std::string& folder) {
  std::string up(folder_of(file));
  std::string dots = "@loader_path";
  for (int i = 0; i < 3; ++i) {
    if (folder == up) return dots;
    if (folder.starts_with(up + "/")) return dots + folder.substr(up.size());
    dots += "/..";
    up = folder_of(up);
    if (up.empty() || up == "/") break;
  }
  return folder;
}

Fix sign_fix(const std::string& file) {
  return {Fix::Safety::review,
          shown_format("sign {} (ad hoc; with your identity before you ship it)", file),
          {{"tenon", "sign", ShellWord::path(file)}}};
}

Finding missing_library(const Verdict& verdict, const Failure& failure, const Subject& subject) {
  const auto tried = std::ranges::count_if(
      verdict.tried, [&](const Tried& one) { return one.name == failure.library; });
  Finding out = make_finding(
      Code::load_dyld_library_missing,
      {{"by", failure.by}, {"library", failure.library}, {"count", std::to_string(tried)}},
      failure.file);
  for (const Tried& one : verdict.tried) {
    if (one.name == failure.library && out.evidence.size() < 20)
      out.evidence.push_back({Evidence::Kind::file, one.path, one.note});
  }
  const std::string leaf(base_name(failure.library));
  for (const std::string& place : verdict.elsewhere) {
    if (base_name(place) != leaf) continue;
    const std::string folder(folder_of(place));
    const std::string file = here(subject, failure.by);
    ShellCommand change{"install_name_tool", "-add_rpath",
                        ShellWord::path(from_loader(failure.by, folder)), ShellWord::path(file)};
    if (!failure.library.starts_with("@rpath/")) {
      change = {"install_name_tool", "-change", ShellWord::path(failure.library),
                ShellWord::path(from_loader(failure.by, folder) + "/" + leaf),
                ShellWord::path(file)};
    }
    out.fixes.push_back({Fix::Safety::review,
                         shown_format("{} has it: lead {} there, and sign it again", folder, file),
                         {std::move(change), {"tenon", "sign", ShellWord::path(file)}}});
    return out;
  }
  out.fixes.push_back(
      {Fix::Safety::manual, shown_format("put {} where one of the paths leads", leaf), {}});
  return out;
}

Finding of_signature(const Failure& failure, const Subject& subject) {
  Finding out = make_finding(Code::load_dyld_signature,
                             {{"path", failure.path}, {"why", failure.why}}, failure.path);
  out.fixes.push_back(sign_fix(here(subject, failure.path)));
  return out;
}

}  // namespace

Verdict verdict_of(const dyld::Prediction& prediction, dyld::Mac& mac) {
  using Starts = dyld::Prediction::Starts;
  Verdict out;
  out.loader = LoaderKind::dyld;
  out.interpreter = "/usr/lib/dyld";
  if (prediction.starts != Starts::unknown) out.loads = prediction.starts == Starts::yes;
  out.undecided = out.loads ? std::string() : join(prediction.assumptions, "; ");
  const std::string program =
      prediction.images.empty() ? std::string() : prediction.images.front().path;
  const auto take = [&](const dyld::Failure& failure) {
    out.failures.push_back(failure_of(failure));
    add_tried(failure, out);
    if (out.failures.back().cause == Cause::missing_library)
      look_elsewhere(failure, program, mac, out);
  };
  if (prediction.failure) take(*prediction.failure);
  for (const dyld::Failure& one : prediction.next) take(one);
  for (const std::string& one : prediction.fails_when_called) {
    const std::size_t of = one.find(" of ");
    out.late.push_back({one.substr(of + 4), one.substr(0, of), {}, "missing lazy symbol called"});
  }
  for (const auto& [name, why] : prediction.settings.ignored) {
    Warning& warning = out.warnings.emplace_back();
    warning.kind = Warning::Kind::environment;
    warning.source = name;
    warning.why = why;
  }
  add_images(prediction, out);
  return out;
}

Finding dyld_finding(const Verdict& verdict, const Failure& failure, const Subject& subject) {
  switch (failure.cause) {
    case Cause::missing_library: return missing_library(verdict, failure, subject);
    case Cause::missing_symbol:
      return make_finding(
          Code::load_dyld_symbol_missing,
          {{"by", failure.by}, {"symbol", failure.symbol}, {"library", failure.library}},
          failure.by);
    case Cause::bad_signature: return of_signature(failure, subject);
    case Cause::library_validation:
      return make_finding(Code::load_library_validation,
                          {{"path", failure.path},
                           {"have", "another team or none"},
                           {"program", subject.file},
                           {"want", "its own team"}},
                          failure.path);
    case Cause::refused_header:
      return make_finding(Code::load_dyld_refuses_program,
                          {{"file", subject.file}, {"why", failure.text}}, failure.file);
    case Cause::killed: {
      Finding out = make_finding(
          Code::load_killed,
          {{"file", subject.file}, {"why", "it has no signature that matches its pages"}},
          failure.file);
      out.fixes.push_back(sign_fix(subject.file));
      return out;
    }
    default: break;
  }
  return make_finding(
      Code::load_dyld_library_refused,
      {{"path", failure.path}, {"by", failure.by}, {"why", failure.why}, {"want", subject.arch}},
      failure.path);
}

}  // namespace tenon::loader
