#include "notarize/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "codesign/cms/cms.h"
#include "codesign/mapping/codeless.h"
#include "codesign/notary/slice_rows.h"
#include "codesign/resources/layout.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/verify.h"
#include "diag/codes.h"
#include "format/ar/ar.h"
#include "format/kind/kind.h"
#include "format/macho/load_commands.h"
#include "format/macho/macho.h"
#include "notarize/scope.h"
#include "notarize/spool.h"

namespace tenon::notarize {

namespace {

using kind::FileKind;

constexpr std::size_t head_size = 16;
constexpr macho::Version oldest_sdk{10, 9, 0};

bool is_archive(FileKind found) {
  return found == FileKind::zip || found == FileKind::xar || found == FileKind::dmg;
}

bool is_macho(FileKind found) {
  return found == FileKind::macho || found == FileKind::macho_universal;
}

// Archives that are not opened here, by their names: their first bytes tell little.
bool is_other_archive(std::string_view path) {
  constexpr std::string_view ends[] = {".tar",     ".tgz",     ".txz", ".tar.gz", ".tar.xz",
                                       ".tar.bz2", ".tar.zst", ".7z",  ".xip",    ".rar"};
  return std::ranges::any_of(ends, [&](std::string_view end) { return path.ends_with(end); });
}

// A static library of Mach-O objects; those of other systems are nothing to the notary.
bool holds_macho(ByteView library) {
  const auto archive = ar::Archive::parse(library);
  if (!archive) return false;
  return std::ranges::any_of(archive->members(), [](const ar::Member& member) {
    return is_macho(kind::identify(member.data));
  });
}

}  // namespace

Eligible LintResult::eligible() const {
  bool open = !unread.empty() || programs == 0;
  for (const Issue& issue : issues) {
    if (issue.code == Code::notarize_not_looked_inside ||
        issue.code == Code::notarize_nothing_to_notarize) {
      open = true;
    } else {
      return Eligible::no;
    }
  }
  return open ? Eligible::unknown : Eligible::yes;
}

void Linter::add(Code code, const std::string& name, const std::string& file, std::string arch,
                 std::string detail) {
  result.issues.push_back({code, name, file, std::move(arch), std::move(detail)});
}

void Linter::refuse(const Error& error, const std::string& name, const std::string& file) {
  switch (error.code) {
    case Errc::unsupported:
      add(Code::notarize_not_looked_inside, name, file, {}, error.what);
      return;
    case Errc::malformed:
    case Errc::truncated:
    case Errc::limit:
      add(Code::notarize_archive_refused, name, file, {},
          fmt::format("{} ({})", error.what, errc_name(error.code)));
      return;
    default: result.unread.push_back({name, error});
  }
}

void Linter::end(const std::string& name, std::uint64_t programs_before, std::size_t said_before) {
  if (result.programs != programs_before || said() != said_before) return;
  add(Code::notarize_nothing_to_notarize, name, name, {}, "there is no code in it");
}

void Linter::folder(FileTree& tree, const std::string& name) {
  const Head head = [&tree](const std::string& path, std::size_t size) -> Result<std::string> {
    const FileTree::Content content = TENON_TRY(tree.read(path));
    return std::string(content.bytes.text().substr(0, size));
  };
  Scope scope{tree, head, name};
  walk(scope, "");
}

void Linter::file(const FileTree::Content& content, const std::string& name) {
  if (contents(content, name, name, 0)) return;
  add(Code::notarize_nothing_to_notarize, name, name, {},
      fmt::format("it is neither code nor an archive ({})",
                  kind::name(kind::identify(content.bytes))));
}

void Linter::walk(Scope& scope, const std::string& path) {
  bundle(scope, path);
  const auto entries = scope.tree.list(path);
  if (!entries) {
    result.unread.push_back({scope.shown(path), entries.error()});
    return;
  }
  for (const FileTree::Entry& entry : *entries) {
    const std::string inner = join_tree_path(path, entry.name);
    if (entry.kind == FileTree::Kind::folder) walk(scope, inner);
    if (entry.kind == FileTree::Kind::file) member(scope, inner);
  }
}

// Judges a bundle with everything that it seals. Afterwards its files are walked like others: the
// notary looks at code wherever it lies, and a seal lists code among the resources as mere data.
bool Linter::bundle(Scope& scope, const std::string& path) {
  const auto layout = resources::find_layout(scope.tree, path);
  if (!layout) return false;
  const std::string& main = layout->executable.empty() ? layout->root : layout->executable;
  if (scope.judged.contains(main)) return true;
  const auto verdict = codesign::verify_bundle(scope.tree, path, options_);
  if (!verdict) return false;
  const auto sealed = [](const codesign::FileVerdict& file) {
    return std::ranges::any_of(file.slices, &codesign::SliceVerdict::is_signed);
  };
  if (layout->executable.empty() && !sealed(verdict->main)) return false;
  scope.judged.insert(main);
  scope.judged.insert(verdict->main.path);
  judge(verdict->main, scope.shown(verdict->main.path), scope.file(verdict->main.path));
  // Nothing is known of nested code that no seal lists: the walk finds it.
  for (const codesign::FileVerdict& nested : verdict->nested) {
    if (!scope.judged.insert(nested.path).second) continue;
    judge(nested, scope.shown(nested.path), scope.file(nested.path));
  }
  return true;
}

void Linter::member(Scope& scope, const std::string& path) {
  const auto head = scope.head(path, head_size);
  const std::string shown = scope.shown(path), file = scope.file(path);
  if (!head) return refuse(head.error(), shown, file);
  const FileKind found = kind::identify(view_of(*head));
  if (is_other_archive(path)) {
    add(Code::notarize_not_looked_inside, shown, file, {},
        "it is an archive that tenon does not open");
    return;
  }
  const bool image = base_name(path).ends_with(".dmg");
  const bool library = found == FileKind::archive;
  if (!is_macho(found) && !is_archive(found) && !library && !image) return;
  const auto content = scope.tree.read(path);
  if (!content) return refuse(content.error(), shown, file);
  if (is_macho(found) && scope.judged.contains(path)) {
    sdk(content->bytes, shown, file);
    return;
  }
  contents(*content, shown, file, scope.depth);
}

// False for what neither is code nor holds any.
bool Linter::contents(const FileTree::Content& content, const std::string& name,
                      const std::string& file, unsigned depth) {
  const FileKind found = kind::identify(content.bytes);
  if (is_archive(found) && depth >= Budget::most_depth) {
    add(Code::notarize_archive_refused, name, file, {}, "archives are nested more than eight deep");
    return true;
  }
  if (is_archive(found)) ++result.archives;
  switch (found) {
    case FileKind::macho:
    case FileKind::macho_universal: code(content, name, file); return true;
    case FileKind::archive:
      if (holds_macho(content.bytes)) add(Code::notarize_static_library, name, file);
      return holds_macho(content.bytes);
    case FileKind::zip: zip(content, name, depth + 1); return true;
    case FileKind::xar: package(content, name, file, depth + 1); return true;
    case FileKind::dmg: disk_image(content, name, file, depth + 1); return true;
    default: return false;
  }
}

void Linter::code(const FileTree::Content& content, const std::string& name,
                  const std::string& file) {
  if (codesign::codeless(content.bytes)) {
    add(Code::notarize_static_library, name, file);
    return;
  }
  const auto verdict = codesign::verify_file(content.bytes, options_);
  if (!verdict) return refuse(verdict.error(), name, file);
  judge(*verdict, name, file);
  sdk(content.bytes, name, file);
}

void Linter::judge(const codesign::FileVerdict& verdict, const std::string& name,
                   const std::string& file) {
  ++result.programs;
  for (const codesign::SliceVerdict& slice : verdict.slices) {
    for (codesign::NotaryIssue& issue : codesign::notary_issues(slice)) {
      add(issue.code, name, file, std::move(issue.arch), std::move(issue.detail));
    }
    if (!slice.cdhash.empty()) result.code.push_back({name, slice.arch, slice.cdhash});
    if (!slice.cms) continue;
    add_certificates(slice.cms->certificates);
    // The signer of a timestamp lives for weeks by design; what is above it is watched.
    if (slice.cms->token && !slice.cms->token->certificates.empty()) {
      add_certificates(std::span(slice.cms->token->certificates).subspan(1));
    }
  }
}

void Linter::add_certificates(std::span<const cms::Certificate> chain) {
  for (const cms::Certificate& each : chain) {
    const auto same = [&](const cms::Certificate& other) { return other.sha256 == each.sha256; };
    if (std::ranges::none_of(result.certificates, same)) result.certificates.push_back(each);
  }
}

void Linter::sdk(ByteView bytes, const std::string& name, const std::string& file) {
  const auto slices = macho::slices(bytes);
  if (!slices) return;
  for (const macho::Slice& slice : *slices) {
    const auto parsed = macho::File::parse(slice.bytes);
    if (!parsed) continue;
    const macho::BuildVersion* build = parsed->build();
    if (build != nullptr && build->platform != macho::PLATFORM_MACOS) continue;
    if (build != nullptr && build->sdk >= oldest_sdk) continue;
    const macho::Version sdk = build == nullptr ? macho::Version{} : build->sdk;
    add(Code::notarize_old_sdk, name, file, macho::arch_name(slice.cputype, slice.cpusubtype),
        build == nullptr          ? "no version command"
        : sdk == macho::Version{} ? "the SDK is not recorded"
                                  : fmt::format("SDK {}.{}", sdk.major, sdk.minor));
  }
}

}  // namespace tenon::notarize
