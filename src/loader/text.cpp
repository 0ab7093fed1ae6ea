// The verdict for people.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "format/elf/elf.h"
#include "loader/files.h"
#include "loader/floor.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace tenon::loader {
namespace {

Shown how_found(const ImageInfo& image) {
  if (image.by.empty()) return {};
  return shown_format("  ({}, by {})", found_name(image.found), image.by);
}

Shown reason_of(const Tried& one) { return Shown::of(tried_reason(one)); }

// The paths that were tried for what the first failure lacks; few, with the number of the others.
Shown tried_lines(const Verdict& verdict, std::string_view library) {
  constexpr std::size_t most = 12;
  Shown out;
  std::size_t count = 0;
  for (const Tried& one : verdict.tried) {
    if (one.name != library) continue;
    if (++count <= most) out += shown_format("  tried {} ({})\n", one.path, reason_of(one));
  }
  if (count > most) out += shown_format("  and {} more; --explain-path shows all\n", count - most);
  return out;
}

}  // namespace

std::string tried_reason(const Tried& one) {
  if (one.result == TryResult::refused) return one.note;
  if (one.result == TryResult::absent) return std::string(glibc_text(one.os_error));
  if (one.note.empty()) return std::string(try_name(one.result));
  return std::string(try_name(one.result)) + ": " + one.note;
}

Shown verdict_text(const Verdict& verdict, const Subject& subject) {
  Shown out;
  if (!verdict.loads) {
    out = shown_format("{}: not decided: {}\n", subject.file, verdict.undecided);
  } else if (*verdict.loads) {
    out = verdict.loader == LoaderKind::none && !verdict.library
              ? shown_format("{}: starts: no loader is involved\n", subject.file)
              : shown_format("{}: loads: {} files, through {}\n", subject.file,
                             verdict.images.size(), verdict.interpreter);
  } else {
    out = shown_format("{}: will not load\n", subject.file);
  }
  const GlibcFloors& glibc = verdict.glibc;
  if (glibc.needed != elf::GlibcVersion{}) {
    out += shown_format("needs glibc {} or newer", version_text(glibc.needed));
    if (glibc.have != elf::GlibcVersion{}) {
      out += shown_format("; the root has {}", version_text(glibc.have));
    }
    out += "\n";
  }
  for (const std::string& one : verdict.for_other_processors)
    out += shown_format("a better processor takes {} (--cpu)\n", one);
  std::string printed = verdict.text();
  if (printed.ends_with('\n')) printed.pop_back();
  if (!printed.empty()) out += "what is printed:\n" + Shown::lines_of(printed, "  ");
  if (!printed.empty()) out += "\n";
  // dyld's own text has them.
  const bool listed = verdict.loader == LoaderKind::dyld;
  if (!listed && !verdict.failures.empty() && !verdict.failures.front().library.empty()) {
    out += tried_lines(verdict, verdict.failures.front().library);
  }
  return out;
}

Shown tree_text(const Verdict& verdict) {
  constexpr std::size_t deepest = 64;
  Shown out;
  std::vector<bool> seen(verdict.images.size(), false);
  std::vector<std::pair<std::size_t, std::size_t>> stack;  // image, depth
  if (!verdict.images.empty()) stack.emplace_back(0, 0);
  while (!stack.empty()) {
    const auto [index, depth] = stack.back();
    stack.pop_back();
    const ImageInfo& image = verdict.images[index];
    Shown indent;
    for (std::size_t i = 0; i < depth && i < deepest; ++i) indent += "  ";
    out += shown_format("{}{}", indent, image.name.empty() ? image.path : image.name);
    if (!image.name.empty() && image.name != image.path) out += shown_format(" => {}", image.path);
    out += how_found(image);
    if (seen[index] && !image.children.empty()) {
      out += "  (above)\n";
      continue;
    }
    seen[index] = true;
    out += "\n";
    for (std::size_t i = image.children.size(); i-- > 0;) {
      stack.emplace_back(image.children[i], depth + 1);
    }
    for (std::size_t i = image.children.size(); i < image.needed.size(); ++i) {
      out += shown_format("{}  {} => not found\n", indent, image.needed[i]);
      if (verdict.loader == LoaderKind::glibc) break;
    }
  }
  return out;
}

Shown path_text(const Verdict& verdict, std::string_view library) {
  Shown out;
  std::string_view by;
  for (const Tried& one : verdict.tried) {
    if (one.name != library && one.path != library) continue;
    if (one.by != by) out += shown_format("{} for {}:\n", one.name, one.by);
    by = one.by;
    out += shown_format("  {:<16} {}", found_name(one.rule), one.path);
    out += shown_format("  {}", reason_of(one));
    if (!one.owner.empty() && one.rule != FoundBy::cache) out += shown_format("  [{}]", one.owner);
    out += "\n";
  }
  for (const ImageInfo& image : verdict.images) {
    if (image.name != library && image.soname != library) continue;
    out += shown_format("loaded as {} ({})\n", image.path, found_name(image.found));
  }
  if (out.empty()) out = shown_format("{}: the loader does not look for it\n", library);
  return out;
}

}  // namespace tenon::loader
