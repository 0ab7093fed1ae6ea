#include "crossbuild/stubs/undefined_symbols.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "format/ar/ar.h"
#include "format/macho/macho.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

constexpr std::string_view archive_magic = "!<arch>\n";

struct State {
  bool defined = false;
  bool strong_use = false;
  std::size_t order = 0;
  std::string user;
};

std::string describe_foreign(ByteView bytes) {
  const std::string_view text = bytes.text();
  if (text.starts_with("\x7f"
                       "ELF"))
    return "an ELF file";
  if (text.starts_with("BC\xc0\xde")) return "LLVM bitcode";
  if (text.starts_with("/*") || text.starts_with("INPUT") || text.starts_with("GROUP")) {
    return "a linker script";
  }
  return "not a Mach-O file";
}

class Closer {
 public:
  Closer(std::uint32_t cpu, ClosureResult& result) : cpu_(cpu), result_(result) {}

  void want(const std::string& name) { use(name, false, "the link"); }

  void add(const LinkInput& input) {
    const auto bytes = slice_for_cpu(input);
    if (!bytes) return;
    if (bytes->text().starts_with(archive_magic)) {
      add_archive(input, *bytes);
    } else {
      add_object(*bytes, std::string(input.path), input.path);
    }
  }

  // Takes archive members until nothing open is defined by one of them.
  void settle() {
    bool more = true;
    while (more) {
      more = false;
      for (auto& archive : archives_) more = take_members(*archive) || more;
    }
  }

  void finish() {
    for (const auto& [name, state] : symbols_) {
      if (state.defined) continue;
      result_.closure.open.push_back({name, state.user, !state.strong_use});
    }
    std::ranges::sort(result_.closure.open, {},
                      [&](const OpenSymbol& symbol) { return symbols_.at(symbol.name).order; });
  }

 private:
  struct Archive {
    std::string_view path;
    ar::Archive archive;
    std::unordered_map<std::string_view, std::uint64_t> index;
    std::set<std::uint64_t> taken;
  };

  std::optional<ByteView> slice_for_cpu(const LinkInput& input) {
    if (!macho::is_universal(input.bytes)) return input.bytes;
    const auto slices = macho::slices(input.bytes);
    if (slices) {
      for (const macho::Slice& slice : *slices) {
        if (slice.cputype == cpu_) return slice.bytes;
      }
    }
    result_.problems.push_back(
        {std::string(input.path), slices ? "a universal file without a slice for the target"
                                         : std::string(slices.error().what)});
    return std::nullopt;
  }

  void add_archive(const LinkInput& input, ByteView bytes) {
    auto parsed = ar::Archive::parse(bytes);
    if (!parsed) {
      result_.problems.push_back({std::string(input.path), parsed.error().what});
      return;
    }
    auto archive = std::make_unique<Archive>(Archive{input.path, std::move(*parsed), {}, {}});
    if (input.whole_archive) {
      for (const ar::Member& member : archive->archive.members()) take(*archive, member);
      return;
    }
    if (!read_index(*archive)) index_by_reading(*archive);
    archives_.push_back(std::move(archive));
  }

  static bool read_index(Archive& archive) {
    auto index = archive.archive.index();
    if (!index || index->kind() == ar::IndexKind::none) return false;
    while (true) {
      const auto entry = index->next();
      if (!entry) return false;
      if (!*entry) return true;
      archive.index.emplace((*entry)->symbol, (*entry)->offset);
    }
  }

  // An archive without an index (or one made by an ar that cannot read Mach-O): ask each member.
  static void index_by_reading(Archive& archive) {
    archive.index.clear();
    for (const ar::Member& member : archive.archive.members()) {
      const auto object = macho::File::parse(member.data);
      if (!object) continue;
      (void)object->for_each_symbol([&](const macho::Symbol& symbol) {
        if (macho::is_external(symbol) && !macho::is_undefined(symbol)) {
          archive.index.emplace(symbol.name, member.offset);
        }
      });
    }
  }

  bool take_members(Archive& archive) {
    std::vector<std::uint64_t> wanted;
    // The shorter side is walked.
    if (open_.size() < archive.index.size()) {
      for (const std::string_view name : open_) {
        if (const auto at = archive.index.find(name); at != archive.index.end()) {
          wanted.push_back(at->second);
        }
      }
    } else {
      for (const auto& [name, offset] : archive.index) {
        if (open_.contains(name)) wanted.push_back(offset);
      }
    }
    std::ranges::sort(wanted);
    bool more = false;
    for (const std::uint64_t offset : wanted) {
      if (archive.taken.contains(offset)) continue;
      if (const ar::Member* member = archive.archive.member_at(offset)) {
        take(archive, *member);
        more = true;
      }
    }
    return more;
  }

  void take(Archive& archive, const ar::Member& member) {
    if (!archive.taken.insert(member.offset).second) return;
    if (member.data.empty()) return;
    add_object(member.data, fmt::format("{}({})", archive.path, member.name), archive.path);
  }

  void add_object(ByteView bytes, std::string user, std::string_view path) {
    const auto object = macho::File::parse(bytes);
    if (!object) {
      // One word for a library, not one for each of its members.
      const bool said = !result_.problems.empty() && result_.problems.back().path == path;
      if (!said) result_.problems.push_back({std::string(path), describe_foreign(bytes)});
      return;
    }
    if (object->header().cputype != cpu_) {
      result_.problems.push_back({std::move(user), "a Mach-O file for another architecture"});
      return;
    }
    note_version(*object, user);
    (void)object->for_each_symbol([&](const macho::Symbol& symbol) {
      if (!macho::is_external(symbol)) return;
      if (macho::is_undefined(symbol)) {
        use(symbol.name, macho::is_weak_ref(symbol), user);
      } else {
        define(symbol.name);
      }
    });
    if (const auto options = object->auto_link_options()) {
      for (const auto& option : *options) {
        result_.closure.auto_linked.insert(std::vector<std::string>(option.begin(), option.end()));
      }
    }
  }

  void note_version(const macho::File& object, const std::string& user) {
    const macho::BuildVersion* build = object.build();
    if (build == nullptr) return;
    const Version version{build->minos.major, build->minos.minor, build->minos.patch};
    if (user.ends_with("/go.o") || user == "go.o") result_.closure.go_min = version;
    if (version > result_.closure.newest_min) {
      result_.closure.newest_min = version;
      result_.closure.newest_min_user = user;
    }
  }

  void use(std::string_view name, bool weak, const std::string& user) {
    const auto [entry, added] = symbols_.try_emplace(name);
    State& state = entry->second;
    if (added) {
      state.order = symbols_.size();
      state.user = user;
      open_.insert(name);
    }
    if (!weak) state.strong_use = true;
  }

  void define(std::string_view name) {
    const auto [entry, added] = symbols_.try_emplace(name);
    if (added) entry->second.order = symbols_.size();
    if (!entry->second.defined) open_.erase(name);
    entry->second.defined = true;
  }

  std::uint32_t cpu_;
  ClosureResult& result_;
  std::unordered_map<std::string_view, State> symbols_;
  std::unordered_set<std::string_view> open_;
  std::vector<std::unique_ptr<Archive>> archives_;
};

}  // namespace

ClosureResult close_over(const std::vector<LinkInput>& inputs, std::uint32_t cpu,
                         const std::vector<std::string>& roots) {
  ClosureResult result;
  Closer closer(cpu, result);
  for (const std::string& root : roots) closer.want(root);
  for (const LinkInput& input : inputs) closer.add(input);
  closer.settle();
  closer.finish();
  return result;
}

}  // namespace tenon
