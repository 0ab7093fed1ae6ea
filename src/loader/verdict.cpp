#include "loader/verdict.h"

#include <string>
#include <string_view>

namespace tenon::loader {

std::string_view cause_name(Cause cause) {
  switch (cause) {
    case Cause::missing_library: return "missing-library";
    case Cause::wrong_architecture: return "wrong-architecture";
    case Cause::wrong_class: return "wrong-class";
    case Cause::damaged_library: return "damaged-library";
    case Cause::missing_symbol: return "missing-symbol";
    case Cause::missing_version: return "missing-version";
    case Cause::no_version_table: return "no-version-table";
    case Cause::missing_interpreter: return "missing-interpreter";
    case Cause::bad_interpreter: return "bad-interpreter";
    case Cause::cannot_execute: return "cannot-execute";
    case Cause::crash: return "crash";
    case Cause::wrong_platform: return "wrong-platform";
    case Cause::refused_header: return "refused-header";
    case Cause::bad_signature: return "bad-signature";
    case Cause::library_validation: return "library-validation";
    case Cause::killed: return "killed";
    case Cause::undecided: return "undecided";
  }
  return {};
}

std::string_view try_name(TryResult result) {
  switch (result) {
    case TryResult::taken: return "taken";
    case TryResult::absent: return "absent";
    case TryResult::other_machine: return "other-machine";
    case TryResult::other_class: return "other-class";
    case TryResult::unusable: return "unusable";
    case TryResult::refused: return "refused";
    case TryResult::skipped: return "skipped";
  }
  return {};
}

std::string_view found_name(FoundBy found) {
  switch (found) {
    case FoundBy::program: return "program";
    case FoundBy::interpreter: return "interpreter";
    case FoundBy::rpath: return "RPATH";
    case FoundBy::runpath: return "RUNPATH";
    case FoundBy::environment: return "LD_LIBRARY_PATH";
    case FoundBy::cache: return "ld.so.cache";
    case FoundBy::default_path: return "default path";
    case FoundBy::path_file: return "path file";
    case FoundBy::given_path: return "path in DT_NEEDED";
    case FoundBy::preload: return "preload";
    case FoundBy::loader_path: return "@loader_path";
    case FoundBy::cryptex: return "cryptex";
    case FoundBy::fallback: return "fallback";
    case FoundBy::shared_cache: return "shared cache";
  }
  return {};
}

std::string_view loader_name(LoaderKind kind) {
  switch (kind) {
    case LoaderKind::none: return "none";
    case LoaderKind::glibc: return "glibc";
    case LoaderKind::musl: return "musl";
    case LoaderKind::dyld: return "dyld";
    case LoaderKind::other: return "other";
  }
  return {};
}

std::string Verdict::text() const {
  std::string out;
  for (const Warning& one : warnings) {
    if (!one.text.empty()) out += one.text + '\n';
  }
  if (!failures.empty() && !failures.front().text.empty()) out += failures.front().text + '\n';
  return out;
}

std::string_view environment_value(const Request& request, std::string_view name) {
  std::string_view out;
  for (const std::string& entry : request.environment) {
    const std::string_view text = entry;
    if (text.size() > name.size() && text.starts_with(name) && text[name.size()] == '=') {
      out = text.substr(name.size() + 1);
    }
  }
  return out;
}

}  // namespace tenon::loader
