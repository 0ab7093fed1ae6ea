#include "diagnose/fixes/missing_file.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/template.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/failures.h"
#include "platform/contents.h"

namespace tenon {
namespace {

using Kind = SoughtFile::Kind;

bool is_plain(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+._-/").contains(c);
  };
  return name.size() < 100 && !name.empty() && std::ranges::all_of(name, plain) &&
         !name.contains("..") && !name.starts_with('/') && !name.starts_with('-') &&
         !name.ends_with('/');
}

}  // namespace

std::optional<SoughtFile> missing_file(const Failure& failure) {
  const auto of = [&](Kind kind, std::string_view name) -> std::optional<SoughtFile> {
    const std::string_view value = capture(failure.names, name);
    if (!is_plain(value)) return std::nullopt;
    return SoughtFile{kind, std::string(value)};
  };
  switch (failure.kind) {
    case FailureClass::header_missing: return of(Kind::header, "header");
    case FailureClass::library_missing: return of(Kind::library, "name");
    case FailureClass::pkg_config: return of(Kind::pc, "name");
    case FailureClass::program_missing: {
      auto out = of(Kind::program, "program");
      return out && out->name.contains('/') ? std::nullopt : out;
    }
    case FailureClass::start_refused: {
      // The loader tells in the same words what it misses and what it cannot start.
      auto out = of(Kind::loaded, "name");
      return out && out->name.contains(".so") && !out->name.contains('/') ? out : std::nullopt;
    }
    default: return std::nullopt;
  }
}

bool is_asked_for_later(const SoughtFile& file) {
  return file.kind == Kind::program || file.kind == Kind::loaded;
}

}  // namespace tenon
